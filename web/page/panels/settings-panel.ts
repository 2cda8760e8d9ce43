/** Settings: the plan as fields. The engine checks every value; its refusal stands at the field it names. */
import type { Actions, Panel } from '../app.js';
import { button, h, replaceChildren, uniqueId } from '../dom.js';
import { capital, count, percent } from '../format.js';
import { changedKeys, valueAt, type Value } from '../plan.js';
import { blame, type InputFile, type Problem, type State } from '../state.js';
import { Field, ruleText, type FieldSpec } from './field.js';
import { notice, section } from './section.js';

const GROUPS: readonly { title: string; fields: readonly FieldSpec[] }[] = [
  {
    title: 'Treatment and outcome',
    fields: [
      {
        path: 'profile',
        label: 'Profile',
        kind: {
          choices: [
            ['notebook', 'The notebook, to the byte'],
            ['causal', 'Causal: every repair'],
          ],
        },
        help: 'Where the other settings start from.',
      },
      {
        path: 'index.kind',
        label: 'Time zero, where X ends',
        kind: {
          choices: [
            ['session', 'None: at the treatment'],
            ['exposure', 'At each exposure'],
            ['landmark', 'A fixed time into the session'],
            ['matched', 'At the treatment, or at a drawn time'],
          ],
        },
        help: 'The same for both arms, or no effect can be read off.',
      },
      { path: 'treatment.type', label: 'Treatment, T', kind: 'type', meaning: 'treatment', help: 'Ends X too, where there is no time zero.' },
      { path: 'outcome.type', label: 'Outcome, Y', kind: 'type', meaning: 'outcome', help: 'Anywhere in the session, or in the follow-up.' },
    ],
  },
  {
    title: 'Sessions and sequences',
    fields: [
      { path: 'session.gapHours', label: 'Gap between sessions', unit: 'hours', kind: 'number', help: 'A longer silence ends one.' },
      { path: 'session.minEvents', label: 'Shortest session', unit: 'events', kind: 'number', help: 'Shorter ones are dropped.' },
      { path: 'sequence.maxEvents', label: 'Longest sequence', unit: 'events', kind: 'number', help: 'What is beyond is cut off.' },
      { path: 'sequence.minEvents', label: 'Shortest sequence', unit: 'events', kind: 'number', help: 'Shorter ones are padded.' },
    ],
  },
  {
    title: 'Reading',
    fields: [
      { path: 'events.types', label: 'Known event types', kind: 'list', wide: true, help: 'Separated by commas, in the order of their ids.' },
      {
        path: 'events.unknown',
        label: 'Rows that cannot be used',
        kind: {
          choices: [
            ['error', 'Stop and say which'],
            ['drop', 'Leave out and count'],
            ['add', 'Add unknown types'],
          ],
        },
        help: 'Unknown types, bad times, missing cells.',
      },
      { path: 'time.zone', label: 'Zone of times without one', kind: 'text', help: 'UTC or an offset: +02:00.' },
    ],
  },
  {
    title: 'Split of users',
    fields: [
      { path: 'split.train', label: 'Train', kind: 'number', help: 'Share of users.' },
      { path: 'split.validation', label: 'Validation', kind: 'number', help: 'Share of users.' },
      { path: 'split.test', label: 'Test', kind: 'number', help: 'Share of users.' },
      { path: 'split.seed', label: 'Seed', kind: 'number', help: 'Of the shuffle.' },
    ],
  },
];

export class SettingsPanel implements Panel {
  readonly element: HTMLElement;
  readonly #fields: Field[] = [];
  readonly #groups = new Map<string, HTMLElement>();
  readonly #form: HTMLFieldSetElement;
  readonly #undo: HTMLButtonElement;
  readonly #reset: HTMLButtonElement;
  readonly #changed = h('p', { class: 'help changed-keys' });
  readonly #other = h('div', { class: 'slot', role: 'alert' });
  readonly #typesHint = h('div', { class: 'slot' });
  readonly #typeNames = h('datalist', { id: uniqueId('types') });
  readonly #splitBar = h('div', { class: 'split-bar', role: 'img' });
  #shown: Partial<State> = {};

  constructor(actions: Actions) {
    this.#undo = button('Undo', () => actions.undo(), { class: 'quiet' });
    this.#reset = button('Reset to defaults', () => actions.reset(), { class: 'quiet' });
    this.#form = h('fieldset', { class: 'bare', 'aria-label': 'Settings' });
    for (const group of GROUPS) {
      const error = h('p', { class: 'error', hidden: true });
      const fields = group.fields.map((spec) => new Field(spec, actions, this.#typeNames.id));
      this.#fields.push(...fields);
      this.#groups.set(group.fields[0]!.path.split('.')[0]!, error);
      this.#form.append(
        h(
          'fieldset',
          { class: 'fields' },
          h('legend', {}, group.title),
          fields.map((field) => field.element),
          group.title === 'Treatment and outcome' && sketch(),
          group.title === 'Split of users' && this.#splitBar,
          group.title === 'Reading' && this.#typesHint,
          error,
        ),
      );
    }
    this.#typesHint.addEventListener('click', (event) => {
      if ((event.target as Element).closest('button')) actions.set('events.unknown', 'add');
    });
    this.element = section(
      'settings',
      2,
      'Settings',
      'The profile gives the defaults.',
      this.#form,
      this.#other,
      this.#typeNames,
      h('div', { class: 'buttons settings-end' }, this.#undo, this.#reset, this.#changed),
    );
  }

  update(state: State): void {
    const running = state.run.kind === 'running';
    this.#form.disabled = running || state.defaults === null;
    this.#undo.disabled = running || state.past.length === 0;
    const changed = changedKeys(state.changes);
    this.#reset.disabled = running || changed.length === 0;
    this.#changed.textContent = changed.length === 0 ? 'All settings are at their defaults.' : `${capital(plural(changed.length))} from the defaults: ${changed.map(([path]) => path).join(', ')}.`;
    const shown = this.#shown;
    for (const field of this.#fields) field.show(state.changes, state.defaults);
    const problem = blame(state);
    this.#showProblem(problem);
    if (shown.changes !== state.changes || shown.plan !== state.plan) this.#showSplit(state);
    if (shown.files !== state.files || shown.plan !== state.plan || shown.changes !== state.changes) this.#showTypes(state);
    this.#shown = state;
  }

  #showProblem(problem: Problem | null): void {
    const [section, key] = (problem?.column ?? '').split('.');
    let placed = false;
    for (const field of this.#fields) {
      const mine = problem !== null && field.spec.path === problem.column;
      placed ||= mine;
      field.showError(mine ? ruleText(problem) : null);
    }
    for (const [name, error] of this.#groups) {
      const mine = problem !== null && !placed && key === undefined && name === section;
      placed ||= mine;
      error.hidden = !mine;
      error.textContent = mine ? ruleText(problem) : '';
    }
    // Settings of the output stand under Files.
    const text = problem !== null && !placed && section !== 'output' ? problem.message : '';
    if (this.#other.textContent !== text) replaceChildren(this.#other, text !== '' && notice('problem', h('p', {}, text)));
  }

  #showSplit({ changes, plan, defaults }: State): void {
    const parts = (['train', 'validation', 'test'] as const).map((name) => ({ name, share: valueAt(changes, `split.${name}`) ?? valueAt(defaults ?? plan, `split.${name}`) }));
    const usable = parts.every(({ share }) => typeof share === 'number' && share >= 0 && share <= 1) &&
      Math.abs(parts.reduce((sum, { share }) => sum + (share as number), 0) - 1) < 1e-6;
    this.#splitBar.hidden = !usable;
    if (!usable) return;
    const text = (share: Value | undefined) => percent(share as number, Number.isInteger((share as number) * 100) ? 0 : 1);
    this.#splitBar.setAttribute('aria-label', parts.map(({ name, share }) => `${capital(name)} ${text(share)}`).join(', '));
    replaceChildren(
      this.#splitBar,
      parts.map(({ name, share }) => (share as number) > 0 && h('span', { class: 'split-part', vars: { '--share': share as number } }, h('span', { class: 'split-name' }, `${capital(name)} `), text(share))),
    );
  }

  #showTypes({ files, plan, changes }: State): void {
    const seen = sampledTypes(files);
    const known = plan?.events.types ?? [];
    replaceChildren(this.#typeNames, [...new Set([...known, ...seen])].map((name) => h('option', { value: name })));
    const unknown = seen.filter((name) => !known.includes(name));
    const show = unknown.length > 0 && (valueAt(changes, 'events.unknown') ?? 'error') === 'error';
    replaceChildren(
      this.#typesHint,
      show &&
        notice(
          'hint',
          h('p', {}, `The first rows also have ${quotedList(unknown)}, which ${unknown.length === 1 ? 'is' : 'are'} not among the known types.`),
          button('Accept all event types', () => undefined),
        ),
    );
  }
}

/** One treated session as a line of events: what becomes X, T and Y. */
function sketch(): HTMLElement {
  const event = (meaning: string) => h('span', { class: `sketch-event ${meaning}` });
  return h(
    'div',
    { class: 'sketch', role: 'img', 'aria-label': 'A session as a line of events: those before the treatment are X, the treatment makes T 1, an outcome makes Y 1.' },
    h('span', { class: 'sketch-part sketch-before' }, h('span', { class: 'sketch-line' }, event(''), event(''), event(''), event('')), h('span', { class: 'sketch-label' }, 'X, before')),
    h('span', { class: 'sketch-part is-treatment' }, h('span', { class: 'sketch-line' }, event('is-treatment')), h('span', { class: 'sketch-label' }, 'T')),
    h('span', { class: 'sketch-part' }, h('span', { class: 'sketch-line' }, event('')), h('span', { class: 'sketch-label' }, '\u00a0')),
    h('span', { class: 'sketch-part is-outcome' }, h('span', { class: 'sketch-line' }, event('is-outcome')), h('span', { class: 'sketch-label' }, 'Y')),
  );
}

function plural(changes: number): string {
  return changes === 1 ? 'one change' : `${count(changes)} changes`;
}

/** Event types in the rows that were looked at. */
function sampledTypes(files: readonly InputFile[]): string[] {
  const types = new Set<string>();
  for (const { inspection } of files) {
    const at = inspection?.columnNames?.indexOf(inspection.columns?.type ?? '') ?? -1;
    if (at >= 0) for (const row of inspection!.rows ?? []) if (row[at]) types.add(row[at]);
  }
  return [...types];
}

function quotedList(names: readonly string[]): string {
  const shown = names.slice(0, 6).map((name) => `“${name}”`);
  if (names.length > 6) shown.push(`${count(names.length - 6)} more`);
  return shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
