/**
 * Local times of named zones: Node's Intl and the native command's data of the machine say the same. Where they are of different
 * versions, an answer that differs is told and not judged.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { prepare, readPlan } from '../../web/dist/node.js';
import { makeFile, makeFolder, nativeCommand, readFolder, run } from './support.mjs';

const ZONES = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Antarctica/Troll',
  'Asia/Hebron',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Europe/Berlin',
  'Europe/Dublin',
  'Pacific/Apia',
  'Pacific/Chatham',
];

const HOUR = 3_600_000;
const PLAN = { session: { gapHours: 1_000_000, minEvents: 1 }, sequence: { maxEvents: 1_000_000 } };
const header = 'user,time,type,item\n';
const local = (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

/** Every half hour of years in which clocks did strange things. */
function halfHours() {
  let text = header;
  for (const year of [2005, 2011, 2012, 2025]) {
    for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += HOUR / 2) text += `u,${local(at)},impression,i\n`;
  }
  return text;
}

const stated = '/usr/share/zoneinfo/tzdata.zi';
const machine = existsSync(stated) ? /^# version (\S+)/.exec(readFileSync(stated, 'utf8'))?.[1] : undefined;
const skip = !existsSync(nativeCommand) && 'there is no build/release/causal-sessions';

describe('time.zone by name', () => {
  for (const name of ZONES) {
    test(`${name}, natively and in Node`, { skip }, async (t) => {
      const events = makeFile(t, 'events.csv', halfHours());
      const settings = ['session.gapHours=1000000', 'session.minEvents=1', 'sequence.maxEvents=1000000', `time.zone=${name}`];
      const [here, there] = [join(makeFolder(t), 'out'), join(makeFolder(t), 'out')];
      const args = (out) => [
        ...['prepare', events, '--out', out, '--json', '--no-manifest', '--format', 'jsonl'],
        ...settings.flatMap((set) => ['--set', set]),
      ];
      const [inNode, outside] = await Promise.all([run(args(here)), run(args(there), { program: [nativeCommand] })]);
      assert.deepEqual([inNode.code, outside.code], [0, 0], inNode.stderr + outside.stderr);
      const said = ({ stdout }) => {
        const { input, notices } = JSON.parse(stdout).report;
        return { time: input.time, notices };
      };
      const alike = JSON.stringify(said(inNode)) === JSON.stringify(said(outside));
      const [ours, theirs] = [readFolder(here), readFolder(there)];
      if (alike && Object.entries(ours).every(([file, bytes]) => bytes.equals(theirs[file]))) return;
      const versions = `Node has ${process.versions.tz}, the machine ${machine}`;
      assert.notEqual(process.versions.tz, machine, `${name} differs, though ${versions}`);
      t.diagnostic(`${name} differs; ${versions}`);
    });
  }

  test('a time that the clock jumped over moves forward, one that it showed twice is the earlier, and both are told', async () => {
    const times = ['2025-03-30 01:59:59', '2025-03-30 02:30:00', '2025-10-26 02:30:00', '2025-10-26 03:00:00'];
    const text = header + times.map((time) => `u,${time},impression,i\n`).join('');
    const dataset = await prepare(text, { ...PLAN, time: { zone: 'Europe/Berlin' } });
    try {
      const { startUs, minutes } = await dataset
        .split('train')
        .then((part) => (part.startUs.length ? part : dataset.split('test')));
      const utc = [...minutes].map((after) => new Date(startUs[0] / 1000 + Math.round(after * 60_000)).toISOString());
      assert.deepEqual(utc, [
        '2025-03-30T00:59:59.000Z',
        '2025-03-30T01:30:00.000Z',
        '2025-10-26T00:30:00.000Z',
        '2025-10-26T02:00:00.000Z',
      ]);
      const notice = dataset.report.notices.find(({ code }) => code === 'clockChanges');
      assert.deepEqual([notice.counts, notice.key], [{ skipped: 1, repeated: 1 }, 'time.zone']);
      assert.match(notice.message, /the clock of Europe\/Berlin jumped over/);
    } finally {
      dataset.dispose();
    }
  });

  test('read in chunks by several threads it is the same', async (t) => {
    const path = makeFile(t, 'events.csv', halfHours().repeat(4).replaceAll(`\n${header}`, '\n'));
    const reports = [];
    for (const threads of [1, 3]) {
      const dataset = await prepare({ path }, { ...PLAN, time: { zone: 'Africa/Casablanca' } }, { threads });
      reports.push([dataset.report.input.time, dataset.report.notices, dataset.report.input.rows]);
      dataset.dispose();
    }
    assert.deepEqual(reports[1], reports[0]);
    assert.ok(reports[0][1].some(({ code }) => code === 'clockChanges'));
  });

  test('a name that is none is refused with the rule', async () => {
    for (const zone of ['Europe/Atlantis', 'PST', 'Europe', '../UTC']) {
      await assert.rejects(readPlan({ time: { zone } }), ({ code, message, where }) => {
        assert.deepEqual([code, where.column], ['badPlan', 'time.zone']);
        assert.match(message, /"UTC", a fixed offset such as "\+02:00" or a zone's name such as "Europe\/Berlin"/);
        return true;
      });
    }
  });
});
