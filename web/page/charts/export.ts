/** A chart as a file of its own: what classes say becomes attributes, so that it looks the same anywhere. */
import { downloadBlob } from '../disk.js';
import { s } from './svg.js';

/** What a drawing here can get from the style sheet. */
const PROPERTIES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-variant-numeric',
];
const MARGIN = 16;
const TITLE = 28;
/** Pixels of the PNG for one of the page's: sharp on paper and dense screens. */
const DENSITY = 3;

export async function saveSvg(svg: SVGSVGElement, name: string, title: string): Promise<void> {
  downloadBlob(new Blob([standalone(svg, title)], { type: 'image/svg+xml' }), `${name}.svg`);
}

/** Through an image of a data: address, the only kind that the page's policy allows. */
export async function savePng(svg: SVGSVGElement, name: string, title: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(svg, title))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * DENSITY;
  canvas.height = image.height * DENSITY;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (png) downloadBlob(png, `${name}.png`);
}

/** With its title, on the page's background. */
function standalone(svg: SVGSVGElement, title: string): string {
  const [width, height] = [
    Number(svg.getAttribute('width')) + 2 * MARGIN,
    Number(svg.getAttribute('height')) + 2 * MARGIN + TITLE,
  ];
  const page = getComputedStyle(svg);
  const drawing = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll<SVGElement>('*')];
  for (const [i, element] of [drawing, ...drawing.querySelectorAll<SVGElement>('*')].entries())
    inlineStyles(originals[i]!, element);
  for (const control of drawing.querySelectorAll('[role=slider]')) {
    for (const name of control.getAttributeNames()) if (/^(role|tabindex|aria-.*)$/.test(name)) control.removeAttribute(name);
  }
  drawing.setAttribute('x', String(MARGIN));
  drawing.setAttribute('y', String(MARGIN + TITLE));
  const picture = s(
    'svg',
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': `${title}. ${svg.getAttribute('aria-label')}`,
    },
    s('rect', { width, height, fill: page.getPropertyValue('--paper') }),
    s(
      'text',
      {
        x: MARGIN,
        y: MARGIN + 14,
        fill: page.getPropertyValue('--ink'),
        'font-family': page.fontFamily,
        'font-size': 15,
        'font-weight': 650,
      },
      title,
    ),
    drawing,
  );
  return new XMLSerializer().serializeToString(picture);
}

function inlineStyles(original: Element, copy: SVGElement): void {
  const styles = getComputedStyle(original);
  for (const property of PROPERTIES) {
    const value = styles.getPropertyValue(property);
    if (value !== '') copy.setAttribute(property, value);
  }
  copy.removeAttribute('class');
  copy.removeAttribute('style');
}
