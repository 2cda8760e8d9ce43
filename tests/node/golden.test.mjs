/** The golden cases through `prepare`: what the notebook made of them, to the byte and to the double. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { loadEngine } from '../../web/dist/engine/engine.js';
import { prepare } from '../../web/dist/node.js';
import { goldenCases, parseCsv, PARTS, toText } from './support.mjs';

const FRACTION = 1_000_000;

/** "2025-09-05 00:11:24.093179" -> microseconds since 1970. */
function microseconds(text) {
  const [whole, fraction = ''] = text.split('.');
  return Date.parse(`${whole.replace(' ', 'T')}Z`) * 1000 + (Number(fraction.padEnd(6, '0').slice(0, 6)) % FRACTION);
}

function firstTimes(input) {
  const first = new Map();
  for (const [user, time] of parseCsv(readFileSync(input, 'utf8')).slice(1)) {
    const at = microseconds(time);
    if (!first.has(user) || at < first.get(user)) first.set(user, at);
  }
  return first;
}

const linesOf = (bytes) =>
  toText(bytes)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Typed arrays as plain ones; doubles are then compared with Object.is. */
const plain = (columns) => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, [...values]]));

function expectedColumns(rows) {
  const tokens = rows.flatMap((row) => row.sequence);
  const offsets = [0];
  for (const row of rows) offsets.push(offsets.at(-1) + row.sequence.length);
  return {
    index: rows.map((row) => row.index),
    offsets,
    eventIds: tokens.map(([event]) => event),
    itemIds: tokens.map(([, item]) => item),
    minutes: tokens.map(([, , minutes]) => minutes),
    treatment: rows.map((row) => row.treatment),
    outcome: rows.map((row) => row.outcome),
    sessionNumbers: rows.map((row) => Number(row.session_id.slice(row.user_id.length + 1))),
  };
}

function texts(offsets, bytes) {
  return Array.from({ length: offsets.length - 1 }, (_, i) => toText(bytes.subarray(offsets[i], offsets[i + 1])));
}

for (const { name, input, expected } of goldenCases) {
  describe(`golden case ${name}`, () => {
    test("the JSON files and the JSON lines are the notebook's, byte for byte", async () => {
      const dataset = await prepare({ path: input });
      try {
        assert.equal(toText(await dataset.write('vocabulary')), toText(expected('vocab.json')));
        assert.equal(toText(await dataset.write('metadata')), toText(expected('processing_metadata.json')));
        for (const part of PARTS) assert.equal(toText(await dataset.write(part, 'jsonl')), toText(expected(`${part}.jsonl`)));
      } finally {
        dataset.dispose();
      }
    });

    test('the columns of each part hold the same sequences, exactly', async () => {
      const first = firstTimes(input);
      const dataset = await prepare({ path: input });
      try {
        for (const part of PARTS) {
          const rows = linesOf(expected(`${part}.jsonl`));
          const { startUs, userOffsets, userBytes, channels, rowColumns, ...columns } = await dataset.split(part);
          assert.deepEqual([channels, rowColumns], [{}, {}]);
          assert.deepStrictEqual(plain(columns), expectedColumns(rows));
          assert.deepEqual(
            texts(userOffsets, userBytes),
            rows.map((row) => row.user_id),
          );
          for (const [i, row] of rows.entries()) {
            if (columns.sessionNumbers[i] === 1) assert.equal(startUs[i], first.get(row.user_id), row.session_id);
            else assert.ok(startUs[i] > first.get(row.user_id), row.session_id);
          }
        }
      } finally {
        dataset.dispose();
      }
    });

    test('the vocabulary in memory is the one in the file', async () => {
      const dataset = await prepare({ path: input });
      const { eventTypes, size, offsets, bytes } = dataset.vocabulary;
      dataset.dispose();
      const file = JSON.parse(toText(expected('vocab.json')));
      assert.deepEqual(eventTypes, Object.keys(file.event_to_int));
      assert.equal(size, Object.keys(file.item_to_int).length);
      // By id, as an object would list ids that look like numbers first.
      assert.deepEqual(
        texts(offsets, bytes),
        Array.from({ length: size }, (_, id) => file.int_to_item[id]),
      );
    });

    test('the report counts what the files hold', async () => {
      const dataset = await prepare({ path: input });
      const { report } = dataset;
      dataset.dispose();
      const { data_splits: splits } = JSON.parse(toText(expected('processing_metadata.json')));
      for (const part of PARTS) {
        const { sessions, users, treatmentRate, outcomeRate } = report.splits[part];
        const { treatment_rate, outcome_rate, ...counts } = splits[part];
        assert.deepEqual({ sessions, users }, counts);
        assert.deepEqual([treatmentRate, outcomeRate], [treatment_rate, outcome_rate]);
      }
      const rows = PARTS.flatMap((part) => linesOf(expected(`${part}.jsonl`)));
      assert.equal(report.sessions.kept, rows.length);
      assert.equal(report.all.treated, rows.filter((row) => row.treatment === 1).length);
      assert.equal(report.all.outcomes, rows.filter((row) => row.outcome === 1).length);
      assert.equal(report.input.rows, parseCsv(readFileSync(input, 'utf8')).length - 1);
      const lengths = rows.map((row) => row.sequence_length);
      assert.equal(report.sequenceLength.min, Math.min(...lengths));
      assert.equal(report.sequenceLength.max, Math.max(...lengths));
      assert.equal(report.sequenceLength.mean, lengths.reduce((sum, length) => sum + length, 0) / lengths.length);
    });
  });
}

test('what split and write give belongs to the caller, not to the engine', async () => {
  const [{ input }] = goldenCases;
  const engine = await loadEngine();
  const dataset = await prepare({ path: input });
  const { channels, rowColumns, ...columns } = await dataset.split('train');
  assert.deepEqual({ channels, rowColumns }, { channels: {}, rowColumns: {} }); // causal.test.mjs has some
  const { offsets, bytes } = dataset.vocabulary;
  const pieces = [];
  await dataset.writePieces('data/train_sessions.jsonl', (piece) => pieces.push(piece));
  const arrays = { ...columns, offsetsOfItems: offsets, bytesOfItems: bytes, file: await dataset.write('train', 'jsonl') };
  for (const [i, piece] of pieces.entries()) arrays[`piece${i}`] = piece;
  for (const [name, array] of Object.entries(arrays)) {
    assert.notEqual(array.buffer, engine.wasmMemory.buffer, name);
    assert.equal(array.byteOffset, 0, name);
    assert.equal(array.buffer.byteLength, array.byteLength, name);
  }
  // Still the same when the engine has used its memory for something else.
  const before = structuredClone(arrays);
  dataset.dispose();
  const other = await prepare({ path: goldenCases.at(-1).input });
  other.dispose();
  assert.deepStrictEqual(arrays, before);
});

test('column types are the documented ones', async () => {
  const dataset = await prepare({ path: goldenCases[0].input });
  const columns = await dataset.split('test');
  dataset.dispose();
  assert.deepEqual(Object.fromEntries(Object.entries(columns).map(([name, array]) => [name, array.constructor.name])), {
    index: 'Uint32Array',
    offsets: 'Uint32Array',
    eventIds: 'Uint8Array',
    itemIds: 'Uint32Array',
    minutes: 'Float64Array',
    treatment: 'Uint8Array',
    outcome: 'Uint8Array',
    startUs: 'Float64Array',
    sessionNumbers: 'Uint32Array',
    userOffsets: 'Uint32Array',
    userBytes: 'Uint8Array',
    channels: 'Object',
    rowColumns: 'Object',
  });
});

test('a disposed dataset and a wrong part are refused in words', async () => {
  const dataset = await prepare({ path: goldenCases[0].input });
  await assert.rejects(dataset.split('holdout'), {
    name: 'EventDataError',
    code: 'badCall',
    message: /"holdout".*train, validation or test/,
  });
  await assert.rejects(dataset.write('train', 'xlsx'), { name: 'EventDataError', code: 'badCall', message: /"xlsx"/ });
  dataset.dispose();
  dataset.dispose(); // twice is once
  await assert.rejects(dataset.split('train'), { name: 'EventDataError', code: 'badCall', message: /disposed/ });
  await assert.rejects(dataset.write('train', 'jsonl'), { name: 'EventDataError', code: 'badCall', message: /disposed/ });
});
