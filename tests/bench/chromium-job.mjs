/**
 * This project's engine in a Chromium worker: the published module and a File on the disk, as a page has them. Starting
 * the browser and loading the engine are no part of the job. Memory is that of the page's process, worker included.
 */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { path, run } from './peers/harness.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const { chromium } = createRequire(join(repository, 'web/package.json'))('playwright-core');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
/** With them the engine has threads. */
const ISOLATING = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
const PAGE = '<!doctype html><meta charset="utf-8"><title>bench</title><input type="file">';

/** The package's two folders, figures.mjs and an empty page. */
async function serve() {
  const server = createServer((request, response) => {
    const name = normalize(request.url);
    const known = /^\/(dist|engine)\//.test(name)
      ? join(repository, 'web', name)
      : name === '/figures.mjs' && fileURLToPath(new URL('figures.mjs', import.meta.url));
    if (name !== '/' && !(known && existsSync(known))) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': TYPES[extname(name)] ?? 'text/html', ...(threads > 1 && ISOLATING) });
    name === '/' ? response.end(PAGE) : createReadStream(known).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${server.address().port}/`, server };
}

/** In the page. */
async function runInPage(threads) {
  const { prepare } = await import('/dist/worker.js');
  const { PARTS, figuresOf, stageClock } = await import('/figures.mjs');
  globalThis.last?.dataset.dispose();
  const clock = stageClock();
  const startedAt = performance.now();
  const dataset = await prepare(document.querySelector('input').files[0], undefined, { threads, onProgress: clock.onProgress });
  clock.enter('handing over');
  const columns = await Promise.all(PARTS.map((part) => dataset.split(part)));
  globalThis.last = { dataset, figures: () => figuresOf(dataset, columns) };
  return { seconds: (performance.now() - startedAt) / 1000, stages: clock.end() };
}

async function peakBytes(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const peaks = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => {
      const [, kilobytes] = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
      return Number(kilobytes) * 1024;
    });
  return Math.max(...peaks);
}

const threads = Number(process.env.BENCH_THREADS ?? 1);
const { address, server } = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
const page = await browser.newPage();
page.setDefaultTimeout(0);
await page.goto(address);
await page.setInputFiles('input', path);
await page.evaluate(() => import('/dist/worker.js').then(({ warmUp }) => warmUp()));

async function tell(first) {
  const peak = await peakBytes(browser).catch(() => null);
  const figures = await page.evaluate(() => globalThis.last.figures());
  const warm = await page.evaluate(runInPage, threads);
  return {
    figures,
    seconds: first.seconds,
    warm: warm.seconds,
    stages: warm.stages,
    peak,
    wall: null,
    version: browser.version(),
  };
}

await run(() => page.evaluate(runInPage, threads), tell);
await browser.close();
server.close();
