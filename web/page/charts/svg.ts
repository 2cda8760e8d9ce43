/** Building SVG, as dom.ts builds HTML. Colours come from classes, so that a chart follows the page from light to dark. */
import { setAttribute } from '../dom.js';

export type SvgChild = SVGElement | string | null | undefined | false | readonly SvgChild[];
type Attributes = Record<string, string | number | boolean | null | undefined>;

const NAMESPACE = 'http://www.w3.org/2000/svg';

export function s<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: SvgChild[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes))
    setAttribute(element, name, typeof value === 'number' ? round(value) : value);
  append(element, children);
  return element;
}

/** A line of text; `anchor` is where `x` is in it. */
export function label(
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
  kind = '',
): SVGTextElement {
  return s('text', { x, y, 'text-anchor': anchor, class: `chart-text ${kind}` }, text);
}

export function straight(x1: number, y1: number, x2: number, y2: number, kind: string): SVGLineElement {
  return s('line', { x1, y1, x2, y2, class: kind });
}

export type Point = readonly [x: number, y: number];

/** Straight from point to point; a missing one leaves a gap. */
export function path(points: readonly (Point | null)[]): string {
  return points
    .map((point, i) =>
      point === null ? '' : `${i === 0 || points[i - 1] === null ? 'M' : 'L'}${round(point[0])} ${round(point[1])}`,
    )
    .join('');
}

/** About as wide as it will be: charts leave room for their labels before anything is drawn. */
export function widthOf(text: string, characterWidth = 6.6): number {
  return text.length * characterWidth;
}

/** Words on lines of at most so many characters. */
export function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && `${line} ${word}`.length <= most) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Tenths of a pixel are enough, and keep exported files small. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function append(element: Element, children: readonly SvgChild[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child as readonly SvgChild[]);
    else if (child !== null && child !== undefined && child !== false) element.append(child as SVGElement | string);
  }
}
