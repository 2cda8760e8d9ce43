/** The buttons that hand on what is here: the result as a report, the settings as a link. */
import { button, type Child } from '../dom.js';
import type { Actions } from '../panel.js';
import { FILES, LINK } from '../words/files.js';

/** How long a button says what it has done. */
const SHOWN_MS = 2500;

export function reportButton(actions: Actions): HTMLButtonElement {
  return button(FILES.report, () => actions.report('download'), { title: FILES.reportTitle });
}

export function printButton(actions: Actions): HTMLButtonElement {
  return button(FILES.print, () => actions.report('print'));
}

/** Nothing where the address is another's. */
export function linkButton({ copyLink }: Actions): Child {
  if (!copyLink) return null;
  const control = button(
    LINK.copy,
    async () => {
      control.textContent = (await copyLink()) ? LINK.copied : LINK.failed;
      setTimeout(() => (control.textContent = LINK.copy), SHOWN_MS);
    },
    { title: LINK.title, 'data-key': 'link' },
  );
  return control;
}
