/** A helper's side of a large text file: it reads the chunks it is told to, with an engine of its own. */
import type { Engine, EngineChunkReader } from '../engine/bindings.js';
import { guarded, roomFor } from '../engine/engine.js';
import type { FromHelper, ToHelper } from './crew.js';
import { sliceOfBlob } from './source.js';

/** In order, while the next one's bytes are on their way. */
export function serveChunks(
  loadEngine: () => Promise<Engine>,
  post: (message: FromHelper, transfer: ArrayBuffer[]) => void,
  readInto?: (descriptor: number, room: Uint8Array, offset: number) => number,
): (message: ToHelper) => void {
  let job: Extract<ToHelper, { task: Uint8Array }>;
  let reader: EngineChunkReader | undefined;
  const queue: { message: Extract<ToHelper, { chunk: number }>; job: typeof job; bytes?: Promise<Uint8Array | null> }[] = [];
  let busy = false;
  const fetch = (entry: (typeof queue)[number] | undefined) => {
    if (!entry || entry.bytes) return;
    const {
      message: { bytes, offset, size },
      job: { file },
    } = entry;
    entry.bytes = file instanceof Blob ? sliceOfBlob(file, offset, size) : Promise.resolve(bytes);
    entry.bytes.catch(() => undefined);
  };
  let readerJob: typeof job | undefined;
  const read = async (entry: (typeof queue)[number]): Promise<Uint8Array | null> => {
    const { offset, size, chunkSize, anew } = entry.message;
    const engine = await loadEngine();
    fetch(entry);
    const bytes = await entry.bytes!;
    fetch(queue[1]);
    if (anew || readerJob !== entry.job) {
      reader?.delete();
      reader = undefined;
    }
    reader ??= guarded(() => engine.createChunkReader(entry.job.plan, entry.job.task));
    readerJob = entry.job;
    const room = roomFor(engine, reader!, size);
    let filled = bytes?.length ?? 0;
    if (bytes) room.set(bytes);
    else filled = readInto!(entry.job.file as number, room, offset);
    return guarded(() => reader!.read(filled, chunkSize));
  };
  const work = async () => {
    busy = true;
    for (let entry; (entry = queue[0]); queue.shift()) {
      let made: Uint8Array | null = null;
      try {
        made = await read(entry);
      } catch {
        reader = undefined; // the chunk is read where the others are absorbed, and what is wrong with it told there
      }
      post({ chunk: entry.message.chunk, made }, made ? [made.buffer as ArrayBuffer] : []);
    }
    busy = false;
  };
  void loadEngine().then(
    () => post({ ready: true }, []),
    () => undefined,
  );
  return (message) => {
    if ('task' in message) {
      job = message;
      return;
    }
    queue.push({ message, job });
    if (queue.length === 2) fetch(queue[1]);
    if (!busy) void work();
  };
}
