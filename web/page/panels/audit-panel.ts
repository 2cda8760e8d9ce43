/** Audit: what stands between the table and a causal reading, and a button for each thing that a setting repairs. */
import { figureTexts } from '../../lib/figures.js';
import type { AuditReport, Finding } from '../../lib/types.js';
import type { Actions, Panel } from '../app.js';
import { button, h, replaceChildren, scrolling, type Child } from '../dom.js';
import { count, counted, decimal, NOT_AVAILABLE, percent, points } from '../format.js';
import type { Value } from '../plan.js';
import { isStale, type State } from '../state.js';
import { whyNoResult } from './run-panel.js';
import { block, section, waiting } from './section.js';

const SEVERITIES: Readonly<Record<Finding['severity'], string>> = { error: 'Error', warning: 'Warning', note: 'Note' };

/** Each step of the ledger has all repairs before it too. */
const STEPS: Readonly<Record<string, string>> = {
  notebook: 'The notebook',
  duplicates: 'Duplicates dropped',
  ties: 'Ties by priority',
  gap: 'Gap of half an hour',
  timeZero: 'One time zero',
  minimumLength: 'Shortest length of X',
  padding: 'No fake padding',
  keepLast: 'Last events kept',
};

/** Differences above it are usually called imbalance (Austin 2009). */
const IMBALANCED = 0.1;

export class AuditPanel implements Panel {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #body = h('div', { class: 'slot report' });
  #shown: AuditReport | string | null = null;
  #repairs: HTMLButtonElement[] = [];

  constructor(actions: Actions) {
    this.#actions = actions;
    this.element = section('audit', 5, 'Audit', 'What stands between this table and a causal reading, and what repairs it.', this.#body);
  }

  update(state: State): void {
    const { run } = state;
    const next = (run.kind === 'done' && run.dataset.audit) || whyNoResult(state, 'Leaks, balance and the effect of each repair appear here');
    if (next !== this.#shown) {
      this.#shown = next;
      this.#repairs = [];
      replaceChildren(this.#body, typeof next === 'string' ? waiting(next) : this.#describe(next));
    }
    // A repair is of the settings that the result was made with.
    for (const repair of this.#repairs) repair.disabled = isStale(state) || run.kind === 'running';
  }

  #describe(audit: AuditReport): Child[] {
    const { findings } = audit;
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    return [
      block(
        'Findings',
        findings.length === 0 ? 'None: nothing that the events can show stands against a causal reading. What was not recorded cannot be seen here.' : null,
        audit.profile === 'notebook' && errors > 0 && h('div', { class: 'buttons' }, this.#repair('Make every repair: use the profile causal', () => this.#actions.repair('profile', 'causal'))),
        h('ul', { class: 'plain findings' }, findings.map((finding) => this.#finding(finding))),
      ),
      balance(audit),
      block('One repair at a time', 'From the notebook’s table on; each line has the repairs above it too.', ledger(audit)),
    ];
  }

  #finding({ severity, code, figures, consequence, repair }: Finding): HTMLElement {
    return h(
      'li',
      { class: `finding is-${severity}` },
      h('p', {}, h('strong', { class: 'finding-severity' }, `${SEVERITIES[severity]}: ${words(code)}`)),
      h('p', { class: 'prose' }, consequence),
      h('p', { class: 'help' }, `${figureTexts(figures).join(', ')}.`),
      repair && this.#repair(`Set ${repair.key} to ${shown(repair.value)} and run again`, () => this.#actions.repair(repair.key, repair.value as Value)),
    );
  }

  #repair(label: string, click: () => void): HTMLButtonElement {
    const element = button(label, click, {});
    this.#repairs.push(element);
    return element;
  }
}

/** Of a code, neverInTrainX: never in train X. */
function words(code: string): string {
  return code.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/ x$/, ' X');
}

function shown(value: unknown): string {
  return value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
}

/** A Love plot. Without a time zero the covariates are cut by the treatment too, and tell nothing of how the arms differed. */
function balance({ balance: rows, indexKind, overlap }: AuditReport): HTMLElement | null {
  if (indexKind === 'session' || rows.length === 0) return null;
  const most = Math.max(2 * IMBALANCED, ...rows.map(({ smd, weightedSmd }) => Math.max(Math.abs(smd ?? 0), Math.abs(weightedSmd ?? 0))));
  const axis = Math.ceil(most * 10) / 10;
  const dot = (value: number | null, kind: string) => value !== null && h('span', { class: `mark ${kind}`, vars: { '--at': Math.abs(value) / axis } });
  const smd = (value: number | null) => h('td', { class: 'number' }, value === null ? NOT_AVAILABLE : decimal(Math.abs(value), 2));
  return block(
    'Balance before time zero',
    `Standardized differences of the arms’ means, as they are (ring) and weighted by a logistic propensity (dot). Above ${IMBALANCED}, the line, they are usually called imbalanced.` +
      (overlap ? ` The propensity ranks a treated row above an untreated one in ${percent(overlap.auc)} of pairs.` : ''),
    scrolling(
      'Balance before time zero',
      h(
        'table',
        { class: 'lift-table balance-table' },
        h('thead', {}, h('tr', {},
          h('th', { scope: 'col' }, 'Covariate'),
          h('th', { scope: 'col', class: 'number' }, 'As it is'),
          h('th', { scope: 'col', class: 'number' }, 'Weighted'),
          h('th', { scope: 'col', class: 'plot-head' }, h('span', { class: 'axis' }, h('span', {}, '0'), h('span', {}, 'difference'), h('span', {}, decimal(axis)))))),
        h('tbody', {}, rows.map((row) => h('tr', {},
          h('th', { scope: 'row' }, row.covariate.replaceAll('_', ' ')),
          smd(row.smd),
          smd(row.weightedSmd),
          h('td', { class: 'plot', 'aria-hidden': 'true' },
            h('span', { class: 'dumbbell threshold', vars: { '--threshold': IMBALANCED / axis } }, dot(row.smd, 'is-ring'), dot(row.weightedSmd, 'is-dot')))))),
      ),
    ),
  );
}

function ledger({ ledger: { steps } }: AuditReport): HTMLElement {
  const auc = (value: number | null) => (value === null ? NOT_AVAILABLE : decimal(value, 2));
  return scrolling(
    'One repair at a time',
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Step'), ['Control', 'Treated', 'Difference', 'AUC of T from length', 'Y in X of T = 0, Y = 1'].map((text) =>
        h('th', { scope: 'col', class: 'number' }, text)))),
      h('tbody', {}, steps.map((step) => h('tr', {},
        h('th', { scope: 'row' }, STEPS[step.step] ?? step.step),
        [count(step.control), count(step.treated), points(step.naiveDifference), auc(step.aucLength), percent(step.outcomeInX)].map((text) =>
          h('td', { class: 'number' }, text))))),
    ),
  );
}
