/** The engine's code, compiled once for all workers of a document. */
import type { Modules } from './engine.js';

/** Written out, since that is how bundlers find the files. */
const addresses = (): Record<keyof Modules, URL> => ({
  engine: new URL('../../engine/engine.wasm', import.meta.url),
  codecs: new URL('../../engine/codecs.wasm', import.meta.url),
});

let loading: Promise<Modules> | undefined;

/** Fetches what has not been fetched yet; after a failure the next call tries again. */
export function fetchModules(): Promise<Modules> {
  loading ??= compileAll().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function compileAll(): Promise<Modules> {
  const { engine, codecs } = addresses();
  const compiled = await Promise.all([engine, codecs].map(compile));
  return { engine: compiled[0]!, codecs: compiled[1]! };
}

/** While it is fetched, if the server says that it is wasm; some do not. */
async function compile(address: URL): Promise<WebAssembly.Module> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.href} could not be loaded: status ${response.status}.`);
  if (response.headers.get('Content-Type') === 'application/wasm') return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
