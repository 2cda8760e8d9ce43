/** Findings as cards: what is wrong, with its numbers, an example, and what the repair would change before it is made. */
import { isListed } from '../../lib/run/session-query.js';
import type { AuditReport, Finding } from '../../lib/types/index.js';
import { button, h, type Child } from '../dom.js';
import { capital, count, percent, points } from '../format.js';
import { groupsOf, nameOf, valueText, type Repair, type RepairGroup } from '../model/repairs.js';
import { severitiesOf } from '../model/summary.js';
import type { Actions } from '../panel.js';
import type { PlanKeys, Preview, Previews, Summary } from '../state.js';
import { SEVERITIES, tally } from '../words/common.js';
import { FINDINGS } from '../words/result.js';
import { termsLine } from './glossary.js';
import { labelOf } from './fields.js';

/** The buttons that make repairs, and where it stands what each would change. */
export class Previewed {
  readonly buttons: HTMLButtonElement[] = [];
  readonly #places = new Map<string, HTMLElement[]>();
  readonly #now: Summary;

  /** `now`: the result as it is. */
  constructor(now: Summary) {
    this.#now = now;
  }

  add(button: HTMLButtonElement): HTMLButtonElement {
    this.buttons.push(button);
    return button;
  }

  place(repair: Repair): HTMLElement {
    const place = h('p', { class: 'help preview', hidden: true });
    const name = nameOf(repair);
    this.#places.set(name, [...(this.#places.get(name) ?? []), place]);
    return place;
  }

  show(previews: Previews): void {
    for (const [name, places] of this.#places) {
      const preview = previews.get(name);
      for (const place of places) {
        place.hidden = preview === undefined;
        place.textContent = preview === undefined ? '' : this.#text(preview);
      }
    }
  }

  #text(preview: Preview): string {
    if (preview === 'waiting') return FINDINGS.previewWaiting;
    if ('message' in preview) return FINDINGS.previewFailed(preview.message);
    const now = this.#now;
    const bare = (difference: number | null) => points(difference).replace(' pp', '');
    const changes = [
      [count(now.rows), count(preview.rows), FINDINGS.units.rows],
      [percent(now.treatmentRate), percent(preview.treatmentRate), FINDINGS.units.treated],
      [percent(now.outcomeRate), percent(preview.outcomeRate), FINDINGS.units.outcome],
      [bare(now.difference), bare(preview.difference), FINDINGS.units.difference],
    ] as const;
    const changed = changes.filter(([before, after]) => before !== after);
    return changed.length === 0 ? FINDINGS.previewSame : FINDINGS.preview(changed);
  }
}

/** What somebody opened or closed, by the first finding of a card: it stays so while results change. */
export type Opened = Map<string, boolean>;

interface Means {
  keys: PlanKeys;
  actions: Actions;
  previewed: Previewed;
  opened: Opened;
}

export function findings(audit: AuditReport, means: Means): HTMLElement {
  const found = audit.findings;
  const text = found.length === 0 ? FINDINGS.none : FINDINGS.some(capital(tally(severitiesOf(found))));
  return h(
    'div',
    { class: 'block', 'data-part': 'findings' },
    h('h3', { tabindex: -1 }, FINDINGS.title),
    h('div', { class: 'with-terms' }, h('p', { class: 'help' }, text), termsLine('finding', 'leak', 'immortal')),
    h(
      'ul',
      { class: 'plain findings' },
      groupsOf(found).map((group) => h('li', {}, card(group, means))),
    ),
  );
}

/** Errors are open, all else is closed to its title and its sentence. */
function card({ repair, findings: found }: RepairGroup, means: Means): HTMLElement {
  const [first] = found;
  const { code, severity, title, message } = first!;
  const several = found.length > 1;
  const element = h(
    'details',
    { class: `fold finding is-${severity}`, open: means.opened.get(code) ?? severity === 'error' },
    h(
      'summary',
      { class: 'fold-summary', 'data-key': `finding ${code}` },
      h('span', { class: 'finding-severity' }, SEVERITIES[severity]),
      ' ',
      h('h4', {}, several ? FINDINGS.together(found.map((finding) => finding.title)) : title),
      ' ',
      !several && h('span', { class: 'fold-line' }, message),
    ),
    h(
      'div',
      { class: 'fold-body' },
      found.map((finding) => about(finding, several, means.actions)),
      repair && h('div', { class: 'repair' }, repairButton(repair, found, means), means.previewed.place(repair)),
    ),
  );
  element.addEventListener('toggle', () => means.opened.set(code, element.open));
  return element;
}

function about(finding: Finding, several: boolean, actions: Actions): Child {
  const { severity, title, message, consequence, code } = finding;
  return h(
    'div',
    { class: `finding-about is-${severity}` },
    several && h('h5', {}, h('span', { class: 'finding-severity' }, SEVERITIES[severity]), ' ', title),
    h('p', { class: 'prose' }, message, ' ', h('span', { class: 'consequence' }, consequence)),
    isListed(code) &&
      button(FINDINGS.rows, () => actions.listFinding(finding), { class: 'quiet', 'aria-label': FINDINGS.rowsOf(title) }),
  );
}

function repairButton(repair: Repair, found: readonly Finding[], { keys, actions, previewed }: Means): Child {
  const label = labelOf(repair.path, keys) ?? repair.path;
  const what = found.map(({ title }) => title);
  const make = button(FINDINGS.repair(label, valueText(repair, keys)), () => actions.repair(repair, what), {
    'data-key': `repair ${nameOf(repair)}`,
  });
  return h(
    'div',
    { class: 'buttons' },
    previewed.add(make),
    h('code', { class: 'key' }, FINDINGS.key(repair.path, repair.value === null ? FINDINGS.nothing : String(repair.value))),
  );
}
