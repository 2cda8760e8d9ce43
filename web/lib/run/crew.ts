/**
 * Who reads a large text file: this thread and its helpers, other threads that each have an engine of their own. What
 * they say to each other is about chunks of the file; src/ingest/chunks/chunk_reader.h says what one is.
 */
import { EventDataError } from '../types/index.js';
import { isAnywhere, type OpenFile, type SharedFile } from './source.js';
import * as WORDS from '../words.js';

/**
 * Sizes in bytes: of the least file that is read in chunks, and of a chunk; larger from a Blob, as a browser takes a while
 * to fetch any slice. Tests have smaller ones.
 */
export const chunkSizes = { leastFile: 16 << 20, chunk: 4 << 20, blobChunk: 8 << 20 };

/** Whether a file is worth several threads. */
export function isLarge(file: OpenFile): boolean {
  return isAnywhere(file) && file.size! >= chunkSizes.leastFile && !file.once;
}

export type ToHelper =
  | { plan: string; task: Uint8Array; file: SharedFile | null }
  | { chunk: number; offset: number; size: number; chunkSize: number; anew: boolean; bytes: Uint8Array | null };

/** `made` is null where the chunk could not be read apart; the first message has no chunk and says that the helper works. */
export type FromHelper = { ready: true } | { chunk: number; made: Uint8Array | null };

/** Another thread that reads chunks, in the order given. */
export interface Helper {
  post(message: ToHelper, transfer: ArrayBuffer[]): void;
  /** null: it is lost. */
  listen(heard: (message: FromHelper | null) => void): void;
}

/** Starts so many helpers; each is handed over when it can be spoken to. */
export type StartHelpers = (count: number, found: (helper: Helper) => void) => { end(): unknown };

export function threadsOf(asked: number | undefined, cores: number | undefined): number {
  if (asked === undefined) return Math.min(Math.max(cores ?? 1, 1), 8);
  if (Number.isInteger(asked) && asked >= 1 && asked <= 256) return asked;
  throw new EventDataError('badCall', WORDS.threads(String(asked)));
}

export interface Member {
  helper: Helper;
  waiting: Map<number, (made: Uint8Array | null) => void>;
  anew: boolean;
  lost: boolean;
  job: object | undefined;
}

/** The helpers of one run. They join as they become ready; one that never does is never waited for. */
export class Crew {
  readonly #members: Member[] = [];
  readonly #started: { end(): unknown };

  constructor(
    readonly threads: number,
    start: StartHelpers,
  ) {
    this.#started = start(threads - 1, (helper) => this.#join(helper));
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  async end(): Promise<void> {
    await this.#started.end();
  }

  #join(helper: Helper): void {
    const member: Member = { helper, waiting: new Map(), anew: false, lost: false, job: undefined };
    helper.listen((message) => {
      if (message === null) {
        member.lost = true;
        for (const done of member.waiting.values()) done(null);
        member.waiting.clear();
      } else if ('ready' in message) {
        this.#members.push(member);
      } else {
        member.waiting.get(message.chunk)?.(message.made);
        member.waiting.delete(message.chunk);
      }
    });
  }
}
