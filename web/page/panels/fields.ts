/**
 * The settings in the groups that the panels show: which keys of the plan, in which order, and when. What a field takes and
 * says comes from the engine (planKeys), but for the few words that a field here needs otherwise, each with its reason.
 */
import type { RuleTraits } from '../../lib/types/index.js';
import type { Path, Value } from '../model/plan.js';
import type { PlanKeys, Problem } from '../state.js';
import { FIELDS, GROUPS as TITLES } from '../words/settings.js';

/** The value of a key in the plan as it is being edited. */
export type Current = (path: Path) => Value | undefined;

/** Values that a select offers, as texts, and what it says of each. */
export type Choices = readonly (readonly [value: string, label: string])[];

export interface FieldSpec {
  path: Path;
  /** In place of the engine's. */
  words?: { label?: string; help?: string; choices?: Choices };
  meaning?: 'treatment' | 'outcome';
  wide?: boolean;
  /** Where the plan has a use for it; always, if absent. */
  when?: (at: Current, rule: RuleTraits) => boolean;
}

export interface GroupSpec {
  title: string;
  fields: readonly FieldSpec[];
}

type When = (at: Current, rule: RuleTraits) => boolean;

const timed: When = (_at, rule) => rule.timeZero;
const windowed: When = (_at, rule) => rule.window;
const nextExposureEnds = (at: Current) => at('index.windowEnds') === 'nextExposure';
const aligns: When = (at, rule) => rule.exposure && nextExposureEnds(at) && at('outcome.from') === 'timeZero';
const matched: When = (_at, rule) => rule.controls;
/** Where exposures are times zero, are counted, or end a window. */
const exposed: When = (at, rule) => rule.exposure || rule.controls || (rule.window && nextExposureEnds(at));
const namesColumns = (at: Current) => {
  const columns = at('covariates.columns');
  return Array.isArray(columns) && columns.length > 0;
};
const byTime = (at: Current) => at('split.kind') === 'time';
const byShares = (at: Current) => at('split.kind') === 'shuffle' || at('split.kind') === 'hash' || byTime(at);

export const READING: GroupSpec = {
  title: TITLES.reading,
  fields: [
    { path: 'preset' },
    { path: 'input.rows' },
    { path: 'events.types', wide: true },
    { path: 'events.unknown' },
    { path: 'rows.bad' },
    { path: 'time.zone' },
    { path: 'time.unit' },
    { path: 'time.format', wide: true },
    { path: 'columns.knownAt', when: timed },
    { path: 'events.duplicates' },
    { path: 'time.ties' },
    // The engine takes any character; these are the ones that files have, as with the comment below.
    {
      path: 'input.quote',
      words: {
        choices: [
          ['"', FIELDS.quotes.double],
          ["'", FIELDS.quotes.single],
          ['null', FIELDS.quotes.none],
        ],
      },
    },
    {
      path: 'input.escape',
      words: {
        choices: [
          ['null', FIELDS.escape.none],
          ['\\', FIELDS.escape.backslash],
        ],
      },
    },
    {
      path: 'input.comment',
      words: {
        choices: [
          ['null', FIELDS.comment.none],
          ['#', FIELDS.comment.hash],
          ['%', FIELDS.comment.percent],
        ],
      },
    },
    { path: 'input.skipLines' },
    { path: 'input.encoding' },
    { path: 'input.trim' },
    { path: 'input.nulls', wide: true },
    { path: 'input.files', wide: true },
  ],
};

export const SESSIONS: GroupSpec = {
  title: TITLES.sessions,
  fields: [
    { path: 'session.gapHours' },
    { path: 'session.minEvents' },
    { path: 'session.minEventsOf' },
    { path: 'session.maxHours' },
  ],
};

export const DESIGN: GroupSpec = {
  title: TITLES.design,
  fields: [
    { path: 'profile' },
    { path: 'index.kind' },
    { path: 'treatment.type', meaning: 'treatment' },
    { path: 'treatment.propensity', when: (_at, rule) => rule.timeZero && !rule.controls },
    { path: 'treatment.group', when: windowed },
    { path: 'treatment.groupValues', when: (at, rule) => rule.window && Boolean(at('treatment.group')) },
    { path: 'treatment.otherTypes', wide: true, when: windowed },
    { path: 'treatment.comparator', when: aligns },
    { path: 'outcome.type', meaning: 'outcome' },
    { path: 'index.type', when: exposed },
    { path: 'index.minutes', when: (_at, rule) => rule.window && !rule.exposure },
    { path: 'index.windowMinutes', when: windowed },
    { path: 'index.windowEnds', when: windowed },
    { path: 'index.gracePeriod', when: aligns },
    { path: 'index.horizonHours', when: timed },
    { path: 'index.washoutHours', when: timed },
    {
      path: 'index.sameItem',
      // The engine has a flag, which its label says in full; between two answers here, the label is the start of both.
      words: {
        label: FIELDS.sameItem.label,
        choices: [
          ['false', FIELDS.sameItem.any],
          ['true', FIELDS.sameItem.same],
        ],
      },
      when: (_at, rule) => rule.exposure,
    },
    { path: 'index.controls', when: matched },
    { path: 'index.seed', when: (at, rule) => rule.controls || (aligns(at, rule) && at('index.gracePeriod') === 'align') },
    { path: 'outcome.from', when: windowed },
    { path: 'outcome.scope', when: timed },
    { path: 'outcome.prior' },
    { path: 'outcome.censored', when: timed },
    { path: 'outcome.value', when: timed },
    { path: 'outcome.valueCap', when: (at, rule) => rule.timeZero && Boolean(at('outcome.value')) },
    { path: 'data.end', when: timed },
    { path: 'covariates.columns', wide: true, when: timed },
    { path: 'covariates.minCount', when: (at, rule) => rule.timeZero && namesColumns(at) },
    { path: 'estimate.negativeControls', wide: true, when: timed },
  ],
};

export const SEQUENCES: GroupSpec = {
  title: TITLES.sequences,
  fields: [
    { path: 'sequence.maxEvents' },
    { path: 'sequence.keep' },
    { path: 'sequence.minEvents' },
    // The engine takes any known event type; these are what the notebook made up, and none.
    {
      path: 'sequence.padding',
      words: {
        choices: [
          ['auction', FIELDS.padding.auction],
          ['null', FIELDS.padding.none],
        ],
      },
    },
    { path: 'sequence.channels', wide: true },
    { path: 'vocabulary.fitOn' },
    { path: 'vocabulary.minCount' },
  ],
};

export const SPLIT: GroupSpec = {
  title: TITLES.split,
  fields: [
    { path: 'split.kind' },
    { path: 'split.train', when: byShares },
    { path: 'split.validation', when: byShares },
    { path: 'split.test', when: byShares },
    { path: 'split.seed', when: (at) => !byTime(at) },
    { path: 'split.folds' },
    { path: 'split.validationFrom', when: byTime },
    { path: 'split.testFrom', when: byTime },
  ],
};

/** Sections of the plan whose keys stand elsewhere: under Data and under Files. */
const ELSEWHERE = ['columns', 'output'];
const GROUPS = [READING, SESSIONS, DESIGN, SEQUENCES, SPLIT];
const SHOWN = new Map(GROUPS.flatMap(({ fields }) => fields.map((spec) => [spec.path, spec])));

/** What the field of a key is called; null where the page has none. */
export function labelOf(path: Path, keys: PlanKeys): string | null {
  if (!SHOWN.has(path) && !path.startsWith('columns.')) return null;
  return SHOWN.get(path)?.words?.label ?? keys.get(path)?.label ?? null;
}

/** What the engine says against the plan where no field is there to say it. */
export function unplaced(problem: Problem | null): string | null {
  if (problem === null) return null;
  const [section = '', key] = (problem.column ?? '').split('.');
  const placed = SHOWN.has(problem.column ?? '') || ELSEWHERE.includes(section) || (key === undefined && section === 'split');
  return placed ? null : problem.message;
}
