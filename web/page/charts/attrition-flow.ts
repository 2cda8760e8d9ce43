/** What became of every row of the input: boxes from the rows read to the sets, and beside the arrows what was removed, and why. */
import { count } from '../format.js';
import { FLOW } from '../words/result.js';
import { label, s, straight, wrapped } from './svg.js';

export interface FlowStep {
  /** Left out on the way here, and why; none at the start. */
  lost: readonly { text: string; rows: number; alarm?: boolean }[];
  title: string;
  value: number;
  /** Of those: users, rates and the like. */
  note: string;
}

const WIDEST = 640;
const BOX = 44;
const LINE = 16;

export function drawFlow(steps: readonly FlowStep[], available: number): SVGSVGElement {
  const width = Math.min(available, WIDEST);
  const main = Math.round(width * (width < 480 ? 0.48 : 0.44));
  const side = main + (width < 480 ? 12 : 40);
  const letters = Math.floor((width - side - 16) / 6.6);
  const parts: SVGElement[] = [];
  let y = 1;
  for (const [i, step] of steps.entries()) {
    const lost = step.lost.map(({ text, rows, alarm }) => ({ lines: wrapped(`${count(rows)} ${text}`, letters), alarm }));
    if (i > 0) {
      const tall = lost.reduce((sum, { lines }) => sum + lines.length * LINE, 0);
      const gap = Math.max(24, tall === 0 ? 0 : tall + 24);
      const middle = main / 2;
      parts.push(
        straight(middle, y, middle, y + gap - 5, 'flow-arrow'),
        s('path', { d: `M${middle - 4} ${y + gap - 7}h8l-4 7z`, class: 'flow-head' }),
      );
      if (tall > 0) {
        const half = y + gap / 2;
        parts.push(
          straight(middle, half, side, half, 'flow-arrow'),
          s('rect', {
            x: side,
            y: half - tall / 2 - 6,
            width: width - side - 1,
            height: tall + 12,
            rx: 4,
            class: `flow-box is-lost ${lost.some(({ alarm }) => alarm) ? 'is-alarm' : ''}`,
          }),
        );
        let row = half - tall / 2 + 12;
        for (const { lines, alarm } of lost)
          for (const line of lines) {
            parts.push(label(side + 8, row, line, 'start', alarm ? 'is-limit' : 'is-quiet'));
            row += LINE;
          }
      }
      y += gap;
    }
    const notes = step.note === '' ? [] : wrapped(step.note, Math.floor((main - 16) / 6.2));
    const tall = BOX - LINE + notes.length * LINE + 4;
    parts.push(
      s('rect', { x: 1, y, width: main - 2, height: tall, rx: 4, class: 'flow-box' }),
      label(9, y + 19, `${count(step.value)} ${step.title}`, 'start', 'is-strong'),
      ...notes.map((line, k) => label(9, y + 19 + (k + 1) * LINE, line, 'start', 'is-quiet')),
    );
    y += tall;
  }
  return s('svg', { width, height: y + 1, viewBox: `0 0 ${width} ${y + 1}` }, parts);
}

export function describeFlow(steps: readonly FlowStep[]): string {
  return steps
    .map(
      ({ lost, title, value, note }) =>
        `${lost.map(({ text, rows }) => FLOW.left(`${count(rows)} ${text}`)).join('')}${count(value)} ${title}${note === '' ? '' : `, ${note}`}.`,
    )
    .join(' ');
}
