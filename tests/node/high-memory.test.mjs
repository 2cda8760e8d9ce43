/** Above 2 and 3 GB of its memory the engine makes what it makes below, on one thread and on two. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadEngine } from '../../web/dist/engine/engine.js';
import { prepare, simulate } from '../../web/dist/node.js';
import { chunkSizes } from '../../web/dist/run/chunks.js';
import { availableMemory, checkLevels, filesAtLevels, LEVELS, ROOM_BYTES } from '../high-memory.mjs';

Object.assign(chunkSizes, { least: 1 << 20, chunk: 100_000 });
const skip = availableMemory() < ROOM_BYTES && `it takes ${ROOM_BYTES / 1e9} GB of free memory`;

for (const threads of [1, 2]) {
  test(`files above 2 and 3 GB are those below, threads: ${threads}`, { skip }, async () => {
    const events = await (await simulate({ events: 20_000, seed: 4 })).arrayBuffer();
    checkLevels(assert, await filesAtLevels({ prepare, loadEngine }, events, LEVELS, { threads }));
  });
}
