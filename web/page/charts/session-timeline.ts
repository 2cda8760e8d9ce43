/** The events of one session or row over time, a lane a type, with what is in X, and where T, Y and time zero are. */
import { scaleLinear } from 'd3-scale';
import { count, duration } from '../format.js';
import { SESSION } from '../words/look.js';
import { bottomAxis } from './axis.js';
import { elapsedTicks } from './scale.js';
import { label, s, straight, widthOf } from './svg.js';

export interface TimelineEvent {
  /** Since the first event shown. */
  minutes: number;
  type: string;
  item: string | null;
  part: 'x' | 'treatment' | 'outcome' | 'other';
}

export interface Timeline {
  events: readonly TimelineEvent[];
  /** Minutes on the same clock; null where there is none. */
  timeZero: number | null;
  window: number | null;
  treatment: string;
  outcome: string;
  /** One step an event instead of time, so that long silences hide nothing. */
  evenly: boolean;
}

const LANE = 26;
const TOP = 26;

export function drawTimeline(timeline: Timeline, width: number): SVGSVGElement {
  const { events, evenly, timeZero } = timeline;
  const types = [...new Set(events.map(({ type }) => type))];
  const left = Math.min(width * 0.4, Math.max(...types.map((type) => widthOf(type)), 20) + 12);
  const last = Math.max(events.at(-1)?.minutes ?? 0, timeZero ?? 0);
  const most = evenly ? Math.max(1, events.length - 1) : last || 1;
  const x = scaleLinear([0, most], [left + 8, width - 12]);
  /** Where a time falls; evenly spaced, between the events around it. */
  const at = (minutes: number) => {
    if (!evenly) return x(Math.min(minutes, most));
    const after = events.findIndex((event) => event.minutes > minutes);
    return x(after < 0 ? most : Math.max(0, after - 0.5));
  };
  const lanes = new Map(types.map((type, i) => [type, TOP + i * LANE + LANE / 2]));
  const bottom = TOP + types.length * LANE;
  const inX = events.flatMap(({ part, minutes }, i) => (part === 'x' ? [evenly ? x(i) : x(minutes)] : []));
  return s(
    'svg',
    { width, height: bottom + 40, viewBox: `0 0 ${width} ${bottom + 40}` },
    inX.length > 0 && [
      s('rect', { x: inX[0]! - 7, y: TOP, width: inX.at(-1)! - inX[0]! + 14, height: bottom - TOP, rx: 6, class: 'design-x' }),
      (timeZero === null || at(timeZero) - inX[0]! > 60) && label(inX[0]! - 4, 14, 'X', 'start', 'is-control'),
    ],
    timeline.window !== null &&
      timeZero !== null &&
      s('rect', {
        x: at(timeZero),
        y: TOP,
        width: Math.max(2, at(timeline.window) - at(timeZero)),
        height: bottom - TOP,
        class: 'design-window',
      }),
    types.map((type) => [
      straight(left, lanes.get(type)!, width - 4, lanes.get(type)!, 'chart-grid'),
      label(
        left - 8,
        lanes.get(type)! + 4,
        shorten(type, left - 10),
        'end',
        type === timeline.treatment ? 'is-treatment' : type === timeline.outcome ? 'is-outcome' : '',
      ),
    ]),
    timeZero !== null && [
      straight(at(timeZero), TOP - 6, at(timeZero), bottom, 'design-zero'),
      label(Math.min(Math.max(at(timeZero), left + 30), width - 30), 14, SESSION.timeZero, 'middle', 'is-strong'),
    ],
    events.map(({ minutes, type, item, part }, i) => {
      const kind =
        part === 'treatment' || part === 'outcome'
          ? part
          : type === timeline.treatment
            ? 'treatment'
            : type === timeline.outcome
              ? 'outcome'
              : 'event';
      const dot = s('circle', {
        cx: evenly ? x(i) : x(minutes),
        cy: lanes.get(type)!,
        r: part === 'treatment' || part === 'outcome' ? 6.5 : 4.5,
        class: `event-mark is-${kind} ${part === 'x' || part === 'treatment' || part === 'outcome' ? '' : 'is-outside'}`,
      });
      dot.append(s('title', {}, SESSION.after(`${type}${item === null ? '' : `, ${item}`}`, duration(minutes * 60))));
      return dot;
    }),
    evenly
      ? bottomAxis(bottom, left, width - 12, {
          scale: x,
          ticks: x.ticks(6).filter(Number.isInteger),
          format: (value) => count(value + 1),
          title: SESSION.axisEvenly,
        })
      : bottomAxis(bottom, left, width - 12, {
          scale: x,
          ticks: elapsedTicks(most, 6),
          format: (value) => duration(value * 60),
          title: SESSION.axis,
        }),
  );
}

function shorten(text: string, room: number): string {
  const letters = Math.max(4, Math.floor(room / 6.4));
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}

export function describeTimeline({ events, timeZero }: Timeline): string {
  const inX = events.filter(({ part }) => part === 'x').length;
  return SESSION.describe(events.length, inX, timeZero === null ? null : duration(timeZero * 60));
}
