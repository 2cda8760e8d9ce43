/**
 * How long it takes from where a window or a follow-up begins to the event that it waits for: a histogram over time, with the
 * setting as a line where the plan has it.
 */
import type { Waits } from '../../lib/types/index.js';
import { count, duration, percent } from '../format.js';
import { DELAYS, DURATIONS } from '../words/charts.js';
import { bottomAxis } from './axis.js';
import { Chart, type Table } from './chart.js';
import { DurationHandle, LEFT, RIGHT, TICKS } from './duration-handle.js';
import { durationHistogram } from './duration-histogram.js';
import { label, s, straight } from './svg.js';

const ROW = [24, 150] as const;
const BOTTOM = ROW[1] + 22;
const HEIGHT = BOTTOM + 42;
/** The share of delays whose time is marked and told. */
const MOST = '95';

export class DelayChart {
  readonly #chart: Chart<Waits>;
  readonly #handle: DurationHandle;
  readonly #of: keyof typeof DELAYS.limit;
  #waits: Waits | null = null;

  /** `set`: takes the seconds that somebody has chosen. */
  constructor(of: keyof typeof DELAYS.limit, set: (seconds: number) => void) {
    this.#of = of;
    this.#handle = new DurationHandle({
      top: ROW[0],
      bottom: ROW[1],
      effect: (seconds) => (this.#waits ? effectOf(seconds, this.#waits, of) : ''),
      moved: () => this.#waits && this.#chart.setRemark(this.#remark(this.#waits)),
      set,
    });
    this.#chart = new Chart<Waits>({
      title: DELAYS.title[of],
      remark: '',
      name: `delays-${of}`,
      draw: (waits, width) => this.#draw(waits, width),
      describe: ({ followed, from }) => DELAYS.describe(followed, DELAYS.of[of], from),
      table: percentTable,
    });
  }

  get element(): HTMLElement {
    return this.#chart.element;
  }

  /** `seconds`: what the setting is, which `name` is of. */
  show(waits: Waits, name: string, seconds: number | null): void {
    this.#handle.setName(name);
    const changed = waits !== this.#waits;
    this.#waits = waits;
    if (changed) this.#chart.show(waits);
    if (seconds !== null && seconds > 0) this.#handle.setSeconds(seconds);
    else if (changed) this.#chart.setRemark(this.#remark(waits));
  }

  setDisabled(disabled: boolean): void {
    this.#handle.setDisabled(disabled);
  }

  #remark(waits: Waits): string {
    const { followed, starts, from, type, limitSeconds } = waits;
    const most = waits.secondsByPercent[MOST];
    return [
      most === null
        ? DELAYS.never(type, from)
        : DELAYS.most(`${MOST}%`, type, from, duration(Number(most.toPrecision(3)))) +
          DELAYS.starts(count(followed), count(starts), from),
      limitSeconds === null ? DELAYS.without[this.#of] : effectOf(this.#handle.seconds, waits, this.#of),
      limitSeconds !== null && DURATIONS.drag,
    ]
      .filter((text) => text !== false && text !== '')
      .join(' ');
  }

  #draw(waits: Waits, width: number): SVGSVGElement {
    this.#handle.redraw(width);
    const { x, beyond, element } = this.#handle;
    const { edgesSeconds: edges, delays: counts, zero, underASecond } = waits.histogram;
    const most = waits.secondsByPercent[MOST];
    const moves = waits.limitSeconds !== null;
    return s(
      'svg',
      { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: moves ? 'group' : null },
      durationHistogram(
        { edges, counts, underASecond: zero + underASecond, longer: 0, what: DELAYS.counted[this.#of] },
        x,
        ROW,
        width,
      ),
      most !== null && [
        straight(x(most), ROW[0] + 10, x(most), ROW[1], 'chart-limit'),
        label(x(most) - 4, ROW[0] + 20, `${MOST}%`, 'end', 'is-limit'),
      ],
      moves && beyond,
      bottomAxis(BOTTOM, LEFT, width - RIGHT, { scale: x, ticks: TICKS, format: duration, title: DELAYS.axis(waits.from) }),
      moves && element,
    );
  }
}

function effectOf(seconds: number, waits: Waits, of: keyof typeof DELAYS.limit): string {
  if (waits.followed === 0) return '';
  const { share, exact } = shareWithin(seconds, waits);
  return DELAYS.effect(DELAYS.limit[of], duration(seconds, true), percent(share), exact);
}

/** Of those that follow, how many do so in time; exact where the run has counted them, else from the histogram. */
function shareWithin(seconds: number, waits: Waits): { share: number; exact: boolean } {
  const { followed, limitSeconds, beyondLimit, histogram } = waits;
  if (limitSeconds !== null && beyondLimit !== null && Math.abs(seconds / limitSeconds - 1) < 1e-6)
    return { share: 1 - beyondLimit / followed, exact: true };
  const { edgesSeconds: edges, delays, zero, underASecond } = histogram;
  const within = delays.reduce(
    (sum, delays, i) => {
      const [from, to] = [edges[i]!, edges[i + 1]!];
      const part = Math.log(seconds / from) / Math.log(to / from);
      return sum + delays * Math.min(1, Math.max(0, part));
    },
    zero + underASecond * Math.min(1, seconds),
  );
  return { share: within / followed, exact: false };
}

function percentTable({ secondsByPercent }: Waits): Table {
  return {
    head: DELAYS.head,
    rows: Object.entries(secondsByPercent).flatMap(([percents, seconds]) =>
      seconds === null ? [] : [[`${percents}%`, duration(Number(seconds.toPrecision(3)), true)]],
    ),
  };
}
