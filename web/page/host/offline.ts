/** Keeps the page for the next time, by a service worker that has all its files; service-worker.ts says how. */

import { PAGE } from '../words/common.js';

/** Resolved when the worker is done, so that it asks for nothing later; tells whether the page opens offline from now on. */
export async function keepOffline(place: HTMLElement): Promise<boolean> {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return false;
  try {
    const registration = await navigator.serviceWorker.register('./service-worker.js', { updateViaCache: 'none' });
    if (registration.active) await registration.update().catch(() => undefined); // fails offline
    if (registration.installing) await end(registration.installing);
    if (registration.active && registration.waiting) offerUpdate(place, registration.waiting);
    return (registration.active ?? registration.waiting) !== null;
  } catch {
    return false; // a private window, or a server without the file
  }
}

/** Of its installation, good or bad. */
function end(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    const check = () => worker.state !== 'installing' && resolve();
    worker.addEventListener('statechange', check);
    check();
  });
}

/** A new build waits until the old one is left; who wants it now says so. */
function offerUpdate(place: HTMLElement, waiting: ServiceWorker): void {
  const reload = document.createElement('button');
  reload.textContent = PAGE.reload;
  reload.addEventListener('click', () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    waiting.postMessage('activate');
  });
  place.replaceChildren(PAGE.update, reload);
}
