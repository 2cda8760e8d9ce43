/** Ids stay text, whatever they look like, in every file that is written. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parquetReadObjects } from '../../web/node_modules/hyparquet/src/node.js';
import { eventsCsv, makeFile, makeFolder, PARTS, run, toText } from './support.mjs';

const IDS = [
  'a_1',
  'a',
  '00',
  '0',
  '-1',
  '1e5',
  '1.0',
  'NA',
  'NaN',
  'null',
  'None',
  'true',
  '日本',
  '\u00e9',
  'e\u0301',
  '🛒',
  '👩‍👩‍👧',
  'a,b',
  'say "hi"',
  '"',
  "it's",
  ' padded ',
  'two\nlines',
  'tab\there',
  'back\\slash',
  '12345678901234567890',
  '９',
  'Z',
  'z',
  '__proto__',
  'constructor',
  '<b>&amp;',
  '=1+1',
  '\u007f',
  '\u2028',
  '\ufffd',
  'x'.repeat(3000),
];

/** Two sessions a user, a day and a half apart; the first is too short for every third user. */
const rows = IDS.flatMap((user, i) => {
  const item = IDS[(i * 7 + 3) % IDS.length];
  const second = [
    [user, '2025-09-08 10:00:00', 'auction', ''],
    [user, '2025-09-08 10:00:30', 'impression', item],
  ];
  return [
    [user, '2025-09-05 10:00:00', 'impression', user],
    ...(i % 3 ? [[user, '2025-09-05 10:01:00', 'click', item]] : []),
    ...second,
  ];
});

const sessionIds = IDS.flatMap((user, i) => (i % 3 ? [`${user}_1`, `${user}_2`] : [`${user}_2`]));
const codePoints = (text) => [...text].map((c) => c.codePointAt(0));
const byCodePoint = (a, b) => {
  const [x, y] = [codePoints(a), codePoints(b)];
  const at = x.findIndex((value, i) => value !== y[i]);
  return at === -1 ? x.length - y.length : x[at] - (y[at] ?? -1);
};
// Items of the sessions that are kept.
const items = [
  ...new Set(
    rows
      .filter(([user, time]) => time > '2025-09-06' || IDS.indexOf(user) % 3)
      .map((row) => row[3])
      .filter(Boolean),
  ),
].sort(byCodePoint);

function checkVocabulary(text) {
  const vocabulary = JSON.parse(text);
  assert.match(text, /^[\x00-\x7f]*$/, 'Python escapes all that is not ASCII');
  const expected = ['[PAD]', '[AUCTION]', '[UNK]', ...items];
  assert.deepEqual(
    expected.map((_item, id) => vocabulary.int_to_item[id]),
    expected,
  );
  for (const [id, item] of expected.entries()) assert.ok(text.includes(`    ${asciiJson(item)}: ${id}`), item);
}

const asciiJson = (text) =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

function checkRows(all) {
  const byIndex = all.sort((a, b) => a.index - b.index);
  assert.deepEqual(
    byIndex.map((row) => row.session_id),
    sessionIds,
  );
  assert.deepEqual(
    byIndex.map((row) => row.user_id),
    sessionIds.map((id) => id.slice(0, -2)),
  );
  for (const { session_id: id, sequence } of byIndex) {
    const item = IDS[(IDS.indexOf(id.slice(0, -2)) * 7 + 3) % IDS.length];
    const expected = id.endsWith('_1')
      ? [
          [1, items.indexOf(id.slice(0, -2)) + 3, 0],
          [0, 1, 0],
        ]
      : [
          [0, 1, 0],
          [1, items.indexOf(item) + 3, 0.5],
        ];
    assert.deepEqual(sequence, expected, id);
  }
}

async function prepareInto(t, path) {
  const out = join(makeFolder(t), 'out');
  const { code, stderr } = await run(['prepare', path, '--out', out, '--format', 'parquet,pickle,jsonl']);
  assert.equal(code, 0, stderr);
  const file = (...names) => readFileSync(join(out, ...names));
  return { file, table: (part, end) => file('data', `${part}_sessions.${end}`) };
}

async function checkOutputs(t, path) {
  const { file, table } = await prepareInto(t, path);
  checkVocabulary(toText(file('models', 'vocab.json')));

  const lines = PARTS.flatMap((part) =>
    toText(table(part, 'jsonl'))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  );
  checkRows(lines.slice());

  const read = await Promise.all(PARTS.map((part) => readParquet(table(part, 'parquet'))));
  // A Parquet file has no index; its rows are in the order of the JSON lines.
  checkRows(read.flat().map((row, i) => ({ ...row, index: lines[i].index })));
  for (const [i, row] of read.flat().entries()) {
    const { index, ...line } = lines[i];
    assert.deepEqual(row, line);
  }
}

async function readParquet(bytes) {
  const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
  const plain = (value) => (typeof value === 'bigint' ? Number(value) : value);
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])));
}

describe('ids that look like something else survive', () => {
  test('from CSV', async (t) => {
    await checkOutputs(t, makeFile(t, 'events.csv', eventsCsv(rows)));
  });

  test('from JSON lines', async (t) => {
    const lines = rows.map(([user, time, type, item]) =>
      JSON.stringify({ user_id: user, ts: time, type, ...(item && { item }) }),
    );
    await checkOutputs(t, makeFile(t, 'events.jsonl', lines.join('\n')));
  });

  test('from a JSON array with escapes', async (t) => {
    const objects = rows.map(([user, time, type, item]) => ({ user_id: user, ts: time, type, item: item || null }));
    await checkOutputs(
      t,
      makeFile(
        t,
        'events.json',
        JSON.stringify(objects, null, 1).replace(
          /[\u007f-\uffff]/g,
          (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
        ),
      ),
    );
  });
});

test('numbers as ids keep the digits they were written with, but for those that say that a whole number is whole', async (t) => {
  const numbers = ['12345678901234567890', '9007199254740993', '1e5', '1.0', '-7', '0.10', '123456789012345678901234567890'];
  const lines = numbers.flatMap((id, i) =>
    [0, 1].map(
      (second) =>
        `{"user_id": ${id}, "ts": "2025-09-05T10:00:0${second}Z", "event": "impression", "sku": ${numbers[(i + 1) % numbers.length]}}`,
    ),
  );
  const ids = numbers.map((id) => ({ '1e5': '100000', '1.0': '1' })[id] ?? id);
  const { file, table } = await prepareInto(t, makeFile(t, 'events.jsonl', lines.join('\n')));
  const users = PARTS.flatMap((part) =>
    toText(table(part, 'jsonl'))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  );
  assert.deepEqual(
    users.sort((a, b) => a.index - b.index).map((row) => row.user_id),
    ids,
  );
  assert.deepEqual(
    Object.keys(JSON.parse(toText(file('models', 'vocab.json'))).item_to_int)
      .filter((id) => !id.startsWith('['))
      .sort(),
    [...ids].sort(),
  );
});

test('a gap of exactly 24 hours does not cut, a microsecond more does', async (t) => {
  const at = (user, ...times) => times.map((time) => [user, time, 'impression', 'p']);
  const path = makeFile(
    t,
    'events.csv',
    eventsCsv([
      ...at('exact', '2025-09-05 10:00:00', '2025-09-06 10:00:00'),
      ...at('more', '2025-09-05 10:00:00', '2025-09-05 10:00:00.5', '2025-09-06 10:00:00.500001', '2025-09-06 10:00:01'),
      ...at('numbered', '2025-09-05 10:00:00', '2025-09-08 10:00:00', '2025-09-08 10:00:01'),
    ]),
  );
  const { table } = await prepareInto(t, path);
  const rows = PARTS.flatMap((part) =>
    toText(table(part, 'jsonl'))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  );
  rows.sort((a, b) => a.index - b.index);
  assert.deepEqual(
    rows.map((row) => [row.session_id, row.sequence.map(([, , minutes]) => minutes)]),
    [
      ['exact_1', [0, 1440]],
      ['more_1', [0, 0.5 / 60]],
      ['more_2', [0, 0.499999 / 60]],
      ['numbered_2', [0, 1 / 60]], // its first session was too short and keeps its number
    ],
  );
});
