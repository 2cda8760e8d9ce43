/** Arquero: columns in JavaScript. Times are microseconds as numbers, since a Date knows milliseconds only. */
import { readFileSync } from 'node:fs';
import * as aq from 'arquero';
import { run, path, format } from './harness.mjs';

const { op } = aq;
const EVENT_IDS = { auction: 0, impression: 1, click: 2, purchase: 3 };

/** "2025-09-05 12:48:18.457058" -> microseconds. */
const microseconds = (text) =>
  Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`) * 1000 + Number(text.slice(20).padEnd(6, '0'));

/** Texts -> numbers by first appearance, which sort far faster. */
function numbering() {
  const numbers = new Map();
  return (text) => {
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    return numbers.get(text);
  };
}

function read() {
  const text = readFileSync(path, 'utf8');
  const options = { autoType: false, parse: { event_timestamp: microseconds, USER_ID: numbering() } };
  return format === 'csv'
    ? aq.fromCSV(text, options)
    : aq.fromJSON(text, { ...options, type: format === 'ndjson' ? 'ndjson' : null });
}

function job() {
  const numbered = read()
    .select({ USER_ID: 'user', event_timestamp: 'time', event_type: 'type', product_id: 'item' })
    .orderby('user', 'time')
    .derive({ opens: (d) => (d.user !== op.lag(d.user) || d.time - op.lag(d.time) > 86400000000 ? 1 : 0) })
    .derive({ session: aq.rolling((d) => op.sum(d.opens)) })
    .reify();
  const kept = numbered
    .groupby('session')
    .filter(() => op.count() >= 2)
    .ungroup()
    .reify();
  const vocabulary = kept
    .filter((d) => d.item)
    .select('item')
    .dedupe()
    .orderby('item')
    .reify()
    .derive({ id: () => op.row_number() + 2 });
  const tokens = kept.lookup(vocabulary, ['item', 'item'], ['id']).derive({
    event: aq.escape((d) => EVENT_IDS[d.type]),
    item_id: (d) => (d.type === 'auction' ? 1 : (d.id ?? 2)),
  });
  const sessions = tokens.groupby('session').rollup({
    user: (d) => op.any(d.user),
    treatment: (d) => op.max(d.event === 2 ? 1 : 0),
    outcome: (d) => op.max(d.event === 3 ? 1 : 0),
    events: (d) => op.array_agg(d.event),
    items: (d) => op.array_agg(d.item_id),
    times: (d) => op.array_agg(d.time),
  });
  return {
    vocabulary,
    rows: sessions
      .derive({ x: aq.escape(cut) })
      .select('session', 'user', 'treatment', 'outcome', 'x')
      .reify(),
  };
}

/** X of one session as three arrays. */
function cut({ treatment, events, items, times }) {
  const length = Math.min(treatment ? Math.max(events.indexOf(2), 1) : events.length, 500);
  const x = {
    events: events.slice(0, length),
    items: items.slice(0, length),
    minutes: times.slice(0, length).map((time) => (time - times[0]) / 60e6),
  };
  if (length < 2) {
    x.events.push(0);
    x.items.push(1);
    x.minutes.push(0);
  }
  return x;
}

function figures({ vocabulary, rows }) {
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const all = rows.array('x');
  return {
    figures: {
      sessions: rows.numRows(),
      treated: sum(rows.array('treatment')),
      outcomes: sum(rows.array('outcome')),
      tokens: sum(all.map((x) => x.events.length)),
      vocabulary: vocabulary.numRows() + 3,
      eventIds: sum(all.map((x) => sum(x.events))),
      itemIds: sum(all.map((x) => sum(x.items))),
      minutes: sum(all.map((x) => sum(x.minutes))),
    },
  };
}

await run(job, figures);
