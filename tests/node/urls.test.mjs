/** Sources that are fetched: by ranges, as a stream, and from servers that do not do what they should. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { inspect, prepare } from '../../web/dist/node.js';
import { eventsCsv, fingerprint, goldenCase, makeFile, repository, SMALL_EVENTS, toText } from './support.mjs';
import { makeZip } from './zip.mjs';

const parquet = readFileSync(join(repository, 'tests/cases/inputs/r6-parts/part-00000.parquet'));
const golden = readFileSync(goldenCase('typical').input);
const large = Buffer.from(
  eventsCsv(
    Array.from({ length: 60_000 }, (_, i) => [
      `u${i >> 3}`,
      `2025-09-${String(1 + (i % 28)).padStart(2, '0')} 10:00:00`,
      i % 5 ? 'impression' : 'click',
      `product-${i % 97}`,
    ]),
  ),
);

/** A server of one file; `answer` may take a request in its own way. `ranges` lists what was asked for. */
async function serve(t, bytes, answer = () => false) {
  const ranges = [];
  const server = createServer((request, response) => {
    const { range } = request.headers;
    ranges.push(range ?? null);
    if (answer({ request, response, range, count: ranges.length })) return;
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    if (from === undefined) return response.writeHead(200, { 'Content-Length': bytes.length }).end(bytes);
    sendRange(response, bytes, Number(from), to);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${server.address().port}/data/events.csv?signature=secret`;
  return { url, name: url.replace(/\?.*/, ''), ranges };
}

function sendRange(response, bytes, from, to, headers = {}) {
  if (from >= bytes.length) return response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
  const end = Math.min(to ? Number(to) + 1 : bytes.length, bytes.length);
  const head = {
    'Content-Range': `bytes ${from}-${end - 1}/${bytes.length}`,
    'Content-Length': end - from,
    ETag: '"1"',
    ...headers,
  };
  response.writeHead(206, head).end(bytes.subarray(from, end));
}

async function printOf(source, options) {
  const dataset = await prepare(source, {}, options);
  try {
    return await fingerprint(dataset);
  } finally {
    dataset.dispose();
  }
}

const FILES = {
  'a small CSV': Buffer.from(SMALL_EVENTS),
  'a golden case': golden,
  'a CSV of several megabytes': large,
  gzip: gzipSync(large),
  Parquet: parquet,
  'an archive': makeZip([
    { name: 'a.csv', data: large },
    { name: 'b.parquet', data: parquet, method: 0 },
  ]),
};

for (const [name, bytes] of Object.entries(FILES)) {
  describe(`${name} is read as from the disk`, () => {
    test('by ranges', async (t) => {
      const { url, ranges } = await serve(t, bytes);
      assert.equal(await printOf({ url }), await printOf(bytes));
      assert.ok(ranges.every((range) => range !== null));
    });

    test('as one stream from a server without ranges', async (t) => {
      const { url, ranges } = await serve(t, bytes, ({ response }) => {
        response.writeHead(200);
        for (let at = 0; at < bytes.length; at += 70_001) response.write(bytes.subarray(at, at + 70_001));
        response.end();
        return true;
      });
      assert.equal(await printOf(new URL(url)), await printOf(bytes));
      assert.equal(ranges.length, 1);
    });
  });
}

test('of a file that is read by ranges only what is needed comes', async (t) => {
  const padded = makeZip([
    { name: 'a.csv', data: SMALL_EVENTS },
    { name: '_padding', data: Buffer.alloc(20 << 20, 1), method: 0 },
  ]);
  let sent = 0;
  const { url } = await serve(t, padded, ({ response }) => {
    response.on('finish', () => (sent += Number(response.getHeader('content-length') ?? 0)));
    return false;
  });
  assert.equal(await printOf({ url }), await printOf({ name: 'a.csv', data: SMALL_EVENTS }));
  assert.ok(sent < 4 << 20, `${sent} bytes were sent`);
});

test('it is named without its query, in messages and in the manifest', async (t) => {
  const { url, name } = await serve(t, golden);
  for (const manifest of [false, true]) {
    const dataset = await prepare({ url }, {}, { manifest });
    assert.equal(dataset.report.input.files[0].name, name);
    const { inputs } = JSON.parse(toText(await dataset.manifest([])));
    assert.deepEqual(inputs, [
      { name: 'events.csv', bytes: golden.length, sha256: createHash('sha256').update(golden).digest('hex') },
    ]);
    dataset.dispose();
  }
  const named = await prepare({ url, name: 'shop.csv' });
  assert.equal(named.report.input.files[0].name, 'shop.csv');
  named.dispose();
});

test('a stream is hashed as it comes, and gone later', async (t) => {
  const whole = ({ response }) => !!response.writeHead(200).end(golden);
  const { url, name } = await serve(t, golden, whole);
  const hashed = await prepare({ url }, {}, { manifest: true });
  const { inputs } = JSON.parse(toText(await hashed.manifest([])));
  assert.equal(inputs[0].sha256, createHash('sha256').update(golden).digest('hex'));
  hashed.dispose();
  const gone = await prepare({ url });
  await assert.rejects(gone.manifest([]), {
    code: 'badCall',
    message: `${name} was read once and is gone; prepare it with { manifest: true }.`,
  });
  gone.dispose();
});

test('it is inspected, and stands among other files', async (t) => {
  const { url, name } = await serve(t, golden);
  assert.equal((await inspect({ url })).name, name);
  assert.equal((await inspect({ url }, {}, 3)).rows.length, 3);
  const file = makeFile(t, 'a.csv', SMALL_EVENTS);
  const dataset = await prepare([
    { path: file },
    { url },
    new URL(url),
    pathToFileURL(file),
    { name: 'b.csv', data: SMALL_EVENTS },
  ]);
  assert.deepEqual(
    dataset.report.input.files.map((each) => each.name),
    [file, name, name, file, 'b.csv'],
  );
  dataset.dispose();
});

test('a redirect is followed, and an empty file is one', async (t) => {
  const { url } = await serve(t, golden);
  const from = await serve(t, golden, ({ response }) => !!response.writeHead(302, { Location: url }).end());
  assert.equal(await printOf({ url: from.url }), await printOf(golden));
  const empty = await serve(t, Buffer.alloc(0));
  await assert.rejects(prepare({ url: empty.url }), {
    code: 'emptyInput',
    message: `${empty.name} is empty; a table of events is needed`,
  });
});

test('parts of what was compressed on the way are not taken for parts of the file', async (t) => {
  const packed = gzipSync(golden);
  const { url } = await serve(t, packed, ({ response, range }) => {
    if (range) sendRange(response, packed, 0, '99', { 'Content-Encoding': 'gzip' });
    else response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(packed);
    return true;
  });
  assert.equal(await printOf({ url }), await printOf(golden));
});

describe('a server that fails is told in one sentence', () => {
  const refused = (url, message, options) => assert.rejects(prepare({ url }, {}, options), { code: 'unreadable', message });

  for (const [status, text] of [
    [404, 'Not Found'],
    [403, 'Forbidden'],
    [500, 'Internal Server Error'],
  ]) {
    test(`${status}`, async (t) => {
      const { url, name } = await serve(t, golden, ({ response }) => !!response.writeHead(status).end('<html>'));
      await refused(url, `${name} cannot be fetched: its server answers ${status} ${text}.`);
      await assert.rejects(inspect({ url }), { code: 'unreadable' });
    });
  }

  test('no server', async (t) => {
    const { url, name } = await serve(t, golden);
    const nobody = url.replace(/:\d+/, ':1');
    await refused(nobody, new RegExp(`^${name.replace(/:\d+/, ':1')} cannot be fetched \\(.+\\)\\.$`));
  });

  for (const [what, headers] of [
    ['the ETag', { ETag: '"2"' }],
    ['the date', { 'Last-Modified': 'Tue, 01 Sep 2026 10:00:00 GMT' }],
  ]) {
    test(`${what} changed in between`, async (t) => {
      const { url, name } = await serve(t, large, ({ response, range, count }) => {
        const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range);
        sendRange(response, large, Number(from), to, count > 1 ? headers : {});
        return true;
      });
      await refused(url, `${name} changed while it was read; read it again.`);
    });
  }

  test('the size changed in between', async (t) => {
    const { url, name } = await serve(t, large, ({ response, range, count }) => {
      const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range);
      sendRange(response, count > 1 ? Buffer.concat([large, large]) : large, Number(from), to);
      return true;
    });
    await refused(url, `${name} changed while it was read; read it again.`);
  });

  test('the file was replaced by a whole answer, or is gone', async (t) => {
    const whole = await serve(t, large, ({ response, count }) => count > 1 && !!response.writeHead(200).end(large));
    await refused(whole.url, `${whole.name} changed while it was read; read it again.`);
    const gone = await serve(t, large, ({ response, count }) => count > 1 && !!response.writeHead(404).end());
    await refused(gone.url, `${gone.name} cannot be fetched: its server answers 404 Not Found.`);
  });

  test('other bytes than were asked for', async (t) => {
    const { url, name } = await serve(t, large, ({ response, count }) => {
      if (count === 1) return false;
      sendRange(response, large, 0, '99');
      return true;
    });
    await refused(url, `${name}: its server gave other bytes than it was asked for.`);
  });

  for (const [how, count] of [
    ['the first answer', 1],
    ['a later one', 2],
  ]) {
    test(`${how} is cut off`, async (t) => {
      const { url, name } = await serve(t, large, (asked) => {
        if (asked.count < count) return false;
        const [, from] = /^bytes=(\d+)-/.exec(asked.range);
        const end = count === 1 ? (1 << 20) - 1 : large.length - 1;
        asked.response.writeHead(206, {
          'Content-Range': `bytes ${from}-${end}/${large.length}`,
          'Content-Length': end + 1 - Number(from),
          ETag: '"1"',
        });
        asked.response.write(large.subarray(Number(from), Number(from) + 1000), () => asked.response.destroy());
        return true;
      });
      await refused(url, new RegExp(`^${name} was cut off after \\d+ of \\d+ bytes \\(.+\\)\\.$`));
    });
  }

  test('a stream is cut off', async (t) => {
    const { url, name } = await serve(t, large, ({ response }) => {
      response.writeHead(200, { 'Content-Length': large.length });
      response.write(large.subarray(0, 100_000), () => response.destroy());
      return true;
    });
    await refused(url, new RegExp(`^${name} was cut off after \\d+`));
  });

  test('an address that is none', async () => {
    for (const url of ['events.csv', 'ftp://example.com/events.csv', new URL('ftp://example.com/')]) {
      await assert.rejects(async () => prepare({ url }), {
        code: 'badSource',
        message: /must begin with https:\/\/ or http:\/\//,
      });
    }
    await assert.rejects(prepare({ path: new URL('https://example.com/a.csv') }), { message: /give it as \{ url \}/ });
  });
});

describe('a slow server', () => {
  const dribble =
    (bytes, milliseconds) =>
    ({ response, range }) => {
      const end = Math.min(bytes.length, 1 << 20);
      if (range) response.writeHead(206, { 'Content-Range': `bytes 0-${end - 1}/${bytes.length}`, 'Content-Length': end });
      let at = 0;
      const timer = setInterval(() => {
        if (at >= end) return (clearInterval(timer), response.end());
        response.write(bytes.subarray(at, Math.min(end, (at += 1000))));
      }, milliseconds);
      response.on('close', () => clearInterval(timer));
      return true;
    };

  test('is waited for', async (t) => {
    const { url } = await serve(t, golden, dribble(golden, 2));
    assert.equal(await printOf({ url }), await printOf(golden));
  });

  test('is left when the run is cancelled', async (t) => {
    for (const answer of [dribble(large, 1000), () => true]) {
      const { url } = await serve(t, large, answer);
      const stop = new AbortController();
      const begun = performance.now();
      setTimeout(() => stop.abort(), 50);
      await assert.rejects(prepare({ url }, {}, { signal: stop.signal }), { name: 'AbortError' });
      assert.ok(performance.now() - begun < 5000);
    }
  });
});
