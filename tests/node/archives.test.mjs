/** ZIP files of event files: read like a folder, and refused by name where they are not what they say. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { deflateRawSync, gzipSync, crc32 as zlibCrc32 } from 'node:zlib';
import { inspect, prepare } from '../../web/dist/node.js';
import {
  command,
  eventsCsv,
  fingerprint,
  makeFile,
  makeFolder,
  nativeCommand,
  readFolder,
  repository,
  run,
  toText,
} from './support.mjs';
import { makeZip } from './zip.mjs';

const programs = [[process.execPath, command], ...(existsSync(nativeCommand) ? [[nativeCommand]] : [])];
const parquet = readFileSync(join(repository, 'tests/cases/inputs/r6-parts/part-00000.parquet'));

const events = (user, rows = 1) =>
  eventsCsv(
    Array.from({ length: rows }, (_, i) => [
      [user, `2025-09-05 10:${String(i % 60).padStart(2, '0')}:00`, 'impression', `p${i}`],
      [user, `2025-09-05 10:${String(i % 60).padStart(2, '0')}:05`, 'click', `p${i}`],
    ]).flat(),
  );

const ENTRIES = [
  { name: 'z/part-1.csv', data: events('u1') },
  { name: 'z/' },
  { name: 'a.parquet', data: parquet, method: 0 },
  { name: 'b.parquet', data: parquet },
  { name: 'c.csv.gz', data: gzipSync(events('u2')), method: 0 },
  { name: 'empty.csv', data: '', method: 0 },
  { name: '__MACOSX/z/._part-1.csv', data: 'x' },
  { name: '_SUCCESS', data: '' },
  { name: 'large.csv', data: events('u3', 40_000), method: 0 },
  { name: 'larger.csv', data: events('u4', 40_000) },
];
const NAMES = ['a.parquet', 'b.parquet', 'c.csv.gz', 'empty.csv', 'large.csv', 'larger.csv', 'z/part-1.csv'];

async function rowsOf(source) {
  const dataset = await prepare(source);
  const { files, passedOver, emptyFiles } = dataset.report.input;
  const rows = files.map(({ name, rows }) => [name, rows]);
  const print = await fingerprint(dataset);
  dataset.dispose();
  return { rows, passedOver, emptyFiles, print };
}

for (const [name, options] of [
  ['plain', {}],
  ['with ZIP64 fields', { zip64: true }],
  ['with sizes behind the data', { descriptor: true }],
  ['with a comment', { comment: 'PK\x05\x06 is not its end' }],
]) {
  test(`an archive is read like its files: ${name}`, async (t) => {
    const bytes = makeZip(ENTRIES, options);
    const folder = makeFolder(t);
    writeFileSync(join(folder, 'all.zip'), bytes);
    const expected = [2, 2, 2, 0, 80_000, 80_000, 2].map((rows, i) => [`all.zip/${NAMES[i]}`, rows]);
    const byPath = await rowsOf({ path: join(folder, 'all.zip') });
    assert.deepEqual(
      byPath.rows.map(([path, rows]) => [path.replace(/^.*all\.zip/, 'all.zip'), rows]),
      expected,
    );
    assert.deepEqual([byPath.passedOver, byPath.emptyFiles], [2, 1]);
    for (const data of [
      bytes,
      new Blob([bytes]),
      new Blob([bytes]).stream(),
      new ReadableStream({
        start(controller) {
          for (let at = 0; at < bytes.length; at += 100_003) controller.enqueue(new Uint8Array(bytes.subarray(at, at + 100_003)));
          controller.close();
        },
      }),
    ]) {
      const found = await rowsOf({ name: 'all.zip', data });
      assert.deepEqual(found.rows, expected);
      assert.equal(found.print, byPath.print);
    }
    const single = await rowsOf(
      NAMES.map((entry) => ({ name: entry, data: Buffer.from(ENTRIES.find(({ name }) => name === entry).data) })),
    );
    assert.equal(single.print, byPath.print);
  });
}

test('both commands write the same of it, name it in the manifest, and verify it', async (t) => {
  const folder = makeFolder(t);
  const bytes = makeZip(ENTRIES);
  writeFileSync(join(folder, 'all.zip'), bytes);
  writeFileSync(join(folder, 'more.csv'), events('u9'));
  const outputs = [];
  for (const program of programs) {
    for (const words of [
      ['all.zip', 'more.csv'],
      ['-', 'more.csv'],
    ]) {
      const made = await run(['prepare', ...words, '--out', 'out', '--format', 'jsonl', '--quiet'], {
        program,
        cwd: folder,
        input: words[0] === '-' ? bytes : '',
      });
      assert.equal(made.code, 0, made.stderr);
      const { inputs } = JSON.parse(toText(readFolder(join(folder, 'out'))['manifest.json']));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      assert.deepEqual(inputs[0], { name: words[0] === '-' ? 'standard input' : 'all.zip', bytes: bytes.length, sha256 });
      outputs.push(
        Object.fromEntries(Object.entries(readFolder(join(folder, 'out'))).filter(([name]) => name !== 'manifest.json')),
      );
      if (words[0] !== '-') {
        const verified = await run(['verify', 'out/manifest.json', '--inputs', '.'], { program, cwd: folder });
        assert.deepEqual([verified.code, verified.stderr], [0, '']);
      }
      rmSync(join(folder, 'out'), { recursive: true });
    }
    const shown = await run(['inspect', 'all.zip'], { program, cwd: folder });
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(shown.stdout, /^all\.zip\/a\.parquet: parquet$/m);
    assert.match(shown.stdout, /^ {2}It is one of 7 files, of which the first with rows is shown\.$/m);
  }
  for (const output of outputs) assert.deepEqual(output, outputs[0]);
});

test('it is looked at by its first file with rows', async () => {
  const { name, rows, files, problem } = await inspect(
    {
      name: 'x.zip',
      data: makeZip([
        { name: '1.csv', data: '' },
        { name: '2.csv', data: events('u1').split('\n')[0] + '\n' },
        { name: '3.csv', data: events('u1', 50_000) },
      ]),
    },
    {},
    2,
  );
  assert.deepEqual([name, rows.length, files, problem], ['x.zip/3.csv', 2, 3, null]);
});

const ok = { name: 'a.csv', data: events('u1') };
const inner = makeZip([ok]);
const REFUSED = {
  'a password': [makeZip([{ ...ok, flags: 0x801 }]), /x\.zip\/a\.csv is packed with a password; unpack the archive first/],
  'strong encryption': [makeZip([{ ...ok, flags: 0x840 }]), /a\.csv is packed with a password/],
  'another method': [makeZip([{ ...ok, method: 93 }]), /x\.zip\/a\.csv is packed by method 93, and only deflate is read/],
  'an archive in it': [makeZip([{ name: 'b.zip', data: inner }]), /x\.zip\/b\.zip is a zip archive inside of another one/],
  'a stored archive in it': [
    makeZip([{ name: 'b.zip', data: inner, method: 0 }]),
    /x\.zip\/b\.zip is a zip archive inside of another/,
  ],
  'a workbook': [
    makeZip([{ name: '[Content_Types].xml', data: '<x/>' }, ok]),
    /x\.zip is an \.xlsx workbook; export the sheet as CSV/,
  ],
  'nothing but hidden names': [
    makeZip([{ name: '_SUCCESS' }, { name: 'x/.a', data: 'x' }]),
    /x\.zip is a zip archive without a file to read; .*, 2 of them/,
  ],
  'a file that is no table': [
    makeZip([ok, { name: 'b/README.txt', data: 'Read me.\n' }]),
    /x\.zip\/b\/README\.txt: no column looks like the user.*leave it out of the archive/,
  ],
  'a checksum that is not its own': [
    makeZip([{ ...ok, crc: 1 }]),
    /x\.zip\/a\.csv: its bytes are not those that the archive says/,
  ],
  'a stored file with another checksum': [
    makeZip([{ ...ok, method: 0, crc: 1 }]),
    /a\.csv: its bytes are not those that the archive says/,
  ],
  'a size that is too small': [makeZip([{ ...ok, unpacked: 10 }]), /a\.csv unpacks to more bytes than the archive says/],
  'a size that is too large': [makeZip([{ ...ok, unpacked: 1e6 }]), /a\.csv: its bytes are not those that the archive says/],
  'a stored Parquet file with another checksum': [
    makeZip([{ name: 'a.parquet', data: parquet, method: 0, crc: 1 }]),
    /a\.parquet: its bytes are not those that the archive says/,
  ],
  'a stored file with two sizes': [
    makeZip([{ ...ok, method: 0, unpacked: 1e6 }]),
    /a\.csv is stored as it is, but has two sizes/,
  ],
  'more bytes than there are': [
    makeZip([{ ...ok, packed: 1e6 }]),
    /x\.zip is no whole zip archive: its entries overlap, or lie outside/,
  ],
  'entries that overlap': [makeZip([ok, { ...ok, name: 'b.csv', offset: 0 }]), /its entries overlap/],
  'entries that share bytes': [makeZip([ok, { ...ok, name: 'b.csv', offset: 40 }]), /its entries overlap/],
  'another name in place': [
    makeZip([{ ...ok, localName: 'b.csv' }]),
    /x\.zip\/a\.csv does not stand where the directory of the archive says/,
  ],
  'a directory beyond its end': [makeZip([ok], { end: { offset: 1e6 } }), /its directory lies outside of it/],
  'more entries than it has': [makeZip([ok], { end: { count: 2 } }), /its directory is (damaged|shorter than its entries)/],
  'a directory of another place': [makeZip([ok], { end: { offset: 0 } }), /its directory is damaged/],
  'one of several parts': [makeZip([ok], { end: { disk: 1 } }), /is one of several parts of a zip archive/],
  'a ZIP64 record elsewhere': [makeZip([ok], { zip64: true, end: { record: 2n ** 63n } }), /its ZIP64 record lies outside/],
  'a ZIP64 record that is none': [
    makeZip([ok], { zip64: true, end: { record: 3 } }),
    /its ZIP64 record is not where it should be/,
  ],
  'data behind the end of its data': [
    makeZip([{ ...ok, bytes: Buffer.concat([Buffer.from([3, 0]), Buffer.from('rest')]), unpacked: 0 }]),
    /a\.csv, byte 2 of the deflate data: something else follows its end/,
  ],
  'damaged data': [
    makeZip([{ ...ok, bytes: Buffer.alloc(50, 0xff) }]),
    /a\.csv, byte 0 of the deflate data: what begins here cannot be unpacked; it is damaged/,
  ],
  'data that are cut off': [
    makeZip([{ ...ok, bytes: Buffer.from([0, 9, 0, 0xf6, 0xff, 65]) }]),
    /a\.csv, byte 6 of the deflate data: the file ends before its data does/,
  ],
};

describe('an archive is refused by name for', () => {
  for (const [name, [bytes, rule]] of Object.entries(REFUSED)) {
    test(name, async (t) => {
      const folder = makeFolder(t);
      writeFileSync(join(folder, 'x.zip'), bytes);
      const answers = [];
      for (const program of programs) {
        for (const words of [
          ['audit', 'x.zip'],
          ['prepare', 'x.zip', '--out', 'out'],
        ])
          answers.push(await run(words, { program, cwd: folder }));
        const { code } = await run(['inspect', 'x.zip'], { program, cwd: folder });
        assert.ok(code === 0 || code === 1);
      }
      for (const { code, stderr } of answers) {
        assert.equal(code, 1);
        assert.match(stderr, rule);
        assert.equal(stderr, answers[0].stderr);
      }
      assert.deepEqual(readdirSync(folder), ['x.zip']);
      await assert.rejects(prepare({ name: 'x.zip', data: new Blob([bytes]).stream() }), ({ message }) => rule.test(message));
    });
  }
});

test('names with .. in them are only names', async (t) => {
  const folder = makeFolder(t);
  writeFileSync(
    join(folder, 'x.zip'),
    makeZip([
      { name: '../../evil.csv', data: events('u1') },
      { name: '/etc/passwd', data: events('u2') },
    ]),
  );
  const { rows } = await rowsOf({ path: join(folder, 'x.zip') });
  assert.deepEqual(
    rows.map(([name]) => name.replace(/^.*x\.zip/, 'x.zip')),
    ['x.zip/../../evil.csv', 'x.zip//etc/passwd'],
  );
  assert.deepEqual(readdirSync(folder), ['x.zip']);
});

test('one that was cut off anywhere is refused, and never read beyond', async () => {
  const whole = makeZip([ok, { name: 'b.csv', data: events('u2') }], { comment: 'end' });
  for (let size = 4; size < whole.length; size += 3) {
    await assert.rejects(prepare({ name: 'x.zip', data: whole.subarray(0, size) }), {
      code: 'badSyntax',
      message: /x\.zip is no whole zip archive/,
    });
  }
});

test('any one byte of it changed is refused or read, and nothing worse', async () => {
  const whole = makeZip([
    { ...ok, method: 0 },
    { name: 'b.csv', data: events('u2') },
  ]);
  for (let at = 4; at < whole.length; at++) {
    const bytes = new Uint8Array(whole);
    bytes[at] ^= 0x55;
    await prepare({ name: 'x.zip', data: bytes }).then(
      (dataset) => dataset.dispose(),
      (error) => assert.ok(error.code !== undefined && error.code !== 'badCall', `byte ${at}: ${error.stack}`),
    );
  }
});

test('thousands of entries are read by as many small pieces', async () => {
  const many = Array.from({ length: 5000 }, (_, i) => ({
    name: `part-${String(i).padStart(4, '0')}.csv`,
    data: events(`u${i}`),
    method: i % 2 ? 8 : 0,
  }));
  const { rows } = await rowsOf({ name: 'many.zip', data: makeZip(many) });
  assert.equal(rows.length, 5000);
});

/** Each is below what a file may expand to. */
test('files that only together are a bomb are refused', async (t) => {
  const row = Buffer.concat([Buffer.from('u,1757000005,click,i,'), Buffer.alloc(1e6, 'x'), Buffer.from('\n')]);
  const plain = Buffer.concat([Buffer.from('user,time,type,item,note\n'), ...Array.from({ length: 90 }, () => row)]);
  const told = { bytes: deflateRawSync(plain), crc: zlibCrc32(plain), unpacked: plain.length };
  const bomb = (count) => makeZip(Array.from({ length: count }, (_, i) => ({ name: `${i}.csv`, ...told })));
  assert.ok(told.bytes.length * 1000 < plain.length);
  const path = makeFile(t, 'bomb.zip', bomb(12));
  await assert.rejects(prepare({ path }), {
    code: 'tooLarge',
    message: `${path}: the deflate data expand to more than 1024 MB and 1000 times their size, as a zip bomb does; unpack the file first if it is genuine`,
  });
  const dataset = await prepare({ path: makeFile(t, 'few.zip', bomb(2)) });
  assert.equal(dataset.report.input.events, 180);
  dataset.dispose();
});
