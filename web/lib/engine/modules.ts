/** The engine's code, compiled once for all workers of a document. */
import type { Modules } from './engine.js';
import { sharesMemory } from './threads.js';

/** Written out, since that is how bundlers find the files. */
const addresses = {
  engine: () => new URL('../../engine/engine.wasm', import.meta.url),
  engineThreads: () => new URL('../../engine/engine-threads.wasm', import.meta.url),
  glue: () => new URL('../../engine/engine-threads.mjs', import.meta.url),
  codecs: () => new URL('../../engine/codecs.wasm', import.meta.url),
};

let loading: Promise<Modules> | undefined;

/** Fetches what has not been fetched yet, of the two engines the one for this place; after a failure the next call tries again. */
export function fetchModules(): Promise<Modules> {
  loading ??= compileAll().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function compileAll(): Promise<Modules> {
  const compiled = (address: URL) => load(address).then(compile);
  const codecs = compiled(addresses.codecs());
  if (!sharesMemory()) return { engine: await compiled(addresses.engine()), codecs: await codecs };
  const engine = compiled(addresses.engineThreads());
  const code = (await load(addresses.glue())).text();
  return { engine: await engine, codecs: await codecs, glue: { address: addresses.glue().href, code: await code } };
}

async function load(address: URL): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.href} could not be loaded: status ${response.status}.`);
  return response;
}

/** While it is fetched, if the server says that it is wasm; some do not. */
async function compile(response: Response): Promise<WebAssembly.Module> {
  if (response.headers.get('Content-Type') === 'application/wasm') return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
