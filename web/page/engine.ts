/** Everything of the engine is loaded once, with the page: the worker's code is in the page's own, the wasm compiled here. */
import EngineWorker from '../lib/worker-main.ts?worker&inline';
import { useLoaded } from '../lib/worker.js';
import codecsAddress from '../engine/codecs.wasm?url';
import engineAddress from '../engine/engine.wasm?url';
import extrasAddress from '../engine/extras.wasm?url';

/** While it is fetched, if the server says that it is wasm; some do not. */
async function compile(address: string): Promise<WebAssembly.Module> {
  const response = await fetch(address);
  if (response.ok && response.headers.get('Content-Type') === 'application/wasm') return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** A worker started from a Blob is under the page's policy, so it can reach no other place either. */
export async function loadEngine(): Promise<void> {
  const [engine, extras, codecs] = await Promise.all([engineAddress, extrasAddress, codecsAddress].map(compile));
  useLoaded(() => new EngineWorker({ name: 'causal-sessions' }), { engine: engine!, extras: extras!, codecs: codecs! });
}
