/** Measures this engine and its peers; scripts/bench builds and starts it. Tables go to standard output, progress beside. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { budgetLines } from './budgets.mjs';
import { findPython, FORMATS, listOwn, listPeers, NOTEBOOK_EVENTS, PEERS, referenceRun } from './contenders.mjs';
import { makeInput } from './inputs.mjs';
import { difference, LIMITS, measure } from './measure.mjs';
import { coreLines, machineLines, sectionLines, stageLines, summarize } from './report.mjs';

const USAGE = `scripts/bench [options]

  --events LIST    sizes, as in 100000,1000000,10000000 (default 1000000)
  --formats LIST   of ${FORMATS.join(',')} (default csv)
  --peers LIST     of ${PEERS.join(',')}, or none (default all)
  --runs N         runs of each, of which the median counts (default 5)
  --quick          100,000 events and 3 runs, unless said otherwise
  --timeout S      seconds after which a run is given up (default ${LIMITS.timeoutSeconds})
  --out FILE       the Markdown into a file too
  --strict         exit code 1 if a budget is missed, an answer differs or this engine fails
`;
/** Whoever takes longer than this runs once. */
const LONG_SECONDS = 60;

const say = (text) => process.stderr.write(`${text}\n`);

function readOptions() {
  const text = (names) => Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  const flags = { quick: { type: 'boolean' }, strict: { type: 'boolean' }, help: { type: 'boolean' } };
  const { values } = parseArgs({ options: { ...text(['events', 'formats', 'peers', 'runs', 'timeout', 'out']), ...flags } });
  const list = (value, known) => {
    const names = value.split(',');
    const unknown = names.find((name) => !known.includes(name));
    if (unknown !== undefined) throw new Error(`there is no ${unknown}; there are ${known.join(', ')}`);
    return names;
  };
  const number = (value) => {
    if (!/^[1-9]\d*$/.test(value)) throw new Error(`${value} is not a number above 0`);
    return Number(value);
  };
  return {
    help: values.help,
    strict: values.strict,
    out: values.out,
    events: (values.events ?? (values.quick ? '100000' : '1000000')).split(',').map(number),
    formats: list(values.formats ?? 'csv', FORMATS),
    peers: list(values.peers ?? PEERS.join(','), [...PEERS, 'none']),
    runs: number(values.runs ?? (values.quick ? '3' : '5')),
    limits: { ...LIMITS, timeoutSeconds: number(values.timeout ?? String(LIMITS.timeoutSeconds)) },
  };
}

/** Sizes and formats; and one size more for a notebook that does not survive any of them. */
function planSections({ events, formats, peers }) {
  const sections = events.flatMap((count) => formats.map((format) => ({ events: count, format })));
  const isSurvivable = events.some((count) => count <= NOTEBOOK_EVENTS) && formats.includes('csv');
  if (peers.includes('notebook') && !isSurvivable)
    sections.push({ events: NOTEBOOK_EVENTS, format: 'csv', only: ['node', 'notebook'] });
  return sections;
}

/** Who takes part in a section; the others with the reason why not. */
function cast(contenders, { events, format, only }) {
  const rows = contenders
    .filter(({ id }) => only === undefined || only.includes(id))
    .map((contender) => ({ ...contender, results: [] }));
  for (const row of rows) {
    const isTooMuch =
      events > (row.mostEvents ?? Infinity) && `takes quadratic time; see ${row.mostEvents.toLocaleString('en')} events`;
    const cannot = !row.formats.includes(format) && row.otherwise;
    row.skipped = row.missing || cannot || isTooMuch || null;
    if (row.skipped) say(`  skipped: ${row.id}: ${row.skipped}`);
  }
  return rows;
}

/** The answer for both orders of equal times: NumPy's, which is the notebook's and the default, and the input's, which peers keep. */
async function findReference(input, limits) {
  const [numpy, inputOrder] = [
    await measure(referenceRun(input, 'numpy'), limits),
    await measure(referenceRun(input, 'input'), limits),
  ];
  for (const { failed } of [numpy, inputOrder]) if (failed) throw new Error(`this engine failed: ${failed}`);
  return { numpy: numpy.figures, input: inputOrder.figures };
}

async function measureSection(section, contenders, { runs, limits }) {
  const input = makeInput(section.events, section.format, findPython());
  say(`${section.events.toLocaleString('en')} events, ${section.format}${input.missing ? `: skipped: ${input.missing}` : ''}`);
  if (input.missing) return { ...section, input, rows: [] };
  const reference = await findReference(input.path, limits);
  const rows = cast(contenders, section);
  // One run of each after the other, so that whatever disturbs the machine disturbs all.
  for (let run = 0; run < runs; run++) {
    for (const row of rows) {
      const isLong = row.results[0]?.wall > LONG_SECONDS || row.results[0]?.seconds > LONG_SECONDS;
      if (row.skipped || row.failed || isLong) continue;
      const { cleanUp, ...start } = row.start(input.path, section.format);
      const result = await measure(start, limits);
      cleanUp?.();
      const isNumpy = row.peer === 'own' || row.peer === 'notebook';
      row.failed = result.failed ?? difference(result.figures, reference[isNumpy ? 'numpy' : 'input']);
      if (!row.failed) row.results.push(result);
      say(`  ${run + 1}/${runs} ${row.id}: ${row.failed ?? `${result.seconds.toFixed(3)} s`}`);
    }
  }
  return { ...section, input, reference, rows: rows.map((row) => ({ ...row, summary: summarize(row.results) })) };
}

async function main() {
  const options = readOptions();
  if (options.help) return process.stdout.write(USAGE);
  const python = findPython();
  const contenders = [...listOwn(process.env.CHROMIUM || null), ...listPeers(options.peers, python)];
  const sections = [];
  for (const section of planSections(options)) sections.push(await measureSection(section, contenders, options));
  const budgets = budgetLines(sections);
  const lines = [
    ...sections.flatMap((section) => sectionLines(section)),
    ...stageLines(sections),
    ...coreLines(sections),
    ...budgets,
    ...machineLines(sections, options, python),
  ];
  const markdown = `${lines.join('\n')}\n`;
  process.stdout.write(markdown);
  if (options.out) writeFileSync(options.out, markdown);
  const isMissed = budgets.some((line) => line.includes('**missed**'));
  const isWrong = ({ failed, peer }) => failed && (peer === 'own' || failed.startsWith('different answer'));
  if (options.strict && (isMissed || sections.some(({ rows }) => rows.some(isWrong)))) process.exitCode = 1;
}

await main().catch((error) => {
  say(`bench: ${error.message}`);
  process.exitCode = 2;
});
