/** Text in other encodings through the module, whose host is TextDecoder here: all characters that it has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepare } from '../../web/dist/node.js';

const HEADER = 'user_id,event_timestamp,event_type,product_id\n';

/** Every character of two bytes that an encoding has, as bytes. */
function charactersOf(label, leads, mostTrail) {
  const decoder = new TextDecoder(label, { fatal: true });
  const found = [];
  for (const lead of leads) {
    for (let trail = 0x40; trail <= mostTrail; ++trail) {
      const bytes = Buffer.from([lead, trail]);
      try {
        const text = decoder.decode(bytes);
        if ([...text].length === 1) found.push({ bytes, text });
      } catch {
        // no character
      }
    }
  }
  return found;
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** A table with each text as an item, of one user and at one second after another. */
function tableOf(characters) {
  const time = (i) => new Date(Date.UTC(2025, 8, 5) + i * 1000).toISOString();
  const rows = characters.flatMap(({ bytes }, i) => [Buffer.from(`u1,${time(i)},impression,`), bytes, Buffer.from('x\n')]);
  return Buffer.concat([Buffer.from(HEADER), ...rows]);
}

async function itemsOf(data, encoding) {
  const plan = { input: { encoding }, split: { train: 1, validation: 0, test: 0 }, sequence: { maxEvents: 100_000 } };
  const dataset = await prepare({ name: 'events.csv', data }, plan);
  try {
    const vocabulary = JSON.parse(new TextDecoder().decode(await dataset.write('vocabulary')));
    return Object.keys(vocabulary.item_to_int).filter((item) => !/^\[(PAD|AUCTION|UNK)\]$/.test(item));
  } finally {
    dataset.dispose();
  }
}

// The standard decodes GBK as GB 18030, which Node's own GBK is not in all.
for (const [encoding, label, leads, mostTrail, least] of [
  ['gbk', 'gb18030', range(0x81, 0xfe), 0xfe, 23_000],
  ['shift_jis', 'shift_jis', [...range(0x81, 0x9f), ...range(0xe0, 0xfc)], 0xfc, 9_000],
]) {
  test(`${encoding} is read as the standard says`, async () => {
    const characters = charactersOf(label, leads, mostTrail);
    assert.ok(characters.length > least);
    const expected = new Set(characters.map(({ text }) => `${text}x`));
    assert.deepEqual(new Set(await itemsOf(tableOf(characters), encoding)), expected);
  });
}

for (const encoding of ['iso-8859-15', 'windows-1250', 'windows-1251', 'koi8-r', 'iso-8859-2', 'macintosh']) {
  test(`${encoding} is read as the standard says`, async () => {
    const decoder = new TextDecoder(encoding);
    // Not what is a line's end or a blank.
    const bytes = range(0xa1, 0xff);
    const characters = bytes.map((byte) => ({ bytes: Buffer.from([byte]), text: decoder.decode(Buffer.from([byte])) }));
    const expected = new Set(characters.map(({ text }) => `${text}x`));
    assert.deepEqual(new Set(await itemsOf(tableOf(characters), encoding)), expected);
  });
}

test('windows-1252 has its quotes and its euro, where Node has control characters', async () => {
  const table = tableOf([
    { bytes: Buffer.from([0x80]) },
    { bytes: Buffer.from([0x93, 0xe9, 0x94]) },
    { bytes: Buffer.from([0x81]) },
  ]);
  assert.deepEqual(new Set(await itemsOf(table, 'latin1')), new Set(['€x', '“é”x', '\u0081x']));
});
