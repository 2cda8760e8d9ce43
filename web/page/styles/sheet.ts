/** The page's styles as one sheet that all elements share; a strict policy allows it, where it would not allow a <style>. */
import text from './page.css?inline';

let sheet: CSSStyleSheet | undefined;

export function styles(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
  }
  return sheet;
}
