/**
 * The engine's code in two parts, as scripts/split-engine.mjs makes them: what a first look at data needs, and the rest. That is handed
 * over once it has been fetched, or is fetched by the first call of anything in it, which waits for it.
 */
import * as WORDS from '../words.js';

/** Written out, since that is how bundlers find the files. */
export const partAddresses = {
  first: () => new URL('../../engine/engine.wasm', import.meta.url),
  rest: () => new URL('../../engine/engine-rest.wasm', import.meta.url),
};

/** Something of the engine was called that is not here, and cannot be had. */
export class PartMissing extends Error {
  override name = 'PartMissing';
}

/** The first part at work. */
export interface Parts {
  instance: WebAssembly.Instance;
  /** Joins the rest to it; once is enough. */
  join(rest: WebAssembly.Module): void;
}

/**
 * `fetchRest`: asked by a call that needs it, if nobody has brought it. An engine that is whole never asks. `broken`: what such a call
 * throws where the rest cannot be had; the engine is then in the middle of something, and of no use any more.
 */
export function instantiateParts(
  first: WebAssembly.Module,
  imports: WebAssembly.Imports,
  fetchRest: () => WebAssembly.Module,
  broken: (missing: PartMissing) => Error,
): Parts {
  let joined = false;
  const join = (rest: WebAssembly.Module) => {
    if (joined) return;
    if (pairOf(rest) !== pairOf(first)) throw new PartMissing(WORDS.otherPart);
    new WebAssembly.Instance(rest, { primary: instance.exports });
    joined = true;
  };
  const bring = () => {
    try {
      join(fetchRest());
    } catch (error) {
      throw error instanceof PartMissing ? broken(error) : error;
    }
  };
  const placeholder: Record<string, (...args: unknown[]) => unknown> = {};
  for (const { module, name } of WebAssembly.Module.imports(first)) {
    if (module !== 'placeholder') continue;
    placeholder[name] = (...args) => {
      if (!joined) bring();
      return table.get(Number(name))(...args) as unknown;
    };
  }
  const instance = new WebAssembly.Instance(first, { ...imports, placeholder });
  const table = Object.values(instance.exports).find((entry) => entry instanceof WebAssembly.Table)!;
  return { instance, join };
}

/** What names the engine that the part is of. */
function pairOf(part: WebAssembly.Module): string {
  const [name] = WebAssembly.Module.customSections(part, 'pair');
  return name ? new TextDecoder().decode(name) : '';
}

export async function loadFrom(address: URL): Promise<Response> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.href} could not be loaded: status ${response.status}.`);
  return response;
}

/** While it is fetched, if the server says that it is wasm; some do not. */
export async function compileFrom(address: URL): Promise<WebAssembly.Module> {
  const response = await loadFrom(address);
  if (response.headers.get('Content-Type') === 'application/wasm') return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Waits for the network, which only a worker may. */
export function fetchNow(address: string): WebAssembly.Module {
  const request = new XMLHttpRequest();
  try {
    request.open('GET', address, false);
    request.responseType = 'arraybuffer';
    request.send();
  } catch {
    throw new PartMissing(WORDS.partMissing(address));
  }
  if (request.status !== 200) throw new PartMissing(WORDS.partMissing(`${address}, status ${request.status}`));
  try {
    return new WebAssembly.Module(request.response as ArrayBuffer);
  } catch (error) {
    // Some servers answer with their first page where they have no such file.
    throw error instanceof WebAssembly.CompileError
      ? new PartMissing(WORDS.partMissing(`${address}, which is no WebAssembly`))
      : error;
  }
}
