/** Where the engine of the one-file page comes from: it is in the page, as text. */
import type { Modules } from '../lib/engine.js';
import codecs from '../engine/codecs.wasm?packed';
import engine from '../engine/engine.wasm?packed';
import extras from '../engine/extras.wasm?packed';

export { startWorker } from './inline-worker.js';

export async function loadModules(): Promise<Modules> {
  const [first, second, third] = await Promise.all([engine, extras, codecs].map(unpack));
  return { engine: first!, extras: second!, codecs: third! };
}

/** From base64 of gzip. */
async function unpack(packed: string): Promise<WebAssembly.Module> {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return WebAssembly.compile(await new Response(unpacked).arrayBuffer());
}
