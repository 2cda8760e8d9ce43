/** causal-sessions simulate: an event stream, and beside it the truth that it was made from. */
import { createWriteStream } from 'node:fs';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { EventDataError, simulatePieces, type Truth } from '../node.js';

const DEFAULT_EVENTS = '100000';

export interface Simulated {
  bytes: number;
  events: number;
  truth: (Truth & { path: string }) | undefined;
}

/** Writes `out`, or standard output for -, which has no truth beside it; both files or none. */
export async function writeSimulation(
  out: string,
  given: Readonly<Record<string, string>>,
  wantsTruth: boolean,
  signal: AbortSignal,
): Promise<Simulated> {
  // What is no number stays text, which the engine refuses by name.
  const options: Record<string, unknown> = { events: DEFAULT_EVENTS, ...given };
  const toFile = out !== '-';
  const there = toFile ? await stat(out).catch(() => undefined) : undefined;
  if (there && !there.isFile() && !there.isDirectory()) {
    throw new EventDataError('unwritable', `${out} is a device or a pipe; name a file.`);
  }
  const truthPath = join(dirname(out), `${parse(out).name}.truth.json`);
  const partials = [out, truthPath].map((path) => `${path}.${process.pid}.partial`) as [string, string];
  const stream: Writable = toFile ? createWriteStream(partials[0]) : process.stdout;
  try {
    let bytes = 0;
    const failed = new Promise<never>((_resolve, reject) => stream.once('error', reject));
    failed.catch(() => undefined);
    const truth = await simulatePieces(
      options,
      (piece) => {
        bytes += piece.length;
        stream.write(piece);
      },
      async () => {
        signal.throwIfAborted();
        if (stream.writableNeedDrain) await Promise.race([failed, new Promise((resolve) => stream.once('drain', resolve))]);
      },
      toFile && wantsTruth,
    );
    const events = Number(options['events']);
    if (!toFile) return { bytes, events, truth: undefined };
    stream.end();
    await finished(stream);
    if (truth !== undefined) await writeFile(partials[1], truth);
    await rename(partials[0], out);
    if (truth === undefined) return { bytes, events, truth };
    await rename(partials[1], truthPath);
    return { bytes, events, truth: { ...(JSON.parse(truth) as Truth), path: truthPath } };
  } catch (error) {
    // Opening may still be under way, and would put the file back.
    if (toFile && !stream.closed) await new Promise((resolve) => stream.once('close', resolve).destroy());
    if (toFile) await Promise.all(partials.map((path) => rm(path, { force: true }).catch(() => undefined)));
    if ((error as Error).name === 'AbortError' || error instanceof EventDataError) throw error;
    if ((error as NodeJS.ErrnoException).code) {
      throw new EventDataError('unwritable', `${out} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
    }
    throw error;
  }
}
