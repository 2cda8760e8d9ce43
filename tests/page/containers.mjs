/** The same events in other files: gzip, zstd, Arrow and Parquet, made from CSV text as small as these tests need it. */
import * as zlib from 'node:zlib';
import { importFromWeb } from './support.mjs';

const { tableToIPC, vectorFromArray, Table, Utf8 } = await importFromWeb('apache-arrow');

export const gzip = (text) => zlib.gzipSync(text);

/** This Node's own compression, or else a frame of stored blocks, which every zstd reader takes (RFC 8878, 3.1.1). */
export function zstd(text) {
  const bytes = Buffer.from(text);
  if (zlib.zstdCompressSync) return zlib.zstdCompressSync(bytes);
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])]; // magic number, no size, a window of 128 KiB
  for (let at = 0; at < bytes.length; at += 65_536) {
    const block = bytes.subarray(at, at + 65_536);
    const header = Buffer.alloc(4);
    header.writeUInt32LE((block.length << 3) | (at + block.length >= bytes.length ? 1 : 0));
    parts.push(header.subarray(0, 3), block);
  }
  return Buffer.concat(parts);
}

/** An IPC stream of text columns; an empty cell is null. */
export function arrow(text) {
  const { names, columns } = columnsOf(text);
  const table = new Table(Object.fromEntries(names.map((name, i) => [name, vectorFromArray(columns[i], new Utf8())])));
  return Buffer.from(tableToIPC(table, 'stream'));
}

/** One row group of optional text columns, a plain uncompressed page each. */
export function parquet(text) {
  const { names, columns } = columnsOf(text);
  const rows = columns[0].length;
  const chunks = [];
  let at = 4;
  const metadata = columns.map((values, i) => {
    const page = dataPage(values);
    const chunk = { offset: at, size: page.length };
    chunks.push(page);
    at += page.length;
    return struct([
      [2, I64, zigzag(chunk.offset)],
      [3, STRUCT, columnMetadata(names[i], rows, chunk)],
    ]);
  });
  const schema = [
    struct([
      [4, BINARY, string('schema')],
      [5, I32, zigzag(names.length)],
    ]),
    ...names.map((name) =>
      struct([
        [1, I32, zigzag(6)],
        [3, I32, zigzag(1)],
        [4, BINARY, string(name)],
        [6, I32, zigzag(0)],
      ]),
    ),
  ];
  const group = struct([
    [1, LIST, list(STRUCT, metadata)],
    [2, I64, zigzag(at)],
    [3, I64, zigzag(rows)],
  ]);
  const footer = struct([
    [1, I32, zigzag(1)],
    [2, LIST, list(STRUCT, schema)],
    [3, I64, zigzag(rows)],
    [4, LIST, list(STRUCT, [group])],
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from('PAR1'), ...chunks, footer, length, Buffer.from('PAR1')]);
}

function columnsOf(text) {
  const [names, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return { names, columns: names.map((_, i) => rows.map((row) => row[i] || null)) };
}

// Thrift's compact protocol, as far as Parquet needs it here: a field is [id, type, bytes].
const [I32, I64, BINARY, LIST, STRUCT] = [5, 6, 8, 9, 12];
const struct = (fields) => {
  let last = 0;
  const parts = fields.map(([id, type, bytes]) => {
    const header = Buffer.from([((id - last) << 4) | type]);
    last = id;
    return Buffer.concat([header, bytes]);
  });
  return Buffer.concat([...parts, Buffer.from([0])]);
};
const list = (type, items) => Buffer.concat([Buffer.from([0xf0 | type]), varint(items.length), ...items]);
const string = (text) => Buffer.concat([varint(Buffer.byteLength(text)), Buffer.from(text)]);
const zigzag = (value) => varint(value * 2);

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}

function columnMetadata(name, rows, { offset, size }) {
  return struct([
    [1, I32, zigzag(6)], // BYTE_ARRAY
    [2, LIST, list(I32, [zigzag(0), zigzag(3)])], // PLAIN, RLE
    [3, LIST, list(BINARY, [string(name)])],
    [4, I32, zigzag(0)], // uncompressed
    [5, I64, zigzag(rows)],
    [6, I64, zigzag(size)],
    [7, I64, zigzag(size)],
    [9, I64, zigzag(offset)],
  ]);
}

function dataPage(values) {
  const levels = Buffer.concat(values.map((value) => Buffer.concat([varint(2), Buffer.from([value === null ? 0 : 1])]))); // runs of one
  const size = Buffer.alloc(4);
  size.writeUInt32LE(levels.length);
  const plain = values
    .filter((value) => value !== null)
    .map((value) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(value));
      return Buffer.concat([length, Buffer.from(value)]);
    });
  const data = Buffer.concat([size, levels, ...plain]);
  const page = struct([
    [1, I32, zigzag(values.length)],
    [2, I32, zigzag(0)],
    [3, I32, zigzag(3)],
    [4, I32, zigzag(3)],
  ]);
  return Buffer.concat([
    struct([
      [1, I32, zigzag(0)],
      [2, I32, zigzag(data.length)],
      [3, I32, zigzag(data.length)],
      [5, STRUCT, page],
    ]),
    data,
  ]);
}
