/**
 * This project's engine in Node: events.csv -> typed arrays of the three parts. Loading the engine is no part of the
 * job; the first run is. The second in the same process is the warm one, whose stages are told apart.
 */
import { readFileSync } from 'node:fs';
import { prepare, readPlan } from '../../web/dist/node.js';
import { figuresOf, PARTS, stageClock } from './figures.mjs';
import { path, run, secondsSince } from './peers/harness.mjs';

const plan = { time: { ties: process.env.BENCH_TIES ?? 'numpy' } };
const loadingAt = performance.now();
await readPlan();
const load = secondsSince(loadingAt);
const before = statusBytes('VmRSS');

/** Resident memory, by the system's name for it. */
function statusBytes(name) {
  try {
    return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  } catch {
    return null; // not this system
  }
}

async function job() {
  const clock = stageClock();
  const startedAt = performance.now();
  const dataset = await prepare({ path }, plan, {
    threads: Number(process.env.BENCH_THREADS ?? 1),
    onProgress: clock.onProgress,
  });
  clock.enter('handing over');
  const columns = await Promise.all(PARTS.map((part) => dataset.split(part)));
  return { dataset, columns, stages: clock.end(), seconds: secondsSince(startedAt) };
}

/** Making the files of a format; where they go costs whatever the disk costs. */
async function timeWriting({ dataset }, tableFormat) {
  const startedAt = performance.now();
  for (const part of PARTS)
    await dataset.writePieces(`data/${part}_sessions.${tableFormat === 'pickle' ? 'pkl' : tableFormat}`, () => undefined);
  return secondsSince(startedAt);
}

async function tell(first) {
  const memory = before && { engineBytes: statusBytes('VmHWM') - before };
  const figures = figuresOf(first.dataset, first.columns);
  first.dataset.dispose();
  if (process.env.BENCH_ONCE) return { figures };
  const warm = await job();
  const writing = { 'write parquet': await timeWriting(warm, 'parquet'), 'write pickle': await timeWriting(warm, 'pickle') };
  return { figures, load, memory, warm: warm.seconds, stages: { ...warm.stages, ...writing } };
}

await run(job, tell);
