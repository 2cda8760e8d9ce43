/**
 * What the plan makes of a session: a treated and an untreated one as lines of events, with what goes into X, T and Y, and
 * the plan's own numbers. It is a drawing of rules, so distances are not to scale.
 */
import type { Plan } from '../../lib/types/index.js';
import { duration } from '../format.js';
import { DESIGN, NOTES } from '../words/charts.js';
import { label, s, straight, widthOf, wrapped } from './svg.js';

export interface Design {
  kind: Plan['index']['kind'];
  treatment: string;
  outcome: string;
  exposure: string;
  minutes: number;
  windowMinutes: number;
  horizonHours: number;
  windowEnds: 'window' | 'nextExposure';
  gracePeriod: 'exclude' | 'align' | 'keep';
  washoutHours: number;
  controls: number;
  maxEvents: number;
  keep: 'first' | 'last';
  from: 'timeZero' | 'windowEnd';
  prior: 'count' | 'ignore' | 'exclude';
  sameItem: boolean;
}

type Mark = readonly [at: number, kind: 'event' | 'treatment' | 'outcome' | 'exposure'];

/** One line of the drawing; positions from 0 to 1. */
interface Line {
  name: string;
  events: readonly Mark[];
  x: readonly [number, number];
  t0: number | null;
  window: readonly [number, number] | null;
  followUp: readonly [number, number];
  result: string;
}

/** Of a wide drawing; a narrow one has the names of the rows above them. */
const ROW = 116;
const TOP = 30;
const NAME = 20;

export function drawDesign(design: Design, width: number): SVGSVGElement {
  const narrow = width < 520;
  const left = narrow ? 0 : 84;
  const at = (share: number) => left + 8 + share * (width - left - 16);
  const lines = linesOf(design);
  const notes = notesOf(design).flatMap((text) =>
    wrapped(text, Math.floor((width - 4) / 6.4)).map((line, i) => [line, i === 0] as const),
  );
  const tall = ROW + (narrow ? NAME : 0);
  const notesTop = TOP + lines.length * tall + 4;
  const height = notesTop + notes.length * 19;
  return s(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}` },
    lines.map((line, i) => row(line, design, TOP + i * tall + (narrow ? NAME : 0), at, narrow)),
    notes.map(([line], i) => label(0, notesTop + 12 + i * 19, line, 'start', 'is-quiet')),
  );
}

/** Time zero is later than the exposure that it belongs to. */
function aligns({ kind, gracePeriod }: Design): boolean {
  return kind === 'exposure' && gracePeriod === 'align';
}

function linesOf(design: Design): Line[] {
  const before: readonly Mark[] = [
    [0.02, 'event'],
    [0.1, 'exposure'],
    [0.18, 'event'],
  ];
  if (design.kind === 'session') {
    const outcomeInX = [0.86, 'outcome'] as const;
    return [
      {
        name: DESIGN.treated,
        events: [...before, [0.3, 'exposure'], [0.44, 'treatment'], [0.6, 'event'], outcomeInX],
        x: [0, 0.4],
        t0: null,
        window: null,
        followUp: [0, 1],
        result: 'T = 1, Y = 1',
      },
      {
        name: DESIGN.untreated,
        events: [...before, [0.3, 'exposure'], [0.52, 'event'], [0.68, 'event'], outcomeInX],
        x: [0, 1],
        t0: null,
        window: null,
        followUp: [0, 1],
        result: 'T = 0, Y = 1',
      },
    ];
  }
  const { kind } = design;
  const late = kind === 'matched' || aligns(design);
  const t0 = kind === 'landmark' || late ? 0.34 : 0.3;
  const zero: readonly Mark[] = kind === 'landmark' ? [[0.27, 'event']] : [[late ? 0.24 : t0, 'exposure']];
  const xEnd = kind === 'matched' ? 0.24 : t0; // X ends at the last exposure in both arms
  const next = design.windowEnds === 'nextExposure' ? 0.47 : 0.6; // an exposure, inside the window where it ends there
  const windowEnd = (end: number) => (kind === 'matched' ? null : ([t0, end] as const));
  const followUp = [design.from === 'windowEnd' && kind !== 'matched' ? 0.52 : t0, 0.97] as const;
  const treatedAt = late ? t0 + 0.03 : 0.42;
  return [
    {
      name: DESIGN.treated,
      events: [...before, ...zero, [treatedAt, 'treatment'], [0.62, 'event'], [0.8, 'outcome']],
      x: [0, xEnd],
      t0,
      window: windowEnd(0.52),
      followUp,
      result: 'T = 1, Y = 1',
    },
    {
      name: DESIGN.untreated,
      events: [...before, ...zero, [next, 'exposure'], [0.74, 'event']],
      x: [0, xEnd],
      t0,
      window: windowEnd(Math.min(next, 0.52)),
      followUp,
      result: 'T = 0, Y = 0',
    },
  ];
}

function row(line: Line, design: Design, y: number, at: (share: number) => number, narrow: boolean): SVGGElement {
  const axis = y + 26;
  const bracket = (range: readonly [number, number], below: number, text: string, kind: string) => {
    const [from, to] = [at(range[0]), at(range[1])];
    const shown = widthOf(text) > to - from + 8 ? text.split(',')[0]! : text;
    return s(
      'g',
      {},
      s('path', { d: `M${from} ${below - 4}v4H${to}v-4`, class: `design-bracket ${kind}` }),
      label((from + to) / 2, below + 14, shown, 'middle', kind),
    );
  };
  return s(
    'g',
    {},
    narrow
      ? label(0, y - NAME - 10, `${line.name}: ${line.result}`, 'start', 'is-strong')
      : [label(0, axis, line.name, 'start', 'is-strong'), label(0, axis + 17, line.result, 'start', 'is-quiet')],
    s('rect', {
      x: at(line.x[0]) - 6,
      y: axis - 13,
      width: at(line.x[1]) - at(line.x[0]) + 12,
      height: 26,
      rx: 6,
      class: 'design-x',
    }),
    line.window &&
      s('rect', {
        x: at(line.window[0]),
        y: axis - 13,
        width: at(line.window[1]) - at(line.window[0]),
        height: 26,
        class: 'design-window',
      }),
    straight(at(0) - 6, axis, at(1) + 6, axis, 'chart-axis'),
    line.t0 !== null && [
      straight(at(line.t0), axis - 22, at(line.t0), axis + 18, 'design-zero'),
      label(at(line.t0), axis - 26, DESIGN.timeZero, 'middle', 'is-strong'),
    ],
    line.events.map(([share, kind]) => mark(at(share), axis, kind)),
    bracket(line.x, axis + 22, 'X', 'is-control'),
    line.window &&
      bracket(line.window, axis + 22, narrow || aligns(design) ? 'T' : DESIGN.window(design.windowMinutes), 'is-treatment'),
    bracket(
      line.followUp,
      axis + 44,
      line.t0 === null ? DESIGN.wholeSession : DESIGN.followUp(design.horizonHours),
      'is-outcome',
    ),
  );
}

export function mark(x: number, y: number, kind: Mark[1], radius = 5): SVGElement {
  if (kind === 'exposure')
    return s('rect', {
      x: x - radius + 0.5,
      y: y - radius + 0.5,
      width: 2 * radius - 1,
      height: 2 * radius - 1,
      class: 'event-mark is-exposure',
    });
  return s('circle', { cx: x, cy: y, r: kind === 'event' ? radius - 1 : radius + 1, class: `event-mark is-${kind}` });
}

/** The rules in sentences; the drawing's text alternative too. */
export function notesOf(design: Design): string[] {
  const { kind, treatment, outcome, exposure, washoutHours } = design;
  const cut = NOTES.cut(design.keep, design.maxEvents);
  const window = duration(design.windowMinutes * 60, true);
  const horizon = duration(design.horizonHours * 3600, true);
  if (kind === 'session')
    return [NOTES.sessionX(treatment, cut), NOTES.sessionTy(treatment, outcome, design.prior), NOTES.noStart];
  const zero = {
    exposure: aligns(design) ? NOTES.aligned(treatment, outcome, exposure) : NOTES.exposure(treatment, outcome, exposure),
    landmark: NOTES.landmark(duration(design.minutes * 60, true)),
    matched: NOTES.matched(treatment, exposure, design.controls),
  }[kind];
  const next = design.windowEnds === 'nextExposure' ? NOTES.beforeNext(exposure) : '';
  const late = design.from === 'windowEnd' && kind !== 'matched';
  const sameItem = design.sameItem && kind === 'exposure';
  return [
    zero,
    ...(washoutHours === 0 ? [] : [NOTES.washout(treatment, duration(washoutHours * 3600, true))]),
    NOTES.x(kind === 'matched' ? NOTES.lastExposure(exposure) : DESIGN.timeZero, cut),
    kind === 'matched'
      ? NOTES.matchedT(treatment)
      : NOTES.t(treatment, sameItem, window, aligns(design) ? NOTES.ofExposure(exposure) : '', next),
    NOTES.y(outcome, horizon, late),
  ];
}
