/** Inputs and plans that are refused, each with the rule its sentence has to name. Used by several tests. */
import { csv, eventsCsv } from './support.mjs';

const ROW = ['u1', '2025-09-05 10:00:00', 'auction', ''];
const good = (count) =>
  Array.from({ length: count }, (_, i) => ['u1', `2025-09-05 10:00:${String(i).padStart(2, '0')}`, 'impression', `p${i}`]);
const latin1 = (text) => Buffer.from(text, 'latin1');
const utf16 = (text) => Buffer.from(`\ufeff${text}`, 'utf16le');

const data = (name, content, code, rule, where = {}) => ({ name, content, code, rule, where, exitCode: 1 });
const plan = (name, settings, rule) => ({ name, settings, code: 'badPlan', rule, where: {}, exitCode: 2 });

export const dataRefusals = [
  data('an empty file', '', 'emptyInput', /is empty/),
  data('a file of blank lines', '\n\n  \n', 'emptyInput', /is empty/),
  data('a header without rows', eventsCsv([]), 'emptyInput', /no rows/),
  data(
    'a missing column',
    csv([
      ['USER_ID', 'when', 'event_type'],
      ['u1', '2025-09-05', 'click'],
    ]),
    'missingColumn',
    /no column looks like the time; the file has "USER_ID", "when", "event_type".*columns\.time/,
  ),
  data(
    'two candidates for a column',
    csv([
      ['user_id', 'client_id', 'ts', 'event'],
      ['a', 'b', '2025-09-05', 'click'],
    ]),
    'ambiguousColumn',
    /more than one column could be the user: "user_id", "client_id".*columns\.user/,
  ),
  data(
    'a column that is there twice',
    csv([
      ['user_id', 'ts', 'ts', 'event'],
      ['a', '2025-09-05', '2025-09-06', 'click'],
    ]),
    'ambiguousColumn',
    /more than one column could be the time/,
  ),
  data(
    'a time that is none',
    eventsCsv([...good(20), ['u1', '31/02/2025 10:00', 'click', 'p'], ROW]),
    'badRows',
    /row 21 \(line 22\), column "event_timestamp": "31\/02\/2025 10:00" is not a time/,
    { row: 21, line: 22, column: 'event_timestamp' },
  ),
  data(
    'a day that no month has',
    eventsCsv([['u1', '2025-02-30 10:00:00', 'click', 'p']]),
    'badRows',
    /row 1 \(line 2\).*"2025-02-30 10:00:00" is not a time/,
    { row: 1, line: 2 },
  ),
  data('a missing time', eventsCsv([ROW, ['u1', '', 'click', 'p']]), 'badRows', /row 2 \(line 3\).*time is missing/, { row: 2 }),
  data(
    'a missing user',
    eventsCsv([ROW, ['', '2025-09-05', 'click', 'p']]),
    'badRows',
    /row 2 \(line 3\), column "USER_ID": the user is missing/,
    { row: 2 },
  ),
  data(
    'a missing event type',
    eventsCsv([ROW, ['u1', '2025-09-05', '', 'p']]),
    'badRows',
    /row 2 \(line 3\), column "event_type": the event type is missing/,
    { row: 2 },
  ),
  data(
    'unknown event types',
    eventsCsv([ROW, ['u1', '2025-09-05', 'view', ''], ['u1', '2025-09-05', 'cart', ''], ['u2', '2025-09-05', 'view', '']]),
    'badRows',
    /row 2 \(line 3\), column "event_type": "view" is not one of events\.types.*3 rows of 4.*"cart" 1.*"view" 2.*events\.types/,
    { row: 2 },
  ),
  data(
    'a row with too few cells',
    eventsCsv([ROW]) + 'u1,2025-09-05 10:00:01,click\n',
    'badRows',
    /row 2 \(line 3\).*3 cells.*4/,
    { row: 2, line: 3 },
  ),
  data(
    'a quote that never closes',
    eventsCsv([...good(5), ['u1', '2025-09-05 10:00:01', 'click', 'p']]) +
      'u2,2025-09-05 10:00:00,click,"p\n' +
      'u3,x,y,z\n'.repeat(9),
    'badSyntax',
    /row 7 \(line 8\): a quote is opened here and never closed/,
    { row: 7, line: 8 },
  ),
  data(
    'an item called like a special token',
    eventsCsv([ROW, ['u1', '2025-09-05 10:00:01', 'click', '[PAD]']]),
    'reservedId',
    /row 2 \(line 3\), column "product_id": the item id "\[PAD\]" is a special token/,
    { row: 2, line: 3, column: 'product_id' },
  ),
  data(
    'an item called [UNK], of an auction',
    eventsCsv([['u1', '2025-09-05 10:00:01', 'auction', '[UNK]']]),
    'reservedId',
    /row 1 .*"\[UNK\]"/,
    { row: 1 },
  ),
  data(
    'text in another encoding',
    Buffer.concat([Buffer.from(eventsCsv(good(3))), latin1('u\xe9,2025-09-05,click,p\n')]),
    'badEncoding',
    /row 4 \(line 5\): byte 0xE9 is not UTF-8/,
    { row: 4, line: 5 },
  ),
  data(
    'a header in another encoding',
    latin1('USER_ID,event_timestamp,event_type,caf\xe9\nu,2025-09-05,click,p\n'),
    'badEncoding',
    /line 1.*header is not UTF-8/,
  ),
  data('UTF-16', utf16(eventsCsv([ROW])), 'badEncoding', /UTF-16/),
  data(
    'seconds and milliseconds mixed',
    eventsCsv([
      ['u1', '1757066400', 'click', ''],
      ['u1', '1757066401000', 'click', ''],
    ]),
    'mixedTimeUnits',
    /row 2.*"1757066401000".*ms.*"1757066400" in row 1/,
    { row: 2 },
  ),
  data(
    'a gzip file of nothing',
    Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    'emptyInput',
    /is empty/,
  ),
  data('a Parquet file', Buffer.from('PAR1....PAR1'), 'badSyntax', /Parquet/),
  data('a file without header', csv([ROW, ROW]), 'missingColumn', /first row holds data.*by number/),
  data(
    'JSON that breaks off',
    '[{"user_id": "a", "ts": "2025-09-05", "event": "click"}, {"user_id": "b"',
    'badSyntax',
    /row 2.*does not end/,
    { row: 2 },
  ),
  data(
    'JSON lines with a bad one',
    '{"user_id": "a", "ts": "2025-09-05", "event": "click"}\n{"user_id": }\n',
    'badSyntax',
    /row 2 \(line 2\).*not JSON/,
    { row: 2, line: 2 },
  ),
  data('JSON of something else', '[1, 2]', 'badSyntax', /line 1/),
];

export const planRefusals = [
  plan('shares that do not sum to 1', { 'split.train': 0.8 }, /sum to 1/),
  plan(
    'a negative share',
    { 'split.train': -0.1, 'split.validation': 0.6, 'split.test': 0.5 },
    /split\.train is -0\.1; it must be a number from 0 to 1/,
  ),
  plan('a negative gap', { 'session.gapHours': -1 }, /session\.gapHours is -1; it must be a number of hours from 0/),
  plan('a gap that is no number', { 'session.gapHours': NaN }, /session\.gapHours is .*NaN.*; it must be a number of hours/),
  plan('an endless gap', { 'session.gapHours': Infinity }, /session\.gapHours is .*; it must be a number of hours/),
  plan('a gap as text', { 'session.gapHours': '24 h' }, /session\.gapHours is "24 h"/),
  plan('a length that is not whole', { 'session.minEvents': 1.5 }, /session\.minEvents is 1\.5; it must be a whole number/),
  plan(
    'an unknown key',
    { 'session.gap': 24 },
    /session\.gap is not a plan key; session has gapHours, minEvents, minEventsOf, maxHours/,
  ),
  plan('an unknown section', { sessions: { gapHours: 24 } }, /sessions is not a plan key; the plan has .*session/),
  plan('a section that is no object', { session: 24 }, /session is 24; it must be an object/),
  plan('a rule that there is not', { 'time.ties': 'random' }, /time\.ties is "random"; allowed: "numpy", "input", "priority"/),
  plan(
    'a treatment that is no event type',
    { 'treatment.type': 'cart' },
    /treatment\.type is "cart"; it must be one of events\.types/,
  ),
  plan('no event types', { 'events.types': [] }, /events\.types is \[\]/),
  plan('an event type twice', { 'events.types': ['click', 'purchase', 'click'] }, /events\.types/),
  plan('a seed that is too large', { 'split.seed': 2 ** 32 }, /split\.seed is 4294967296; .*4294967295/),
  plan('a profile that there is not', { profile: 'causel' }, /profile is "causel"; allowed: /),
];

/** {"session.gapHours": 1} -> {session: {gapHours: 1}}. */
export function toPlan(settings) {
  const whole = {};
  for (const [path, value] of Object.entries(settings)) {
    const keys = path.split('.');
    let section = whole;
    for (const key of keys.slice(0, -1)) section = section[key] ??= {};
    section[keys.at(-1)] = value;
  }
  return whole;
}
