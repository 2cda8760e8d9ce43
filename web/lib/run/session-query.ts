/** Which rows can be listed: checked before the engine is asked, so that a slip of the pen is told and lists no others. */
import { EventDataError, type ListedFinding, type PartName, type SessionQuery, type SessionSort } from '../types/index.js';
import { planText } from './json.js';
import * as WORDS from '../words.js';

const PART_NAMES: readonly PartName[] = ['train', 'validation', 'test'];

/** The columns of the list. */
const SORTS: Readonly<Record<SessionSort, true>> = {
  session: true,
  part: true,
  treatment: true,
  outcome: true,
  length: true,
  time: true,
};

/** The findings that are about rows, or that can be seen in some. */
const FINDINGS: Readonly<Record<ListedFinding, true>> = {
  outcomeInX: true,
  treatmentInX: true,
  paddingInOneArm: true,
  paddingTellsTreatment: true,
  outcomeBeforeTreatment: true,
  immortalTime: true,
  lengthTellsTreatment: true,
  spanTellsTreatment: true,
  lastEventTellsTreatment: true,
  armDecidedInWindow: true,
  tiesChangeSessions: true,
  tiesDecidedByRule: true,
  duplicates: true,
  censoredRows: true,
  coarseClock: true,
};

/** Whether rows can be listed by a finding's code. */
export function isListed(code: string): code is ListedFinding {
  return Object.hasOwn(FINDINGS, code);
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isBit = (value: unknown) => value === 0 || value === 1;

const ALLOWED: Readonly<Record<keyof SessionQuery, (value: unknown) => boolean>> = {
  part: (value) => PART_NAMES.includes(value as PartName),
  treatment: isBit,
  outcome: isBit,
  text: (value) => typeof value === 'string' && !/\p{Surrogate}/u.test(value),
  finding: (value) => isListed(String(value)),
  sort: (value) => Object.hasOwn(SORTS, String(value)),
  descending: (value) => typeof value === 'boolean',
  offset: isCount,
  limit: isCount,
};

/** `keepsEvents`: of the dataset that is asked. */
export function checkedQuery(query: SessionQuery, keepsEvents: boolean): SessionQuery {
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || ALLOWED[key as keyof SessionQuery]?.(value)) continue;
    const text = planText({ value }).slice('{"value":'.length, -1);
    throw new EventDataError('badCall', WORDS.sessionQuery(key, text, Object.keys(FINDINGS), Object.keys(SORTS)));
  }
  if (query.finding !== undefined && !keepsEvents) {
    throw new EventDataError('badCall', WORDS.keepsNoEvents('look for a finding in'));
  }
  return query;
}
