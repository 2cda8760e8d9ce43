/** The engine's code, compiled once for all workers of a document. */
import type { Modules } from './engine.js';
import { compileFrom, loadFrom, partAddresses } from './parts.js';
import { sharesMemory } from './threads.js';

/** Written out, since that is how bundlers find the files. */
const addresses = {
  ...partAddresses,
  engineThreads: () => new URL('../../engine/engine-threads.wasm', import.meta.url),
  glue: () => new URL('../../engine/engine-threads.mjs', import.meta.url),
  codecs: () => new URL('../../engine/codecs.wasm', import.meta.url),
};

/** What is needed first: of the two engines the one for this place, with the address of what is left of it. */
export const fetchModules = once(async (): Promise<Modules> => {
  if (!sharesMemory()) return { engine: await compileFrom(addresses.first()), rest: addresses.rest().href };
  const engine = compileFrom(addresses.engineThreads());
  const code = (await loadFrom(addresses.glue())).text();
  return { engine: await engine, glue: { address: addresses.glue().href, code: await code } };
});

/** With all that may be needed later. */
export const fetchAllModules = once(async (): Promise<Modules> => {
  const first = await fetchModules();
  const [codecs, rest] = await Promise.all([compileFrom(addresses.codecs()), first.rest && compileFrom(addresses.rest())]);
  return { ...first, codecs, rest };
});

/** Fetches what has not been fetched yet; after a failure the next call tries again. */
function once<T>(fetching: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= fetching().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
