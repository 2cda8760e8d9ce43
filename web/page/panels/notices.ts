/** What may be wrong with the data although the run went through: a sentence each, and the way to the setting that settles it. */
import type { Notice } from '../../lib/types/index.js';
import { button, h, uniqueId } from '../dom.js';
import { counted, sentence } from '../format.js';
import type { Path, Value } from '../model/plan.js';
import type { Actions } from '../panel.js';
import type { PlanKeys } from '../state.js';
import { NOTICES } from '../words/result.js';
import { labelOf } from './fields.js';
import type { Previewed } from './findings.js';

/** What can be done about a notice. */
interface Means {
  /** The texts that mean "missing" already. */
  known: readonly string[];
  previewed: Previewed;
  keys: PlanKeys;
  actions: Actions;
}

export function notices(found: readonly Notice[], means: Means): HTMLElement | null {
  if (found.length === 0) return null;
  const id = uniqueId('notices');
  const item = (notice: Notice) =>
    h('li', {}, h('p', {}, sentence(notice.message)), waysOn([settled(notice, means), wayTo(notice, means)]));
  return h(
    'section',
    { class: 'notice notices', 'aria-labelledby': id },
    h('h3', { id }, counted(found.length, 'notice')),
    h('p', { class: 'help' }, NOTICES.remark),
    h('ul', { class: 'plain' }, found.map(item)),
  );
}

function waysOn(buttons: readonly (HTMLElement | null)[]): HTMLElement | null {
  return buttons.some((one) => one !== null) ? h('div', { class: 'buttons' }, buttons) : null;
}

/** Where there is one thing to set, it is one press away. */
function settled({ code, message, key }: Notice, { known, previewed, actions }: Means): HTMLElement | null {
  const settle = (label: string, path: Path, value: Value) => previewed.add(button(label, () => actions.settle([[path, value]])));
  if (code === 'rowsInsideQuotes') return settle(NOTICES.quotes, 'input.quote', null);
  if (code === 'sameFiles') return settle(NOTICES.duplicates, 'events.duplicates', 'drop');
  if (code !== 'nullMarkers' || key === null) return null;
  const markers = [...new Set([...message.matchAll(/"([^"]*)"/g)].map(([, text]) => text!))];
  return settle(NOTICES.nulls(markers), key, [...known, ...markers]);
}

function wayTo({ key }: Notice, { keys, actions }: Means): HTMLElement | null {
  const label = key === null ? null : labelOf(key, keys);
  return label === null ? null : button(NOTICES.toSetting(label), () => actions.goToSetting(key!), { class: 'quiet' });
}
