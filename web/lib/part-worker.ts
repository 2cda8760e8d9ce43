/** A helper in Node: reads parts of a large text file on a thread of its own. */
import { readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { loadEngine } from './engine.js';
import { serveParts, type ToHelper } from './parts.js';

function readInto(descriptor: number, room: Uint8Array, offset: number): number {
  let filled = 0;
  for (let size; filled < room.length && (size = readSync(descriptor, room, filled, room.length - filled, offset + filled)) > 0; ) filled += size;
  return filled;
}

parentPort!.on('message', serveParts(loadEngine, (message, transfer) => parentPort!.postMessage(message, transfer), readInto) as (message: ToHelper) => void);
