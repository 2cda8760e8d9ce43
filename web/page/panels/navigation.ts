/** The sections as a rail beside them, or a bar above them on a narrow screen: what each has to tell, and the way there. */
import { button, h, setAttribute } from '../dom.js';
import { count } from '../format.js';
import { changedKeys } from '../model/plan.js';
import { severitiesOf } from '../model/summary.js';
import type { Actions, Panel, Stage } from '../panel.js';
import { blame, problemOf, shownResult, type State } from '../state.js';
import { PAGE, SECTIONS, tally } from '../words/common.js';
import { CHANGES } from '../words/settings.js';

const STAGES = Object.keys(SECTIONS) as Stage[];

/** The sections of the plan that each stage sets. */
const KEYS: Partial<Record<Stage, readonly string[]>> = {
  data: ['preset', 'input', 'columns', 'time', 'events', 'rows'],
  sessions: ['session'],
  design: ['profile', 'index', 'treatment', 'outcome', 'data', 'sequence', 'vocabulary'],
  split: ['split'],
  files: ['output'],
};

export class Navigation implements Panel {
  readonly element: HTMLElement;
  readonly #badges = new Map<Stage, HTMLElement>();

  /** `sections`: what they lead to. */
  constructor(actions: Actions, sections: readonly HTMLElement[]) {
    const links = new Map<Element, HTMLButtonElement>();
    const entries = STAGES.map((stage) => {
      const badge = h('span', { class: 'nav-badge' });
      this.#badges.set(stage, badge);
      const link = button([SECTIONS[stage][0], ' ', badge], () => actions.goTo(stage), {
        class: 'nav-link',
        'data-key': `go to ${stage}`,
      });
      const section = sections.find((element) => element.dataset['stage'] === stage);
      if (section) links.set(section, link);
      return h('li', {}, link);
    });
    this.element = h('nav', { class: 'nav', 'aria-label': PAGE.nav }, h('ul', { class: 'plain' }, entries));
    // The one that is at the top of the window, below what sticks there.
    const watch = new IntersectionObserver(
      (seen) => {
        for (const { target, isIntersecting } of seen)
          setAttribute(links.get(target)!, 'aria-current', isIntersecting ? 'true' : null);
      },
      { rootMargin: '-20% 0px -79% 0px' },
    );
    for (const section of links.keys()) watch.observe(section);
  }

  update(state: State): void {
    const blamed = blame(state)?.column?.split('.')[0];
    const changed = changedKeys(state.changes).map(([path]) => path.split('.')[0]!);
    for (const stage of STAGES) {
      const sections = KEYS[stage] ?? [];
      const mine = changed.filter((section) => sections.includes(section)).length;
      const wrong = blamed !== undefined && sections.includes(blamed);
      const [text, spoken, kind] = wrong ? (['!', PAGE.problem, 'problem'] as const) : badgeOf(stage, state, mine);
      const badge = this.#badges.get(stage)!;
      badge.className = `nav-badge is-${kind}`;
      badge.replaceChildren(
        h('span', { 'aria-hidden': 'true' }, text),
        h('span', { class: 'unseen' }, spoken === '' ? '' : `, ${spoken}`),
      );
      badge.hidden = text === '';
    }
  }
}

type Badge = readonly [text: string, spoken: string, kind: 'quiet' | 'problem'];

function badgeOf(stage: Stage, state: State, changed: number): Badge {
  const result = shownResult(state)?.dataset;
  const none: Badge = ['', '', 'quiet'];
  switch (stage) {
    case 'data': {
      if (state.files.some((file) => problemOf(file))) return ['!', PAGE.problem, 'problem'];
      return state.files.length > 0 ? [count(state.files.length), PAGE.files(state.files.length), 'quiet'] : none;
    }
    case 'run':
      return state.run.kind === 'failed' ? ['!', PAGE.problem, 'problem'] : none;
    case 'result': {
      if (!result?.audit) return none;
      if (result.report.all.sessions === 0) return ['!', PAGE.problem, 'problem'];
      const { error, warning, note } = severitiesOf(result.audit.findings);
      return [`${error}/${warning}/${note}`, tally({ error, warning, note }), error > 0 ? 'problem' : 'quiet'];
    }
    case 'look':
      return result ? [count(result.report.all.sessions), '', 'quiet'] : none;
    default:
      return changed > 0 ? [count(changed), CHANGES.badge(changed), 'quiet'] : none;
  }
}
