/** A run whose memory begins behind gigabytes that others hold: addresses are then more than a signed number of 32 bits, or near the end. */
import { freemem } from 'node:os';

/** Where the run has to begin, in bytes: above 2 GB, and above 3. */
export const LEVELS = [2 ** 31, 3 * 2 ** 30];
/** Of the machine, so that holding them does not disturb what else runs. */
export const ROOM_BYTES = 6e9;

/** Of the machine or of the container, where Node knows of one. */
export const availableMemory = () => process.availableMemory?.() ?? freemem();

/**
 * The files of a run of `events`, as texts of their bytes, first in a heap that is empty and then above each level. It is handed to a
 * browser as text, so it knows nothing but what it is given.
 */
export async function filesAtLevels({ prepare, loadEngine }, events, levels, options) {
  const engine = await loadEngine();
  const held = [];
  const hold = (level) => {
    for (let at = 0; at < level; ) {
      const run = engine.createRun('{}', false);
      run.beginFile('held', null, false);
      at = run.window(128 << 20) >>> 0;
      held.push(run);
    }
  };
  const found = [];
  for (const level of [0, ...levels]) {
    hold(level);
    const dataset = await prepare(new Blob([events]), { profile: 'causal' }, { audit: true, keepEvents: true, ...options });
    const files = {};
    for (const { path } of await dataset.files(['parquet', 'pickle', 'csv', 'audit'])) {
      let text = '';
      await dataset.writePieces(path, (piece) => {
        for (const byte of piece) text += String.fromCharCode(byte);
      });
      files[path] = text;
    }
    files.estimate = JSON.stringify(await dataset.estimate());
    found.push({ level, heap: engine.wasmMemory.buffer.byteLength, files });
    dataset.dispose();
  }
  for (const run of held) run.delete();
  return found;
}

/** That all levels have given the same files. */
export function checkLevels(assert, found) {
  const [first, ...others] = found;
  assert.ok(Object.keys(first.files).length > 5);
  for (const { level, heap, files } of others) {
    assert.ok(heap > level, `the heap has ${heap} bytes`);
    for (const [path, text] of Object.entries(first.files))
      assert.ok(files[path] === text, `${path} differs above ${level} bytes`);
  }
}
