/** One input in every shape a caller may hold it in: always the same results. What is no input is refused in words. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as direct from '../../web/dist/index.js';
import { EventDataError, inspect, prepare } from '../../web/dist/node.js';
import {
  csv,
  fingerprint,
  goldenCase,
  makeFile,
  makeFolder,
  parseCsv,
  PARTS,
  readFolder,
  run,
  SMALL_EVENTS,
  toText,
} from './support.mjs';

const fromWeb = createRequire(new URL('../../web/package.json', import.meta.url));
const golden = goldenCase('ids_with_separators');
const bytes = new Uint8Array(readFileSync(golden.input));
const text = toText(bytes);
const [header, ...rows] = parseCsv(text);

async function resultOf(source, plan, through = prepare) {
  const dataset = await through(source, plan);
  try {
    return { files: await fingerprint(dataset), report: dataset.report };
  } finally {
    dataset.dispose();
  }
}

/** The same bytes at odd places of a larger buffer. */
function shifted(padding) {
  const room = new Uint8Array(bytes.length + 2 * padding).fill(0x22);
  room.set(bytes, padding);
  return room.subarray(padding, padding + bytes.length);
}

function streamOf(sizes) {
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

const objects = () =>
  rows.map(([user, time, type, item]) => ({
    USER_ID: user,
    event_timestamp: time,
    event_type: type,
    product_id: item === '' ? null : item,
  }));

/** One array a column, of these rows. */
const columns = (from = rows) =>
  Object.fromEntries(
    ['USER_ID', 'event_timestamp', 'event_type', 'product_id'].map((name, i) => [
      name,
      from.map((row) => (i === 3 && row[i] === '' ? null : row[i])),
    ]),
  );

/** The same as pandas writes it: every cell under its key of the index. */
const indexedColumns = () => Object.fromEntries(Object.entries(columns()).map(([name, cells]) => [name, { ...cells }]));

const firstPart = () => csv([header, ...rows.slice(0, 200)]);
const secondPart = () => csv([header, ...rows.slice(200)]);

const sources = {
  'a Blob': () => new Blob([bytes]),
  'a Blob of several parts': () => new Blob([bytes.slice(0, 1001), bytes.slice(1001)]),
  'a File': () => new File([bytes], 'events.csv'),
  'an ArrayBuffer': () => bytes.slice().buffer,
  'a Uint8Array': () => bytes,
  'a Uint8Array inside a larger buffer': () => shifted(13),
  'a DataView inside a larger buffer': () => new DataView(shifted(7).buffer, 7, bytes.length),
  'a Buffer': () => Buffer.from(bytes),
  'an Int8Array': () => new Int8Array(shifted(3).buffer, 3, bytes.length),
  'a string': () => text,
  'a stream of single bytes': () => streamOf([1]),
  'a stream of odd pieces, some empty': () => streamOf([7, 0, 1, 4099, 2, 0, 64]),
  'a stream of one piece': () => streamOf([bytes.length]),
  'the stream of a Blob': () => new Blob([bytes]).stream(),
  'an array of objects': objects,
  'an object of arrays': () => columns(),
  'an object of arrays without a prototype': () => Object.assign(Object.create(null), columns()),
  'a list of objects of arrays': () => [columns(rows.slice(0, 200)), columns(rows.slice(200))],
  'an object of arrays and a file': () => [columns(rows.slice(0, 200)), new Blob([secondPart()])],
  'JSON text of columns': () => JSON.stringify(columns()),
  'JSON text of columns, as a stream': () => new Blob([JSON.stringify(columns())]).stream(),
  'JSON text of columns with an index': () => JSON.stringify(indexedColumns()),
  'JSON text': () => JSON.stringify(objects()),
  'JSON lines': () =>
    objects()
      .map((row) => JSON.stringify(row))
      .join('\n'),
  'a named source of bytes': () => ({ name: 'shop', data: bytes }),
  'a named source with a stream': () => ({ name: 'shop', data: streamOf([513]) }),
  'a list of one': () => [bytes],
  'several strings': () => [firstPart(), secondPart()],
  'files of different kinds': () => [new File([firstPart()], 'a.csv'), { name: 'b', data: secondPart() }],
  'a table and a file': () => [objects().slice(0, 200), new Blob([secondPart()])],
  'three files, one of them JSON': () => [
    firstPart(),
    JSON.stringify(objects().slice(200, 201)),
    csv([header, ...rows.slice(201)]),
  ],
};

describe('the same input, the same results', () => {
  let expected;
  before(async () => {
    expected = await resultOf({ path: golden.input });
    for (const part of PARTS) assert.ok(expected.files.includes(toText(golden.expected(`${part}.jsonl`))));
  });

  for (const [name, make] of Object.entries(sources)) {
    test(name, async () => {
      const { files, report } = await resultOf(make());
      assert.equal(files, expected.files);
      assert.equal(report.input.rows, rows.length);
      assert.equal(report.input.events, rows.length);
    });
    test(`${name}, through the entry for pages`, async () => {
      assert.equal((await resultOf(make(), undefined, direct.prepare)).files, expected.files);
    });
  }

  test('a path and a file URL', async () => {
    assert.equal((await resultOf({ path: pathToFileURL(golden.input) })).files, expected.files);
    assert.equal((await resultOf([{ path: golden.input }])).files, expected.files);
  });

  test('a list of paths is one stream, in its order', async (t) => {
    const folder = [makeFile(t, 'first.csv', firstPart()), makeFile(t, 'second.csv', secondPart())];
    const { files, report } = await resultOf(folder.map((path) => ({ path })));
    assert.equal(files, expected.files);
    assert.deepEqual(
      report.input.files.map((file) => [file.name, file.rows]),
      [
        [folder[0], 200],
        [folder[1], rows.length - 200],
      ],
    );
  });

  test('standard input of the command', async (t) => {
    const out = join(makeFolder(t), 'out');
    const { code, stderr } = await run(['prepare', '-', '--out', out, '--format', 'jsonl'], { input: bytes });
    // Its users "0" and "00" are two, as the notebook has it.
    assert.match(stderr, /^causal-sessions: notice: 1 user may be written in two ways, as in "0" and "00"[^\n]+\n$/);
    assert.equal(code, 0);
    const written = readFolder(out);
    for (const part of PARTS)
      assert.equal(toText(written[join('data', `${part}_sessions.jsonl`)]), toText(golden.expected(`${part}.jsonl`)));
  });

  test('Date and BigInt in rows are times and whole ids', async () => {
    const big = 9007199254740993n; // no double holds it
    const from = [
      [big, '10:00:00', 'auction'],
      [big, '10:00:01', 'impression'],
    ];
    const asRows = from.map(([user, time, type]) => ({ user_id: user, ts: new Date(`2025-09-05T${time}Z`), event: type }));
    const asText = csv([['user_id', 'ts', 'event'], ...from.map(([user, time, type]) => [user, `2025-09-05 ${time}`, type])]);
    const { files } = await resultOf(asRows);
    assert.equal(files, (await resultOf(asText)).files);
    assert.ok(files.includes(`"${big}"`));
  });

  test('typed arrays, Dates and BigInts in columns are what they are in rows', async () => {
    const big = 9007199254740993n;
    const users = [big, 2n, -3n, big];
    const types = ['auction', 'impression', 'click', 'purchase'];
    const seconds = [1757066400, 1757066401.5, 1757066402, 1757066403];
    const items = [undefined, NaN, 17, null];
    const asRows = users.map((user, i) => ({ user_id: user, ts: seconds[i], event: types[i], sku: items[i] }));
    const expected = (await resultOf(asRows)).files;
    assert.ok(expected.includes(`"${big}"`));
    const others = { event: types, sku: items };
    for (const [name, source] of Object.entries({
      arrays: { user_id: users, ts: seconds, ...others },
      'typed arrays': {
        user_id: BigInt64Array.from(users),
        ts: Float64Array.from(seconds),
        event: types,
        sku: Float32Array.of(NaN, NaN, 17, NaN),
      },
      Dates: { user_id: users, ts: seconds.map((second) => new Date(second * 1000)), ...others },
      'numbers of milliseconds': {
        user_id: users,
        ts: BigInt64Array.from(seconds, (second) => BigInt(second * 1000)),
        ...others,
      },
      'a column that is not needed': { note: users.map(() => [{ a: 1n }]), user_id: users, ts: seconds, ...others },
    }))
      assert.equal((await resultOf(source)).files, expected, name);
  });

  test('columns of many pieces are the rows they stand for', async () => {
    const asRows = Array.from({ length: 10_000 }, (_, i) => ({
      user_id: `u"${i % 97}`,
      ts: 1757066400 + i,
      event: i % 3 ? 'impression' : 'click',
      sku: i % 501,
    }));
    const asColumns = Object.fromEntries(Object.keys(asRows[0]).map((name) => [name, asRows.map((row) => row[name])]));
    const [fromRows, fromColumns] = [await resultOf(asRows), await resultOf(asColumns)];
    assert.equal(fromColumns.files, fromRows.files);
    assert.equal(fromColumns.report.input.rows, 10_000);
    assert.equal((await resultOf(JSON.stringify(asColumns))).files, fromRows.files);
  });

  test('an Arrow table by tableToIPC', async () => {
    const { tableFromArrays, tableToIPC } = fromWeb('apache-arrow');
    const table = tableFromArrays(columns());
    assert.equal((await resultOf(tableToIPC(table))).files, expected.files);
    for (const source of [table, [table], [table, text]]) {
      for (const through of [prepare, direct.prepare]) {
        await assert.rejects(through(source), {
          name: 'EventDataError',
          code: 'badSource',
          message: /input.* is an Arrow table; pass tableToIPC\(table\)/,
        });
      }
    }
  });

  test('a key that only later rows have is found', async () => {
    const late = Array.from({ length: 3000 }, (_, i) => {
      const row = {
        user_id: `u${i % 7}`,
        ts: `2025-09-05T10:00:00.${String(i).padStart(6, '0')}`,
        event: i < 2500 ? 'auction' : 'impression',
      };
      return i < 2500 ? row : { ...row, product_id: `p${i % 5}` };
    });
    const { report } = await resultOf(late);
    assert.equal(report.vocabulary.items, 3 + 5);
  });
});

describe('names', () => {
  const names = async (source) => (await resultOf(source)).report.input.files.map((file) => file.name);

  test('files, named sources and paths keep their own', async (t) => {
    const path = makeFile(t, 'some events.csv', SMALL_EVENTS);
    assert.deepEqual(await names({ path }), [path]);
    assert.deepEqual(await names(new File([SMALL_EVENTS], 'events.csv')), ['events.csv']);
    assert.deepEqual(await names({ name: 'the shop', data: SMALL_EVENTS }), ['the shop']);
  });

  test('what has none is numbered', async () => {
    assert.deepEqual(await names(SMALL_EVENTS), ['input']);
    assert.deepEqual(await names([SMALL_EVENTS, SMALL_EVENTS]), ['input 1', 'input 2']);
  });
});

describe('what is not an input', () => {
  const streamOfValues = (...values) =>
    new ReadableStream({
      start(controller) {
        for (const value of values) controller.enqueue(value);
        controller.close();
      },
    });
  const locked = () => {
    const stream = new Blob([bytes]).stream();
    stream.getReader();
    return stream;
  };
  const wrong = {
    null: [() => null, /null/],
    undefined: [() => undefined, /undefined/],
    'a number': [() => 7, /number/],
    'a boolean': [() => true, /boolean/],
    'a function': [() => () => text, /function/],
    'an empty object': [() => ({}), /object/],
    'an object of something else': [() => ({ name: 'x', data: 5 }), /object/],
    'columns of two lengths': [
      () => ({ user_id: ['a', 'b'], ts: new Float64Array(3) }),
      /^input has columns that are not of one length: "user_id" has 2, "ts" has 3 cells\.$/,
    ],
    'a column that is no array': [() => ({ user_id: ['a'], ts: 5 }), /^input has the column "ts", which is no array/],
    'a column that is a DataView': [() => ({ user_id: ['a'], ts: new DataView(new ArrayBuffer(8)) }), /"ts", which is no array/],
    'columns without a row': [() => ({ user_id: [], ts: [], event: [] }), /no rows/],
    'columns that refer to themselves': [
      () => {
        const cell = {};
        cell.cell = cell;
        return { user_id: ['a'], ts: [1], event: ['click'], note: [cell] };
      },
      /row 1, column "note" cannot be written as JSON/,
    ],
    'JSON as pandas splits it': [
      () => '{"columns":["user_id"],"index":[0],"data":[["a"]]}',
      /orient="split"; write it with orient="records"/,
    ],
    'JSON columns of two lengths': [
      () => '{"user_id":["a","b"],"ts":[1],"event":["click"]}',
      /"user_id" has 2, "ts" has 1, "event" has 1 cells/,
    ],
    'an empty list': [() => [], /empty/],
    'a list of numbers': [() => [1, 2], /number/],
    'a list with null in it': [() => [text, null], /input 2 is null/],
    'rows with null among them': [() => [{ user_id: 'a' }, null], /null|object/],
    'a stream of strings': [() => streamOfValues('user_id,ts\n'), /stream/],
    'a stream of numbers': [() => streamOfValues(1, 2), /stream/],
    'a stream of null': [() => streamOfValues(null), /stream/],
    'a stream of ArrayBuffers': [() => streamOfValues(bytes.slice().buffer), /stream/],
    'a stream that something else reads': [locked, /stream/],
    'an empty string': [() => '', /empty/],
    'an empty Blob': [() => new Blob([]), /empty/],
    'an empty stream': [() => streamOfValues(), /empty/],
    'spaces and newlines': [() => ' \n\r\n ', /empty/],
  };
  for (const [name, [make, rule]] of Object.entries(wrong)) {
    test(name, async () => {
      for (const through of [prepare, direct.prepare]) {
        await assert.rejects(through(make()), (error) => {
          assert.ok(error instanceof EventDataError, `${error.name}: ${error.message}`);
          assert.match(error.message, rule);
          assert.ok(error.code.length > 0);
          return true;
        });
      }
    });
  }

  test('a failing stream fails with its own error', async () => {
    const failure = new Error('the connection broke');
    const stream = new ReadableStream({
      start: (controller) => controller.enqueue(bytes.slice(0, 100)),
      pull: (controller) => controller.error(failure),
    });
    await assert.rejects(prepare(stream), failure);
  });

  test('a stream is let go of when its data is refused', async () => {
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('no,such,columns\n'.repeat(5000))),
      cancel: () => (cancelled = true),
    });
    await assert.rejects(prepare(endless), { name: 'EventDataError', code: 'missingColumn' });
    assert.ok(cancelled);
  });
});

describe('inspect', () => {
  test('finds columns and first rows in any source', async (t) => {
    const path = makeFile(t, 'events.csv', SMALL_EVENTS);
    for (const source of [{ path }, SMALL_EVENTS, new Blob([SMALL_EVENTS]), new Blob([SMALL_EVENTS]).stream()]) {
      const found = await inspect(source, undefined, 2);
      assert.equal(found.problem, null);
      assert.equal(found.format, 'csv');
      assert.deepEqual(found.columns, { user: 'USER_ID', time: 'event_timestamp', type: 'event_type', item: 'product_id' });
      assert.deepEqual(found.rows, [
        ['u1', '2025-09-05 10:00:00', 'auction', ''],
        ['u1', '2025-09-05 10:00:01', 'impression', 'p1'],
      ]);
    }
  });

  test('an object of columns is looked at to its end, up to a limit', async () => {
    const table = columns();
    const note = 'n'.repeat(1000);
    const text = JSON.stringify({ note: rows.map(() => note), ...table });
    assert.ok(text.length > 300_000);
    for (const source of [text, new Blob([text]).stream()]) {
      const found = await inspect(source, undefined, 1);
      assert.equal(found.problem, null);
      assert.equal(found.format, 'json');
      assert.ok(!('moreColumns' in found));
      assert.deepEqual(found.columnNames, ['note', ...Object.keys(table)]);
      assert.deepEqual(found.columns, { user: 'USER_ID', time: 'event_timestamp', type: 'event_type', item: 'product_id' });
      assert.deepEqual(found.rows, [[note, ...Object.values(table).map((cells) => cells[0] ?? '')]]);
    }
    const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
    const found = await inspect(packed, undefined, 1);
    assert.equal(found.problem, null);
    assert.equal(found.columnNames[0], 'note');
  });

  test('names the problem that a run would have', async () => {
    const found = await inspect('who,when,what\na,b,c\n');
    assert.equal(found.problem.code, 'missingColumn');
    assert.deepEqual(found.columnNames, ['who', 'when', 'what']);
    assert.deepEqual(found.rows, [['a', 'b', 'c']]);
  });
});
