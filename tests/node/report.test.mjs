/** The report in HTML: the same from both commands and the module, safe to open, and sparing with small counts. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { prepare, simulate } from '../../web/dist/node.js';
import { command, makeFile, makeFolder, nativeCommand, readFolder, run, shopWithType } from './support.mjs';

const hosts = { Node: [process.execPath, command], native: [nativeCommand] };
const events = new Uint8Array(await (await simulate({ events: 20_000, seed: 4 })).arrayBuffer());
const causal = { profile: 'causal' };

async function reportOf(source, plan, options) {
  const dataset = await prepare(source, plan, { audit: true });
  try {
    return { html: await dataset.reportHtml(options), report: dataset.report, audit: dataset.audit };
  } finally {
    dataset.dispose();
  }
}

for (const [host, program] of Object.entries(hosts)) {
  describe(`the report of the command in ${host}`, { skip: !existsSync(program.at(-1)) }, () => {
    test('is written beside the files, with the hash of their manifest', async (t) => {
      const folder = makeFolder(t);
      const input = makeFile(t, 'events.csv', events);
      const args = ['prepare', input, '--out', 'out', '--profile', 'causal', '--report', 'a/report.html', '--quiet'];
      const { code, stderr } = await run(args, { program, cwd: folder });
      assert.equal(code, 0, stderr);
      const manifestSha256 = createHash('sha256')
        .update(readFileSync(join(folder, 'out/manifest.json')))
        .digest('hex');
      const { html } = await reportOf(events, causal, { manifestSha256 });
      assert.equal(readFileSync(join(folder, 'a/report.html'), 'utf8'), html);
      assert.ok(html.includes(manifestSha256));
      assert.ok(!existsSync(join(folder, 'out/audit.json')), 'the audit is no file unless it is asked for');
    });

    test('is written by audit, with exact counts where they are asked for', async (t) => {
      const folder = makeFolder(t);
      const input = makeFile(t, 'events.csv', events);
      const args = ['audit', input, '--profile', 'causal', '--report', 'report.html', '--report-counts', 'exact'];
      const { code, stdout, stderr } = await run(args, { program, cwd: folder });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^Profile causal/);
      const { html } = await reportOf(events, causal, { counts: 'exact' });
      assert.equal(readFileSync(join(folder, 'report.html'), 'utf8'), html);
      assert.deepEqual(Object.keys(readFolder(folder)), ['report.html']);
    });

    test('is not written over another file of the run', async (t) => {
      const out = join(makeFolder(t), 'out');
      const input = makeFile(t, 'events.csv', events);
      const { code, stderr } = await run(['prepare', input, '--out', out, '--report', join(out, 'data/../manifest.json')], {
        program,
      });
      assert.equal(code, 1);
      assert.match(stderr, /manifest\.json is another file of this run; name another place\.\n$/);
      assert.ok(!existsSync(out), 'a folder for nothing is there');
    });

    test('is not written over an input', async (t) => {
      const input = makeFile(t, 'events.csv', events);
      const { code, stderr } = await run(['audit', input, '--report', input], { program });
      assert.equal(code, 1);
      assert.match(stderr, /is an input of this run, and would be written over/);
      assert.deepEqual(new Uint8Array(readFileSync(input)), events);
    });
  });
}

test('says the verdict, the estimand, the findings, the plan and what is left to its author', async () => {
  const { html, report, audit } = await reportOf(events, causal);
  assert.ok(html.includes('No finding rules out a causal interpretation'));
  assert.ok(html.includes('The effect of “click” after an exposure (“impression”)'));
  assert.ok(html.includes(report.trials.rows.toLocaleString('en-US')));
  for (const { code, title, consequence } of audit.findings)
    assert.ok(html.includes(title) && html.includes(consequence.slice(0, 20)), code);
  const items = [...html.matchAll(/<tr><td>([^<]*)<td>([^<]*)<td>([^<]*)<span class=author>([^<]*)<\/span>/g)].map(
    ([, ...cells]) => cells,
  );
  assert.equal(
    items.map(([number]) => number).join(' '),
    '1a 1b 1c 2 3 4 5 6a 6b 6c 6d 6e 6f 6g 6h 7a 7b 7c 7d 7e 7f 7g(i) 7g(ii) 7h(i) 7h(ii) 8 9 10 11 12 13 14 15 16 17 18 19 20 21',
  );
  for (const [number, topic, known, author] of items) assert.ok(topic && (known.trim() || author), `${number} says nothing`);
  assert.match(html, /<td>20<td>Funding<td> <span class=author>/);
  assert.equal(html.match(/<svg /g).length, 5);
  const notebook = await reportOf(events, {});
  assert.ok(notebook.html.includes('Not suitable for a causal interpretation as it is (3 errors'));
});

test('draws the differences where they are', async () => {
  const { html, audit } = await reportOf(events, causal);
  const svg = html.slice(html.indexOf('<svg '), html.indexOf('</svg>'));
  const numbers = (pattern) => [...svg.matchAll(pattern)].map((match) => match.slice(1).map(Number));
  const dots = numbers(/<circle class="dot" cx="([\d.]+)"/g).map(([x]) => x);
  const [[zero]] = numbers(/<line class="axis" x1="([\d.]+)"/g);
  const intervals = numbers(/<line class="interval" x1="([\d.]+)" y1="[\d.]+" x2="([\d.]+)"/g);
  const { all, parts } = audit.split;
  const lines = [all, parts.train, parts.validation, parts.test];
  const scale = (dots[0] - zero) / all.naiveDifference;
  for (const [i, { naiveDifference, interval95 }] of lines.entries()) {
    const drawn = [dots[i], ...intervals[i]].map((x) => (x - zero) / scale);
    for (const [j, value] of [naiveDifference, ...interval95].entries())
      assert.ok(Math.abs(drawn[j] - value) < 0.002, `${drawn[j]} for ${value}`);
  }
});

test('stands for itself: no script, nothing that is fetched, no user', async () => {
  const { html } = await reportOf(events, causal);
  assert.doesNotMatch(html, /<script|<link|<img|<iframe|https?:|url\(|@import|src=|href=| on\w+=/i);
  assert.match(html, /default-src 'none'; style-src 'unsafe-inline'/);
  assert.match(html, /@media print/);
  assert.match(html, /color-scheme: light dark/);
  const users = new Set(
    new TextDecoder()
      .decode(events)
      .split('\n')
      .slice(1, 3000)
      .map((line) => line.split(',')[0]),
  );
  for (const user of users) if (user) assert.ok(!html.includes(user), user);
});

test('shows small counts and rates of them only where it is asked to', async () => {
  // 40 users who are not treated, 3 who are; of these two buy.
  const at = (user, second, type) => ({ user, time: second, type, item: 'a' });
  const rows = Array.from({ length: 43 }, (_, i) => {
    const visit = [at(`u${i}`, 1000 * i, 'impression'), at(`u${i}`, 1000 * i + 9, i < 3 ? 'click' : 'auction')];
    return i < 2 || i % 4 === 3 ? [...visit, at(`u${i}`, 1000 * i + 60, 'purchase')] : visit;
  }).flat();
  const plan = { time: { unit: 's' }, session: { gapHours: 0.1 } };
  const cells = (html) => html.slice(html.indexOf('<h2>Verdict'), html.indexOf('<h2>TARGET'));
  const few = cells((await reportOf(rows, plan)).html);
  const exact = cells((await reportOf(rows, plan, { counts: 'exact' })).html);
  assert.match(exact, /<td>treated<\/td><td class=n>7\.0%<\/td>/);
  assert.match(exact, /66\.7%/);
  assert.match(few, /<td>treated<\/td><td class=n>few<\/td>/);
  assert.doesNotMatch(few, /7\.0%|66\.7%/);
});

test('lets nothing of the input be markup, or turn the direction of the text', async () => {
  const hostile = '<b>&"\'\u202Ex\u0007</b>';
  const { events, plan } = shopWithType(hostile, 60);
  const { html } = await reportOf(events, plan);
  assert.ok(!html.includes('<b>') && !html.includes('\u202E') && !html.includes('\u0007'));
  assert.ok(html.includes('&lt;b&gt;&amp;&quot;&#39;\\u202ex\\u0007&lt;/b&gt;'));
});

test('is refused of a dataset without an audit, and of options that are none', async () => {
  const plain = await prepare(events);
  await assert.rejects(plain.reportHtml(), /there is none; prepare with \{ audit: true \}/);
  plain.dispose();
  await assert.rejects(reportOf(events, {}, { counts: 'all' }), /"suppressed" or "exact"/);
  await assert.rejects(reportOf(events, {}, { manifestSha256: '<b>' }), /64 hexadecimal digits/);
});
