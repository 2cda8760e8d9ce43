/** A helper in Node: reads chunks of a large text file on a thread of its own. */
import { readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { loadEngine } from '../engine/engine.js';
import type { FromHelper, ToHelper } from '../run/crew.js';
import { serveChunks } from '../run/helper.js';

function readInto(descriptor: number, room: Uint8Array, offset: number): number {
  let filled = 0;
  while (filled < room.length) {
    const size = readSync(descriptor, room, filled, room.length - filled, offset + filled);
    if (size === 0) break;
    filled += size;
  }
  return filled;
}

const post = (message: FromHelper, transfer: ArrayBuffer[]) => parentPort!.postMessage(message, transfer);
const hear = serveChunks(loadEngine, post, readInto);
parentPort!.on('message', (message: ToHelper) => hear(message));
