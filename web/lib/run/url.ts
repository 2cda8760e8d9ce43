/** A file by its address: read by ranges where the server gives them, else as one stream. */
import { EventDataError } from '../types/index.js';
import * as WORDS from '../words.js';

const FIRST_BYTES = 1 << 20;
const PIECE_BYTES = 1 << 20;

/** What tells one state of a file from another. */
interface State {
  size: number | null;
  etag: string | null;
  modified: string | null;
}

export class UrlFile {
  readonly name: string;
  /** Known once start() has asked. */
  size: number | null = null;
  once = false;
  range?: (offset: number, size: number) => Promise<Uint8Array>;
  readonly #url: URL;
  #signal: AbortSignal | undefined;
  #state: State | undefined;
  /** The first answer: its bytes, or its body where the server knows no ranges. */
  #first: Uint8Array | undefined;
  #whole: Response | undefined;

  constructor(url: string | URL, name?: string) {
    this.#url = addressOf(url);
    // Neither a password nor the query, which may hold a key, is shown or written.
    this.name = name ?? this.#url.origin + this.#url.pathname;
  }

  /** Asks for the first bytes, and learns how the rest can be had. */
  async start(signal?: AbortSignal): Promise<void> {
    this.#signal = signal;
    if (this.#state) return; // it is read again
    const response = await this.#fetch(0, FIRST_BYTES - 1);
    const range = rangeOf(response);
    if (response.status === 416 && /\/0$/.test(response.headers.get('content-range') ?? '')) {
      await drop(response);
      this.#first = new Uint8Array(0);
      this.#state = stateOf(response, 0);
    } else if (range && range.begin === 0 && range.size !== null && !isEncoded(response)) {
      this.#state = stateOf(response, range.size);
      this.#first = await this.#bytesOf(response, Math.min(FIRST_BYTES, range.size));
    } else if (response.status === 206) {
      await drop(response);
      this.#whole = await this.#fetch();
    } else {
      this.#whole = response;
    }
    if (this.#whole) {
      this.#refuseStatus(this.#whole);
      this.once = true;
      this.#state = stateOf(this.#whole, null);
      return;
    }
    this.size = this.#state!.size;
    this.range = (offset, size) => this.#range(offset, size);
  }

  async *pieces(signal?: AbortSignal): AsyncIterable<Uint8Array> {
    await this.start(signal ?? this.#signal);
    if (this.once) {
      const response = this.#whole;
      if (!response) throw new EventDataError('badSource', WORDS.readOnce(this.name));
      this.#whole = undefined;
      const length = response.headers.get('content-length');
      return yield* this.#piecesOf(response, length === null || isEncoded(response) ? null : Number(length));
    }
    const first = this.#first!;
    if (first.length > 0) yield first;
    if (first.length === this.size) return;
    const response = await this.#fetch(first.length);
    this.#check(response, first.length);
    yield* this.#piecesOf(response, this.size! - first.length);
  }

  async #range(offset: number, size: number): Promise<Uint8Array> {
    const end = Math.min(offset + size, this.size!);
    const first = this.#first!;
    if (end <= first.length) return first.subarray(offset, end);
    const response = await this.#fetch(offset, end - 1);
    this.#check(response, offset);
    return this.#bytesOf(response, end - offset);
  }

  /** From `begin` to `end`, with both of them; without an end, the rest; without both, all. */
  async #fetch(begin?: number, end?: number): Promise<Response> {
    // Compressed on the way, ranges would be ranges of something else.
    const headers: Record<string, string> = { 'Accept-Encoding': 'identity' };
    if (begin !== undefined) headers['Range'] = `bytes=${begin}-${end ?? ''}`;
    try {
      return await fetch(this.#url, { headers, cache: 'no-store', ...(this.#signal && { signal: this.#signal }) });
    } catch (error) {
      throw this.#failed(error, 'cannot be fetched');
    }
  }

  /** Whether an answer is the part that was asked for, of the file as it was. */
  #check(response: Response, begin: number): void {
    const range = rangeOf(response);
    const now = stateOf(response, range?.size ?? null);
    const was = this.#state!;
    const other = range?.size !== was.size || now.etag !== was.etag || now.modified !== was.modified;
    if ((response.ok || response.status === 412 || response.status === 416) && other) {
      void drop(response);
      throw new EventDataError('unreadable', WORDS.urlChanged(this.name), { file: this.name });
    }
    this.#refuseStatus(response);
    if (range!.begin === begin) return;
    void drop(response);
    throw new EventDataError('unreadable', WORDS.otherBytes(this.name), {
      file: this.name,
    });
  }

  #refuseStatus(response: Response): void {
    if (response.ok) return;
    void drop(response);
    const said = `${response.status} ${response.statusText}`.trim();
    throw new EventDataError('unreadable', WORDS.answered(this.name, said), { file: this.name });
  }

  async #bytesOf(response: Response, size: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(size);
    let at = 0;
    for await (const piece of this.#piecesOf(response, size)) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  /** `size`: of the body; null where nobody knows it. */
  async *#piecesOf(response: Response, size: number | null): AsyncIterable<Uint8Array> {
    const reader = response.body?.getReader();
    let at = 0;
    let ended = false;
    try {
      while (reader) {
        const { value, done } = await reader.read().catch((error: unknown) => {
          throw this.#failed(error, `was cut off after ${at}${size === null ? '' : ` of ${size}`} bytes`);
        });
        ended = done;
        if (done) break;
        at += value.length;
        if (size !== null && at > size) break;
        for (let from = 0; from < value.length; from += PIECE_BYTES) yield value.subarray(from, from + PIECE_BYTES);
      }
    } finally {
      if (!ended) await reader?.cancel().catch(() => undefined);
    }
    if (size === null || at === size) return;
    throw new EventDataError('unreadable', WORDS.cutOff(this.name, at, size), { file: this.name });
  }

  #failed(error: unknown, what: string): unknown {
    if (this.#signal?.aborted) return this.#signal.reason;
    const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
    const reason = cause?.code ?? cause?.message ?? message;
    return new EventDataError('unreadable', `${this.name} ${what} (${reason}).`, { file: this.name });
  }
}

function addressOf(url: string | URL): URL {
  let address: URL;
  try {
    address = new URL(url, (globalThis as { location?: { href: string } }).location?.href);
  } catch {
    throw new EventDataError('badSource', WORDS.noAddress(String(url)));
  }
  if (!/^(https?|blob|data):$/.test(address.protocol)) {
    throw new EventDataError('badSource', WORDS.notFetched(address.href));
  }
  return address;
}

function stateOf({ headers }: Response, size: number | null): State {
  return { size, etag: headers.get('etag'), modified: headers.get('last-modified') };
}

/** "bytes 0-99/1234" of an answer with a part; the size may be "*". */
function rangeOf(response: Response): { begin: number; size: number | null } | undefined {
  const found = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (response.status !== 206 || !found) return undefined;
  return { begin: Number(found[1]), size: found[2] === '*' ? null : Number(found[2]) };
}

function isEncoded({ headers }: Response): boolean {
  return !['', 'identity'].includes(headers.get('content-encoding') ?? '');
}

async function drop(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => undefined);
}
