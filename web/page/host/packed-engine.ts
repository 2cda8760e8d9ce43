/** Where the engine of the one-file page comes from: it is in the page, as text. */
import codecs from '../../engine/codecs.wasm?packed';
import engine from '../../engine/engine.wasm?packed';
import rest from '../../engine/engine-rest.wasm?packed';
import type { Modules } from '../../lib/engine/engine.js';
import type { SourceItem } from '../../lib/types/index.js';

export { startWorker } from './inline-worker.js';

export async function loadModules(): Promise<Modules> {
  const [first, behind, third] = await Promise.all([engine, rest, codecs].map(unpack));
  return { engine: first!, rest: behind!, codecs: third! };
}

let workersRead: Promise<boolean> | undefined;

/** WebKit lets no worker of a page on the disk read a file. There the page reads it, whole. */
export async function open(file: File): Promise<SourceItem> {
  workersRead ??= tryReading();
  return (await workersRead) ? file : { name: file.name, data: await file.arrayBuffer() };
}

function tryReading(): Promise<boolean> {
  const code = 'onmessage = ({ data }) => data.text().then(() => postMessage(true), () => postMessage(false))';
  const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const worker = new Worker(address);
  return new Promise<boolean>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<boolean>) => resolve(data);
    worker.postMessage(new Blob(['x']));
  }).finally(() => {
    worker.terminate();
    URL.revokeObjectURL(address);
  });
}

/** From base64 of gzip. */
async function unpack(packed: string): Promise<WebAssembly.Module> {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return WebAssembly.compile(await new Response(unpacked).arrayBuffer());
}
