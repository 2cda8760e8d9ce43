/** ZIP files as other writers make them, and as nobody should. */
import { deflateRawSync } from 'node:zlib';

const TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Numbers of so many bytes each, little-endian. */
function numbers(...pairs) {
  const out = Buffer.alloc(pairs.reduce((sum, [, size]) => sum + size, 0));
  let at = 0;
  for (const [value, size] of pairs) {
    if (size === 8) out.writeBigUInt64LE(BigInt(value), at);
    else out.writeUIntLE(Number(value), at, size);
    at += size;
  }
  return out;
}

/**
 * Entries are {name, data}, and how they are told of: `method` (8 unless set), `flags`, `localName`, `crc`, `packed`, `unpacked`
 * and `offset` instead of the true ones, `bytes` instead of the packed data, `extra` of the local header. `zip64`: all long
 * numbers stand in the fields for them; `descriptor`: the local header knows no sizes. `end` changes numbers of the end record.
 */
export function makeZip(entries, { zip64 = false, descriptor = false, comment = '', end = {} } = {}) {
  const pieces = [];
  const directory = [];
  let at = 0;
  const put = (list, bytes) => {
    list.push(bytes);
    return bytes.length;
  };
  for (const { name, data = '', method = 8, flags = 0x800, localName = name, extra = Buffer.alloc(0), ...said } of entries) {
    const plain = Buffer.from(data);
    const bytes = said.bytes ?? (method === 8 ? deflateRawSync(plain) : plain);
    const crc = said.crc ?? crc32(plain);
    const packed = said.packed ?? bytes.length;
    const unpacked = said.unpacked ?? plain.length;
    const offset = said.offset ?? at;
    const bits = flags | (descriptor ? 8 : 0);
    const local = Buffer.from(localName);
    at += put(pieces, numbers([0x04034b50, 4], [20, 2], [bits, 2], [method, 2], [0, 2], [33, 2]));
    at += put(pieces, descriptor ? Buffer.alloc(12) : numbers([crc, 4], [packed, 4], [unpacked, 4]));
    at += put(pieces, numbers([local.length, 2], [extra.length, 2]));
    at += put(pieces, local) + put(pieces, extra) + put(pieces, bytes);
    if (descriptor) at += put(pieces, numbers([0x08074b50, 4], [crc, 4], [packed, 4], [unpacked, 4]));
    const long = zip64 ? numbers([1, 2], [24, 2], [unpacked, 8], [packed, 8], [offset, 8]) : Buffer.alloc(0);
    const short = (value) => (zip64 ? 0xffffffff : value);
    const central = Buffer.from(name);
    directory.push(numbers([0x02014b50, 4], [45, 2], [20, 2], [bits, 2], [method, 2], [0, 2], [33, 2], [crc, 4]));
    directory.push(numbers([short(packed), 4], [short(unpacked), 4], [central.length, 2], [long.length, 2], [0, 2], [0, 2]));
    directory.push(numbers([0, 2], [0, 4], [short(offset), 4]), central, long);
  }
  const central = Buffer.concat(directory);
  const begin = end.offset ?? at;
  const size = end.size ?? central.length;
  const count = end.count ?? entries.length;
  const tail = [central];
  if (zip64) {
    const record = at + central.length;
    tail.push(numbers([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [count, 8], [count, 8], [size, 8], [begin, 8]));
    tail.push(numbers([0x07064b50, 4], [0, 4], [end.record ?? record, 8], [1, 4]));
  }
  const short = (value, most) => (zip64 ? most : value);
  tail.push(numbers([0x06054b50, 4], [end.disk ?? 0, 2], [0, 2], [short(count, 0xffff), 2], [short(count, 0xffff), 2]));
  tail.push(numbers([short(size, 0xffffffff), 4], [short(begin, 0xffffffff), 4], [comment.length, 2]), Buffer.from(comment));
  return Buffer.concat([...pieces, ...tail]);
}
