/**
 * Gives the page from the cache, so that it opens without a network and asks for nothing that it has.
 *
 * Each build has a cache of its own, named by the hash of all its files, and a worker takes files from its own cache
 * alone; every file is checked against its hash when it is cached. So a page is of one build, whatever the server does
 * meanwhile. A new build is cached beside the old one, and takes its place when no page uses that any more, or when
 * somebody asks for it.
 *
 * What it gives is isolated, so that the engine may share its memory among threads, whatever the server's headers are: from the
 * second visit on, since the first one comes from the server. `require-corp`, as all that the page has is its own.
 */
/** Filled in by the build: a hash of everything, and the SHA-256 of each file by its address; LATER are kept once asked for. */
declare const VERSION: string;
declare const FILES: Record<string, string>;
declare const LATER: Record<string, string>;
/** lib/engine/threads.ts */
declare const GROWS_SHARED: (userAgent: string) => boolean;

interface Lifetime extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchRequest extends Event {
  request: Request;
  respondWith(response: Promise<Response>): void;
}

const worker = self as unknown as {
  registration: ServiceWorkerRegistration;
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', hear: (event: Lifetime) => void): void;
  addEventListener(type: 'fetch', hear: (event: FetchRequest) => void): void;
  addEventListener(type: 'message', hear: (event: MessageEvent) => void): void;
};

// Other copies of the page, in other folders of this server, have caches too.
const ours = `causal-sessions ${worker.registration.scope} `;
const cacheName = ours + VERSION;
const addressOf = (path: string): string => new URL(path, worker.registration.scope).href;

/** Of the two engines the one that this browser takes is cached; the other one is kept where it is asked for. */
const isOther = (path: string): boolean =>
  (GROWS_SHARED(navigator.userAgent) ? /engine-(?!threads)[^/]*\.wasm$/ : /engine-threads/).test(path);
const first = Object.entries(FILES).filter(([path]) => !isOther(path));
const others = Object.entries({ ...LATER, ...FILES }).filter(([path]) => path in LATER || isOther(path));
const addresses = new Set(first.map(([path]) => addressOf(path)));
const later = new Map(others.map(([path, integrity]) => [addressOf(path), integrity]));

worker.addEventListener('install', (event) => event.waitUntil(fill()));
worker.addEventListener('activate', (event) => event.waitUntil(dropOld()));
worker.addEventListener('message', ({ data }) => data === 'activate' && void worker.skipWaiting());
worker.addEventListener('fetch', (event) => {
  const { href } = withoutQuery(event.request.url);
  if (event.request.method !== 'GET') return;
  if (addresses.has(href)) event.respondWith(give(href, event.request));
  else if (later.has(href)) event.respondWith(keep(href, event.request));
});

async function fill(): Promise<void> {
  const cache = await caches.open(cacheName);
  await Promise.all(
    first.map(async ([path, integrity]) => {
      const response = await fetch(new Request(path, { integrity, cache: 'no-cache' }));
      if (!response.ok) throw new TypeError(`${path}: status ${response.status}`);
      await cache.put(path, isolated(response));
    }),
  );
}

function isolated(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  return new Response(response.body, { status: response.status, headers });
}

async function dropOld(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(ours) && name !== cacheName).map((name) => caches.delete(name)));
}

/** From the server only where the browser has lost its cache. */
async function give(href: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  return (await cache.match(href)) ?? isolated(await fetch(request));
}

/** From the server the first time. A file of another build is given, and not kept. */
async function keep(href: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(href);
  if (kept) return kept;
  try {
    const response = isolated(await fetch(new Request(href, { integrity: later.get(href)!, cache: 'no-cache' })));
    if (response.ok) await cache.put(href, response.clone());
    return response;
  } catch {
    return isolated(await fetch(request));
  }
}

function withoutQuery(address: string): URL {
  const url = new URL(address);
  url.search = '';
  url.hash = '';
  return url;
}
