/**
 * The frame that all charts share: title, how to read it, legend, the drawing, its numbers as a table, and both kinds of
 * picture to take away. A chart is drawn anew for every width, so that its text keeps the page's size.
 */
import { button, h, replaceChildren } from '../dom.js';
import { table } from '../table.js';
import { CHART } from '../words/charts.js';
import { savePng, saveSvg } from './export.js';

export interface Table {
  head: readonly string[];
  /** The first cell names the row; the others are numbers. */
  rows: readonly (readonly string[])[];
}

export interface ChartSpec<Data> {
  title: string;
  /** Units and how to read it. */
  remark: string;
  /** Of exported files, without an ending. */
  name: string;
  /** Class and text. */
  legend?: readonly (readonly [kind: string, text: string])[];
  draw(data: Data, width: number): SVGSVGElement;
  /** What it shows, in a sentence, for those who cannot see it. */
  describe(data: Data): string;
  /** Absent where the numbers stand beside the chart anyway. */
  table?(data: Data): Table;
}

/** Charts that have got their place, each drawn in a task of its own: all of a result at once would hold the page up. */
const undrawn: (() => void)[] = [];

function inTurn(draw: () => void): void {
  if (undrawn.push(draw) === 1) setTimeout(drawNext);
}

function drawNext(): void {
  undrawn[0]!();
  undrawn.shift();
  if (undrawn.length > 0) setTimeout(drawNext);
}

export class Chart<Data> {
  readonly element: HTMLElement;
  readonly #spec: ChartSpec<Data>;
  readonly #plot = h('div', { class: 'chart-plot' });
  readonly #remark: HTMLElement;
  readonly #table = h('div', { class: 'chart-table' });
  readonly #details: HTMLDetailsElement | null;
  #data: Data | null = null;
  #width = 0;

  constructor(spec: ChartSpec<Data>) {
    this.#spec = spec;
    this.#remark = h('p', { class: 'help' }, spec.remark);
    this.#details = spec.table
      ? h(
          'details',
          { class: 'chart-numbers', on: { toggle: () => this.#showTable() } },
          h('summary', {}, CHART.numbers),
          this.#table,
        )
      : null;
    const save = (kind: 'SVG' | 'PNG', save: typeof saveSvg) =>
      button(kind, () => this.#svg && void save(this.#svg, spec.name, spec.title), {
        class: 'quiet',
        'aria-label': CHART.saveAs(spec.title, kind),
      });
    this.element = h(
      'figure',
      { class: 'chart', 'data-chart': spec.name },
      h(
        'figcaption',
        { class: 'chart-head' },
        h(
          'div',
          { class: 'chart-title' },
          h('h3', { class: 'chart-name' }, spec.title),
          h('span', { class: 'chart-save' }, save('SVG', saveSvg), save('PNG', savePng)),
        ),
        this.#remark,
        spec.legend &&
          h(
            'p',
            { class: 'legend' },
            spec.legend.map(([kind, text]) =>
              h('span', { class: `legend-entry ${kind}` }, h('span', { class: 'legend-mark', 'aria-hidden': 'true' }), text),
            ),
          ),
      ),
      this.#plot,
      this.#details,
    );
    new ResizeObserver(([entry]) => this.#resize(entry!.contentRect.width)).observe(this.#plot);
  }

  show(data: Data): void {
    this.#data = data;
    this.redraw();
    this.#showTable();
  }

  setRemark(text: string): void {
    this.#remark.textContent = text;
  }

  redraw(): void {
    if (this.#data === null || this.#width < 1) return;
    const svg = this.#spec.draw(this.#data, this.#width);
    svg.setAttribute('class', 'chart-svg');
    // A drawing with a control in it is a group of its parts; any other is one picture.
    if (!svg.hasAttribute('role')) svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', this.#spec.describe(this.#data));
    this.#plot.replaceChildren(svg);
  }

  get #svg(): SVGSVGElement | null {
    return this.#plot.firstElementChild as SVGSVGElement | null;
  }

  #resize(width: number): void {
    if (Math.abs(width - this.#width) < 1) return;
    this.#width = Math.floor(width);
    inTurn(() => this.redraw());
  }

  /** Made when somebody opens it. */
  #showTable(): void {
    if (!this.#details?.open || this.#data === null) return;
    const { head, rows } = this.#spec.table!(this.#data);
    replaceChildren(this.#table, table(this.#spec.title, '', head, rows));
  }
}
