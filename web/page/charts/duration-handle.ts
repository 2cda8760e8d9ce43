/**
 * A line across a plot whose axis is a duration, by logarithm: it stands for a setting, and is dragged, or moved with the arrow
 * keys. The setting is changed when it is let go; what it would be is said all the while.
 */
import { scaleLog } from 'd3-scale';
import { duration } from '../format.js';
import { s, straight } from './svg.js';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Seconds that people think in: ticks of the axis, whose powers of ten would say little. */
export const TICKS = [1, 10, 60, 600, HOUR, 6 * HOUR, DAY, 7 * DAY, 30 * DAY];
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
export const LARGEST = STOPS.at(-1)!;

/** Where the plots of these charts are, from both sides. */
export const LEFT = 52;
export const RIGHT = 14;

interface HandleOptions {
  /** Pixels from the top of the drawing. */
  top: number;
  bottom: number;
  /** What so many seconds make of the result, in a sentence; empty where that is not known. */
  effect(seconds: number): string;
  /** It is at so many seconds, by whomever. */
  moved(): void;
  /** Somebody has moved it there. */
  set(seconds: number): void;
}

export class DurationHandle {
  /** From seconds to pixels. */
  readonly x = scaleLog().domain([STOPS[0]!, LARGEST]).clamp(true);
  /** The line, with its control. */
  readonly element: SVGGElement;
  /** Shades what is longer. */
  readonly beyond: SVGRectElement;
  readonly #options: HandleOptions;
  readonly #flag = s('text', { class: 'chart-text handle-flag', y: 12 });
  #width = 0;
  /** The plan's, or while it is dragged the pointer's. */
  #seconds = DAY;
  #dragging = false;

  constructor(options: HandleOptions) {
    const { top, bottom } = options;
    this.#options = options;
    this.element = s(
      'g',
      {
        class: 'handle',
        role: 'slider',
        tabindex: 0,
        'aria-orientation': 'horizontal',
        'aria-valuemin': STOPS[0],
        'aria-valuemax': LARGEST,
      },
      s('rect', { x: -14, y: 0, width: 28, height: bottom, class: 'handle-reach' }),
      straight(0, top, 0, bottom, 'handle-stem'),
      s('circle', { cx: 0, cy: top, r: 7, class: 'handle-grip' }),
      this.#flag,
    );
    this.beyond = s('rect', { y: top, height: bottom - top, class: 'handle-beyond' });
    this.#listen();
  }

  get seconds(): number {
    return this.#seconds;
  }

  setSeconds(seconds: number): void {
    if (this.#dragging) return;
    this.#seconds = seconds;
    this.place();
  }

  /** `name`: of the setting. */
  setName(name: string): void {
    this.element.setAttribute('aria-label', name);
  }

  setDisabled(disabled: boolean): void {
    this.element.setAttribute('aria-disabled', String(disabled));
  }

  /** Before it is put into a drawing anew: the focus stays on it. */
  redraw(width: number): void {
    const root = this.element.getRootNode() as Document | ShadowRoot;
    const focused = root.activeElement === this.element;
    this.#width = width;
    this.x.range([LEFT, width - RIGHT]);
    this.place();
    // Once the chart has put it back.
    if (focused) queueMicrotask(() => this.element.focus({ preventScroll: true }));
  }

  /** Moves the line and says where it is; nothing else is drawn again. */
  place(): void {
    const at = this.x(this.#seconds);
    this.element.setAttribute('transform', `translate(${Math.round(at)} 0)`);
    this.beyond.setAttribute('x', String(Math.round(at)));
    this.beyond.setAttribute('width', String(Math.max(0, Math.round(this.#width - RIGHT - at))));
    this.#flag.textContent = duration(this.#seconds);
    const right = at > this.#width - 90;
    this.#flag.setAttribute('x', right ? '-12' : '12');
    this.#flag.setAttribute('text-anchor', right ? 'end' : 'start');
    this.element.setAttribute('aria-valuenow', String(Math.round(Math.min(LARGEST, Math.max(STOPS[0]!, this.#seconds)))));
    const [value, effect] = [duration(this.#seconds, true), this.#options.effect(this.#seconds)];
    this.element.setAttribute('aria-valuetext', effect === '' ? value : `${value}. ${effect}`);
    this.#options.moved();
  }

  // --- moving ----------------------------------------------------------------------------------

  #listen(): void {
    const handle = this.element;
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
      this.#seconds = neat(this.x.invert(event.clientX - left));
      this.place();
    });
    const drop = (event: Event) => {
      if (!this.#dragging) return;
      this.#dragging = false;
      if (event.type === 'pointerup') this.#options.set(this.#seconds);
    };
    for (const name of ['pointerup', 'pointercancel']) handle.addEventListener(name, drop);
    handle.addEventListener('keydown', (event) => {
      const next = this.#disabled ? undefined : moved(this.#seconds, event.key);
      if (next === undefined) return;
      event.preventDefault();
      this.#seconds = next;
      this.place();
      this.#options.set(next);
    });
  }

  get #disabled(): boolean {
    return this.element.getAttribute('aria-disabled') === 'true';
  }
}

/** Seconds in another unit: nine digits of an hour are far below a microsecond of these durations. */
export function inUnits(seconds: number, unit: number): number {
  return Number((seconds / unit).toPrecision(9));
}

function moved(seconds: number, key: string): number | undefined {
  const above = STOPS.findIndex((stop) => stop > seconds);
  const below = STOPS.filter((stop) => stop < seconds).length - 1;
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
