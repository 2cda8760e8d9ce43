/** Prints a document that is not the page's: by a frame nobody sees, which is gone afterwards. */

/**
 * Its styles come in as a sheet from script, since the page's policy, which the frame has too, allows none in the markup. Nothing in
 * the document runs.
 */
export function printHtml(html: string): void {
  const styles: string[] = [];
  // A browser complains of styles even where a document is only parsed.
  const markup = html.replace(/<style>(.*?)<\/style>/gs, (_element, style: string) => {
    styles.push(style);
    return '';
  });
  const parsed = new DOMParser().parseFromString(markup, 'text/html');
  const frame = document.createElement('iframe');
  frame.title = parsed.title;
  // One that is not displayed at all prints nothing in some browsers.
  Object.assign(frame.style, { position: 'fixed', right: '100%', width: '60rem', height: '60rem', border: '0' });
  frame.tabIndex = -1;
  frame.ariaHidden = 'true';
  document.body.append(frame);
  const view = frame.contentWindow as Window & typeof globalThis;
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(styles.join('\n'));
  view.document.adoptedStyleSheets = [sheet];
  view.document.title = parsed.title;
  view.document.body.replaceChildren(...parsed.body.childNodes);
  view.addEventListener('afterprint', () => setTimeout(() => frame.remove()), { once: true });
  view.print();
}
