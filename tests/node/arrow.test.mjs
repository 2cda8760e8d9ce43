/** Arrow as apache-arrow writes it, in every shape a caller may hold it in: the dataset of the CSV. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as direct from '../../web/dist/index.js';
import { inspect, prepare } from '../../web/dist/node.js';
import { eventsCsv, fingerprint, makeFile, makeFolder, repository, run } from './support.mjs';

const { Dictionary, Int32, Table, TimestampMillisecond, Uint16, Utf8, tableFromArrays, tableToIPC, vectorFromArray } =
  createRequire(`${repository}/web/package.json`)('apache-arrow');

const TYPES = ['auction', 'impression', 'impression', 'click', 'purchase'];
const START_MS = Date.UTC(2025, 8, 5);
const events = Array.from({ length: 3000 }, (_, i) => {
  const type = TYPES[(i * 7919) % TYPES.length];
  return {
    user: `user ${(i * 31) % 97}`,
    ms: START_MS + i * 61_250,
    type,
    item: type === 'auction' ? null : `p${(i * 13) % 41}`,
  };
});
const text = eventsCsv(events.map(({ user, ms, type, item }) => [user, new Date(ms).toISOString(), type, item ?? '']));

function tableOf(rows, encoded) {
  const code = (type, index) => (encoded ? new Dictionary(type, index) : type);
  return new Table({
    note: vectorFromArray(rows.map((_, i) => ({ a: [i], b: `n${i}` }))),
    USER_ID: vectorFromArray(
      rows.map(({ user }) => user),
      code(new Utf8(), new Int32()),
    ),
    event_timestamp: vectorFromArray(
      rows.map(({ ms }) => ms),
      new TimestampMillisecond('UTC'),
    ),
    event_type: vectorFromArray(
      rows.map(({ type }) => type),
      code(new Utf8(), new Uint16()),
    ),
    product_id: vectorFromArray(
      rows.map(({ item }) => item),
      code(new Utf8(), new Int32()),
    ),
  });
}

/** Slices of one table keep its dictionaries; tables of their own replace them, which only a stream can. */
const sliced = (encoded) => {
  const table = tableOf(events, encoded);
  return table.slice(0, 700).concat(table.slice(700, 701), table.slice(701));
};
const replaced = () => tableOf(events.slice(0, 1000), true).concat(tableOf(events.slice(1000), true));

const files = {
  'a stream': () => tableToIPC(sliced(false), 'stream'),
  'a file': () => tableToIPC(sliced(false), 'file'),
  'a stream with dictionaries': () => tableToIPC(sliced(true), 'stream'),
  'a stream that replaces its dictionaries': () => tableToIPC(replaced(), 'stream'),
  'a file with dictionaries': () => tableToIPC(sliced(true), 'file'),
};

const shapes = {
  bytes: (bytes) => bytes,
  'a Blob': (bytes) => new Blob([bytes]),
  'a path': (bytes, t) => ({ path: makeFile(t, 'events', bytes) }),
  'a stream of odd pieces': (bytes) => streamOf(bytes, [7, 0, 1, 4099, 64]),
  'a stream of one piece': (bytes) => streamOf(bytes, [bytes.length]),
  'gzip in a Blob': (bytes) => new Blob([gzipSync(bytes)]),
  'gzip in a stream': (bytes) => streamOf(gzipSync(bytes), [1000]),
};

function streamOf(bytes, sizes) {
  let at = 0;
  let turn = 0;
  return new ReadableStream({
    pull(controller) {
      const size = sizes[turn++ % sizes.length];
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
      if (at >= bytes.length) controller.close();
    },
  });
}

async function resultOf(source, through = prepare) {
  const dataset = await through(source);
  try {
    return { files: await fingerprint(dataset), input: dataset.report.input };
  } finally {
    dataset.dispose();
  }
}

const COLUMNS = { user: 'USER_ID', time: 'event_timestamp', type: 'event_type', item: 'product_id' };
const ROWS = events.slice(0, 3).map(({ user, ms, type, item }, i) => [
  `{"a":[${i}],"b":"n${i}"}`,
  user,
  new Date(ms)
    .toISOString()
    .replace('.000Z', 'Z')
    .replace(/(\.\d+?)0+Z/, '$1Z'),
  type,
  item ?? '',
]);
const dropZeros = (rows) => rows.map((cells) => cells.map((cell) => cell.replace(/(\.\d*?)0+Z$/, '$1Z')));

describe('what apache-arrow writes', () => {
  let expected;
  before(async () => (expected = (await resultOf(text)).files));

  for (const [name, make] of Object.entries(files)) {
    for (const [shape, wrap] of Object.entries(shapes)) {
      test(`${name}, as ${shape}`, async (t) => {
        const bytes = make();
        const { files: found, input } = await resultOf(wrap(bytes, t));
        assert.equal(found, expected);
        assert.equal(input.files[0].format, 'arrow');
        assert.equal(input.rows, events.length);
        if (shape !== 'a path') assert.equal((await resultOf(wrap(bytes, t), direct.prepare)).files, expected);

        const preview = await inspect(wrap(bytes, t), undefined, 3);
        assert.equal(preview.problem, null);
        assert.equal(preview.format, 'arrow');
        assert.deepEqual(preview.columns, COLUMNS);
        assert.deepEqual(preview.columnTypes.slice(0, 3), [
          'struct',
          name.includes('dictionaries') ? 'dictionary of string' : 'string',
          'timestamp[ms, UTC]',
        ]);
        assert.deepEqual(dropZeros(preview.rows), ROWS);
        assert.equal(preview.note, undefined);
      });
    }
  }

  test('standard input of the command', async (t) => {
    const { code, stderr } = await run(['prepare', '-', '--out', makeFolder(t), '--format', 'jsonl'], {
      input: files['a file'](),
    });
    assert.deepEqual([code, stderr], [0, '']);
  });

  test('a file that was cut off', async () => {
    const bytes = files['a file']();
    for (const size of [bytes.length - 1, bytes.length - 200, 5000]) {
      const refusal = { name: 'EventDataError', code: 'badSyntax', message: /^events is not a whole Arrow file: [^\n]+$/ };
      for (const shape of ['bytes', 'a stream of one piece']) {
        await assert.rejects(resultOf({ name: 'events', data: shapes[shape](bytes.slice(0, size)) }), refusal);
      }
    }
  });
});

describe('the preview of a large batch', () => {
  const size = 400_000;
  const column = (make) => Array.from({ length: size }, (_, i) => make(i));
  const large = (wide) =>
    tableFromArrays({
      user: column((i) => `user ${i % 1000}`),
      time: new Float64Array(size).map((_, i) => 1_757_030_400 + i),
      event: column(() => 'click'),
      ...(wide ? Object.fromEntries(Array.from({ length: 24 }, (_, k) => [`x${k}`, new Float64Array(size)])) : {}),
    });

  test('is read on for in a stream, by ranges in a file', async () => {
    for (const form of ['stream', 'file']) {
      const bytes = tableToIPC(large(false), form);
      assert.ok(bytes.length > 4 << 20);
      const preview = await inspect(new Blob([bytes]), undefined, 1);
      assert.equal(preview.problem, null);
      assert.deepEqual(preview.rows, [['user 0', '1757030400', 'click']]);
      assert.equal(preview.needsBytes, undefined);
    }
  });

  test('beyond 64 MB shows the columns and says so', async () => {
    for (const form of ['stream', 'file']) {
      const bytes = tableToIPC(large(true), form);
      assert.ok(bytes.length > 64 << 20);
      const preview = await inspect(new Blob([bytes]), undefined, 1);
      assert.equal(preview.problem, null);
      assert.equal(preview.columns.user, 'user');
      assert.deepEqual(preview.rows, []);
      assert.match(preview.note, /first rows are not shown/);
    }
  });
});
