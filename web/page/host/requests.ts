/**
 * The count of requests since the page has loaded, beside the promise that nothing is uploaded.
 *
 * It counts what the browser's resource timing lists for this document: scripts, images, fetch and the like, when
 * they are over. blob: and data: addresses are in memory, so they do not count. Workers have lists of their own; those of this page
 * are under its policy, which lets them reach nothing but the page's own files.
 */
import { counted } from '../format.js';
import { PAGE } from '../words/common.js';

export function countRequests(place: HTMLElement, remark: string): void {
  const figure = document.createElement('output');
  let requests = 0;
  const show = () => (figure.textContent = requests === 0 ? PAGE.noRequests : counted(requests, PAGE.request));
  place.replaceChildren(figure, PAGE.sinceLoading(remark));
  show();
  new PerformanceObserver((list) => {
    requests += list.getEntries().filter(({ name }) => !/^(blob|data):/.test(name)).length;
    show();
  }).observe({ type: 'resource' });
}
