/**
 * How long users pause, and what each gap between sessions would make of them: three plots over one axis, with the
 * chosen gap as a line through all of them.
 */
import type { AuditReport } from '../../lib/types/index.js';
import { count, duration, percent, points, short } from '../format.js';
import { DURATIONS, GAPS } from '../words/charts.js';
import { bottomAxis, leftAxis } from './axis.js';
import { Chart, type Table } from './chart.js';
import { DurationHandle, inUnits, LEFT, RIGHT, TICKS } from './duration-handle.js';
import { durationHistogram } from './duration-histogram.js';
import { upTo, type Scale } from './scale.js';
import { label, path, s, straight, type Point } from './svg.js';

export type Gaps = AuditReport['gaps'];

const HOUR = 3600;
const ROWS = { histogram: [24, 140], sessions: [184, 250], rates: [294, 384] } as const;
const HEIGHT = 428;

export class GapChart {
  readonly #chart: Chart<Gaps>;
  readonly #handle: DurationHandle;
  #gaps: Gaps | null = null;

  constructor(set: (hours: number) => void) {
    this.#handle = new DurationHandle({
      top: ROWS.histogram[0],
      bottom: ROWS.rates[1],
      effect: (seconds) => (this.#gaps ? effectOf(seconds, this.#gaps) : ''),
      moved: () => this.#gaps && this.#chart.setRemark(`${effectOf(this.#handle.seconds, this.#gaps)} ${DURATIONS.drag}`),
      set: (seconds) => set(inUnits(seconds, HOUR)),
    });
    this.#chart = new Chart<Gaps>({
      title: GAPS.title,
      remark: GAPS.remark,
      name: 'gaps',
      draw: (gaps, width) => this.#draw(gaps, width),
      describe: (gaps) => GAPS.describe(total(gaps)),
      table: curveTable,
    });
  }

  get element(): HTMLElement {
    return this.#chart.element;
  }

  /** `name`: of what the line sets. */
  show(gaps: Gaps, name: string): void {
    this.#handle.setName(name);
    if (gaps === this.#gaps) return;
    this.#gaps = gaps;
    this.#chart.show(gaps);
  }

  setGap(hours: number): void {
    this.#handle.setSeconds(hours * HOUR);
  }

  setDisabled(disabled: boolean): void {
    this.#handle.setDisabled(disabled);
  }

  #draw(gaps: Gaps, width: number): SVGSVGElement {
    this.#handle.redraw(width);
    const { x } = this.#handle;
    return s(
      'svg',
      { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: 'group' },
      histogramRow(gaps, x, width),
      this.#handle.beyond,
      sessionsRow(gaps, x, width),
      ratesRow(gaps, x, width),
      bottomAxis(ROWS.rates[1], LEFT, width - RIGHT, { scale: x, ticks: TICKS, format: duration, title: GAPS.axis }),
      this.#handle.element,
    );
  }
}

/** What a gap makes, in a sentence: of the nearest gap that was tried. */
function effectOf(seconds: number, { curve }: Gaps): string {
  const away = ({ gapHours }: Gaps['curve'][number]) => Math.abs(Math.log((gapHours * HOUR) / seconds));
  const [first, ...others] = curve;
  if (!first) return '';
  const tried = others.reduce((nearest, point) => (away(point) < away(nearest) ? point : nearest), first);
  const hours = tried.gapHours * HOUR;
  const is = Math.abs(hours / seconds - 1) < 0.001;
  const which = is ? GAPS.gap(duration(seconds, true)) : GAPS.nearest(duration(hours, true));
  return GAPS.effect(which, tried.sessions, percent(tried.treatmentRate), percent(tried.outcomeRate));
}

function total({ histogram }: Gaps): number {
  return histogram.gaps.reduce((sum, gaps) => sum + gaps, histogram.underASecond + histogram.zero + histogram.over30Days);
}

function histogramRow({ histogram }: Gaps, x: Scale, width: number): SVGGElement {
  const { edgesSeconds: edges, gaps: counts, zero, underASecond, over30Days: longer } = histogram;
  return durationHistogram(
    { edges, counts, underASecond: zero + underASecond, longer, what: GAPS.pauses },
    x,
    ROWS.histogram,
    width,
  );
}

function sessionsRow({ curve }: Gaps, x: Scale, width: number): SVGGElement {
  const [top, bottom] = ROWS.sessions;
  const y = upTo(Math.max(0, ...curve.map(({ sessions }) => sessions)), [bottom, top], 2);
  const points = curve.map(({ gapHours, sessions }): Point => [x(gapHours * HOUR), y(sessions)]);
  const ends: Point[] =
    points.length > 0
      ? [
          [points.at(-1)![0], bottom],
          [points[0]![0], bottom],
        ]
      : [];
  return s(
    'g',
    {},
    leftAxis(LEFT, width - RIGHT, { scale: y, ticks: 2, format: short, title: GAPS.sessions }),
    s('path', { d: path([...points, ...ends]), class: 'chart-area' }),
    s('path', { d: path(points), class: 'chart-line' }),
    straight(LEFT, bottom, width - RIGHT, bottom, 'chart-axis'),
  );
}

function ratesRow({ curve }: Gaps, x: Scale, width: number): SVGGElement {
  const [top, bottom] = ROWS.rates;
  const most = Math.max(0, ...curve.flatMap(({ treatmentRate, outcomeRate }) => [treatmentRate ?? 0, outcomeRate ?? 0]));
  const y = upTo(most, [bottom, top], 2);
  const drawn = (rate: (point: Gaps['curve'][number]) => number | null, kind: string) => {
    const points = curve.map((point): Point | null =>
      rate(point) === null ? null : [x(point.gapHours * HOUR), y(rate(point)!)],
    );
    return s('path', { d: path(points), class: `chart-line ${kind}` });
  };
  const name = (text: string, rate: number | null | undefined, kind: string) =>
    rate !== null && rate !== undefined && label(x(curve.at(-1)!.gapHours * HOUR) + 6, y(rate) + 4, text, 'start', kind);
  const last = curve.at(-1);
  return s(
    'g',
    {},
    leftAxis(LEFT, width - RIGHT, {
      scale: y,
      ticks: 2,
      format: (value) => percent(value, value > 0 && value < 0.01 ? 1 : 0),
      title: GAPS.share,
    }),
    drawn(({ treatmentRate }) => treatmentRate, 'is-treatment'),
    drawn(({ outcomeRate }) => outcomeRate, 'is-outcome'),
    name('T', last?.treatmentRate, 'is-treatment'),
    name('Y', last?.outcomeRate, 'is-outcome'),
  );
}

function curveTable({ curve }: Gaps): Table {
  return {
    head: GAPS.head,
    rows: curve.map((point) => [
      duration(point.gapHours * HOUR, true),
      count(point.created),
      count(point.sessions),
      percent(point.treatmentRate),
      percent(point.outcomeRate),
      points(point.naiveDifference),
    ]),
  };
}
