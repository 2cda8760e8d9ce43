/**
 * How long users pause, and what each gap between sessions would make of them: three plots over one axis, with the
 * chosen gap as a line through all of them that can be dragged, or moved with the arrow keys.
 */
import type { AuditReport } from '../../lib/types/index.js';
import { scaleLog } from 'd3-scale';
import { count, duration, percent, points, short } from '../format.js';
import { GAPS } from '../words/charts.js';
import { bottomAxis, leftAxis } from './axis.js';
import { Chart, type Table } from './chart.js';
import { upTo, type Scale } from './scale.js';
import { label, path, s, straight, type Point } from './svg.js';

export type Gaps = AuditReport['gaps'];

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Seconds that people think in: ticks of the axis. */
const TICKS = [1, 10, 60, 600, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY];
/** And the stops of the arrow keys. */
const STOPS = [
  1,
  5,
  10,
  30,
  60,
  120,
  300,
  600,
  900,
  1200,
  1800,
  2700,
  HOUR,
  5400,
  2 * HOUR,
  3 * HOUR,
  4 * HOUR,
  6 * HOUR,
  8 * HOUR,
  12 * HOUR,
  18 * HOUR,
  DAY,
  36 * HOUR,
  2 * DAY,
  3 * DAY,
  5 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
];
const LARGEST = STOPS.at(-1)!;

const LEFT = 52;
const RIGHT = 14;
const ROWS = { histogram: [24, 140], sessions: [184, 250], rates: [294, 384] } as const;
const HEIGHT = 428;

export class GapChart {
  readonly #chart: Chart<Gaps>;
  readonly #set: (hours: number) => void;
  readonly #handle: SVGGElement;
  readonly #stem = straight(0, ROWS.histogram[0], 0, ROWS.rates[1], 'gap-stem');
  readonly #flag = s('text', { class: 'chart-text gap-flag', y: 12 });
  readonly #x = scaleLog().domain([1, LARGEST]).clamp(true);
  #width = 0;
  #gaps: Gaps | null = null;
  #shades: SVGRectElement | null = null;
  /** Seconds: the plan's, or while it is dragged the pointer's. */
  #gap = DAY;
  #dragging = false;

  constructor(set: (hours: number) => void) {
    this.#set = set;
    this.#handle = s(
      'g',
      {
        class: 'gap-handle',
        role: 'slider',
        tabindex: 0,
        'aria-orientation': 'horizontal',
        'aria-valuemin': STOPS[0],
        'aria-valuemax': LARGEST,
      },
      s('rect', { x: -14, y: 0, width: 28, height: ROWS.rates[1], class: 'gap-reach' }),
      this.#stem,
      s('circle', { cx: 0, cy: ROWS.histogram[0], r: 7, class: 'gap-grip' }),
      this.#flag,
    );
    this.#chart = new Chart<Gaps>({
      title: GAPS.title,
      remark: GAPS.remark,
      name: 'gaps',
      draw: (gaps, width) => this.#draw(gaps, width),
      describe: (gaps) => GAPS.describe(total(gaps)),
      table: curveTable,
    });
    this.#listen();
  }

  get element(): HTMLElement {
    return this.#chart.element;
  }

  /** `name`: of what the line sets. */
  show(gaps: Gaps, name: string): void {
    this.#handle.setAttribute('aria-label', name);
    if (gaps === this.#gaps) return;
    this.#gaps = gaps;
    this.#chart.show(gaps);
  }

  setGap(hours: number): void {
    if (this.#dragging) return;
    this.#gap = hours * HOUR;
    this.#place();
  }

  setDisabled(disabled: boolean): void {
    this.#handle.setAttribute('aria-disabled', String(disabled));
  }

  // --- drawing ---------------------------------------------------------------------------------

  #draw(gaps: Gaps, width: number): SVGSVGElement {
    const root = this.#handle.getRootNode() as Document | ShadowRoot;
    const focused = root.activeElement === this.#handle;
    this.#width = width;
    this.#x.range([LEFT, width - RIGHT]);
    const [histogram, shades] = histogramRow(gaps, this.#x, width);
    this.#shades = shades;
    const svg = s(
      'svg',
      { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: 'group' },
      histogram,
      shades,
      sessionsRow(gaps, this.#x, width),
      ratesRow(gaps, this.#x, width),
      bottomAxis(ROWS.rates[1], LEFT, width - RIGHT, {
        scale: this.#x,
        ticks: TICKS,
        format: duration,
        title: GAPS.axis,
      }),
      this.#handle,
    );
    this.#place();
    // Once the chart has put it back.
    if (focused) queueMicrotask(() => this.#handle.focus({ preventScroll: true }));
    return svg;
  }

  /** Moves the line and says where it is; nothing else is drawn again. */
  #place(): void {
    const at = this.#x(this.#gap);
    this.#handle.setAttribute('transform', `translate(${Math.round(at)} 0)`);
    if (this.#shades) {
      this.#shades.setAttribute('x', String(Math.round(at)));
      this.#shades.setAttribute('width', String(Math.max(0, Math.round(this.#width - RIGHT - at))));
    }
    this.#flag.textContent = duration(this.#gap);
    const right = at > this.#width - 90;
    this.#flag.setAttribute('x', right ? '-12' : '12');
    this.#flag.setAttribute('text-anchor', right ? 'end' : 'start');
    this.#handle.setAttribute('aria-valuenow', String(Math.round(Math.min(LARGEST, this.#gap))));
    this.#handle.setAttribute(
      'aria-valuetext',
      this.#gaps ? `${duration(this.#gap, true)}. ${this.#effect(this.#gaps)}` : duration(this.#gap, true),
    );
    if (this.#gaps) this.#chart.setRemark(`${this.#effect(this.#gaps)} ${GAPS.drag}`);
  }

  /** Of the gap on the line, in a sentence: of the nearest gap that was tried. */
  #effect({ curve }: Gaps): string {
    const away = ({ gapHours }: Gaps['curve'][number]) => Math.abs(Math.log((gapHours * HOUR) / this.#gap));
    const [first, ...others] = curve;
    if (!first) return '';
    const tried = others.reduce((nearest, point) => (away(point) < away(nearest) ? point : nearest), first);
    const hours = tried.gapHours * HOUR;
    const is = Math.abs(hours / this.#gap - 1) < 0.001;
    const which = is ? GAPS.gap(duration(this.#gap, true)) : GAPS.nearest(duration(hours, true));
    return GAPS.effect(which, tried.sessions, percent(tried.treatmentRate), percent(tried.outcomeRate));
  }

  // --- moving ----------------------------------------------------------------------------------

  #listen(): void {
    const handle = this.#handle;
    handle.addEventListener('pointerdown', (event) => {
      if (this.#disabled || event.button !== 0) return;
      event.preventDefault();
      handle.focus({ preventScroll: true });
      handle.setPointerCapture(event.pointerId);
      this.#dragging = true;
    });
    handle.addEventListener('pointermove', (event) => {
      if (!this.#dragging) return;
      const left = handle.ownerSVGElement!.getBoundingClientRect().left;
      this.#gap = neat(this.#x.invert(event.clientX - left));
      this.#place();
    });
    const drop = (event: Event) => {
      if (!this.#dragging) return;
      this.#dragging = false;
      if (event.type === 'pointerup') this.#set(hoursOf(this.#gap));
    };
    for (const name of ['pointerup', 'pointercancel']) handle.addEventListener(name, drop);
    handle.addEventListener('keydown', (event) => {
      const next = this.#disabled ? undefined : moved(this.#gap, event.key);
      if (next === undefined) return;
      event.preventDefault();
      this.#gap = next;
      this.#place();
      this.#set(hoursOf(next));
    });
  }

  get #disabled(): boolean {
    return this.#handle.getAttribute('aria-disabled') === 'true';
  }
}

function moved(gap: number, key: string): number | undefined {
  const above = STOPS.findIndex((stop) => stop > gap);
  const below = STOPS.filter((stop) => stop < gap).length - 1;
  const at = (position: number) => STOPS[Math.min(STOPS.length - 1, Math.max(0, position))];
  const highest = STOPS.length - 1;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return at(above < 0 ? highest : above);
    case 'ArrowLeft':
    case 'ArrowDown':
      return at(below);
    case 'PageUp':
      return at(above < 0 ? highest : above + 3);
    case 'PageDown':
      return at(below - 3);
    case 'Home':
      return STOPS[0];
    case 'End':
      return LARGEST;
    default:
      return undefined;
  }
}

/** Onto a stop that is near, else a number of two digits of the unit that it is said in. */
function neat(seconds: number): number {
  const stop = STOPS.find((value) => Math.abs(Math.log(value / seconds)) < 0.06);
  if (stop !== undefined) return stop;
  const unit = [DAY, HOUR, 60, 1].find((value) => seconds >= value) ?? 1;
  const parts = seconds / unit >= 10 ? 1 : 2;
  return (Math.round((seconds / unit) * parts) / parts) * unit;
}

/** Nine digits of an hour are far below a microsecond of these gaps. */
function hoursOf(seconds: number): number {
  return Number((seconds / HOUR).toPrecision(9));
}

function total({ histogram }: Gaps): number {
  return histogram.gaps.reduce((sum, gaps) => sum + gaps, histogram.underASecond + histogram.zero + histogram.over30Days);
}

function histogramRow({ histogram }: Gaps, x: Scale, width: number): [SVGGElement, SVGRectElement] {
  const [top, bottom] = ROWS.histogram;
  const { edgesSeconds: edges, gaps } = histogram;
  const y = upTo(Math.max(...gaps), [bottom, top + 10]);
  const bars = gaps.map((found, i) => {
    const [from, to] = [x(edges[i]!), x(Math.min(LARGEST, edges[i + 1]!))];
    return (
      found > 0 &&
      s(
        'rect',
        { x: from, y: y(found), width: Math.max(0.5, to - from - 1), height: bottom - y(found), class: 'gap-bar' },
        s('title', {}, GAPS.bin(duration(edges[i]!), duration(edges[i + 1]!), count(found))),
      )
    );
  });
  const outside = [
    histogram.zero + histogram.underASecond > 0 && GAPS.under(count(histogram.zero + histogram.underASecond)),
    histogram.over30Days > 0 && GAPS.over(count(histogram.over30Days)),
  ].filter((text) => text !== false);
  return [
    s(
      'g',
      {},
      leftAxis(LEFT, width - RIGHT, { scale: y, format: short, title: GAPS.pauses }),
      bars,
      straight(LEFT, bottom, width - RIGHT, bottom, 'chart-axis'),
      outside.length > 0 && label(LEFT, bottom + 16, GAPS.notShown(outside), 'start', 'is-quiet'),
    ),
    s('rect', { y: ROWS.histogram[0], height: ROWS.rates[1] - ROWS.histogram[0], class: 'gap-beyond' }),
  ];
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
