/**
 * One measurement: one process. It prints {"seconds"} when its result is in memory and waits; its memory is looked at,
 * it gets a line, and it prints {"figures"} and what else it has to tell. A command, which has no such manners, is
 * measured to its end, and its report is what it prints.
 *
 * Resident memory at its highest is VmHWM, which belongs to the program alone; ru_maxrss would begin with ours.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

export const LIMITS = { timeoutSeconds: 900, memoryBytes: 0.8 * totalmem() };
const POLL_MS = 25;

/** { wall, seconds, peak, figures, ... } or { failed: why }. */
export function measure({ program, args, env, isCommand = false }, limits = LIMITS) {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const told = {};
    const texts = { stdout: '', stderr: '' };
    let ended = null;
    const end = (why) => {
      ended ??= why;
      child.kill('SIGTERM'); // the one with the browser ends its browser then
      setTimeout(() => child.kill('SIGKILL'), 5000).unref();
    };
    const timer = setTimeout(end, limits.timeoutSeconds * 1000, `not done after ${limits.timeoutSeconds} s`);
    const poll = setInterval(() => {
      const memory = memoryOf(child.pid);
      if (isCommand) told.peak = Math.max(told.peak ?? 0, memory.peak ?? 0);
      if (memory.now > limits.memoryBytes) end(`out of memory: over ${(limits.memoryBytes / 1e9).toFixed(0)} GB`);
    }, POLL_MS);
    child.stdin.on('error', () => undefined); // it may have ended
    child.stderr.setEncoding('utf8').on('data', (text) => (texts.stderr = (texts.stderr + text).slice(-4000)));
    child.stdout.setEncoding('utf8').on('data', (text) => {
      texts.stdout += text;
      if (isCommand || 'wall' in told || !texts.stdout.includes('\n')) return;
      told.wall = (performance.now() - startedAt) / 1000;
      told.peak = memoryOf(child.pid).peak;
      child.stdin.write('\n');
    });
    child.once('error', (error) => ((ended ??= error.message), finish(null, null)));
    child.once('close', finish);

    function finish(code, signal) {
      clearTimeout(timer);
      clearInterval(poll);
      if (isCommand) told.wall = told.seconds = (performance.now() - startedAt) / 1000;
      resolve(conclude({ told, texts, ended, code, signal, isCommand }));
    }
  });
}

function memoryOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const bytes = (name) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)[1]) * 1024;
    return { peak: bytes('VmHWM'), now: bytes('VmRSS') };
  } catch {
    return { peak: null, now: 0 }; // not this system, or already over
  }
}

function conclude({ told, texts, ended, code, signal, isCommand }) {
  const lines = isCommand ? [] : texts.stdout.split('\n').filter(Boolean).map(parse);
  const error = ended ?? lines.find((line) => 'error' in line)?.error;
  if (error !== undefined) return { failed: shorten(error) };
  if (code !== 0) return { failed: reasonOf(texts.stderr, code, signal) };
  if (isCommand) return { ...told, figures: figuresOfReport(parse(texts.stdout)) };
  return Object.assign({}, told, ...lines);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { error: `printed what is not JSON: ${text.slice(0, 100)}` };
  }
}

function reasonOf(stderr, code, signal) {
  if (/out of memory|MemoryError|bad_alloc|Cannot create a string longer/i.test(stderr)) return 'out of memory';
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return shorten(signal ? `killed by ${signal}` : `exit code ${code}: ${last}`);
}

const shorten = (text) => String(text).replace(/\s+/g, ' ').slice(0, 140);

/** The Node command prints the report and its outputs, the native one the report. */
function figuresOfReport(printed) {
  const { all, vocabulary, sequenceLength } = printed.report ?? printed;
  return {
    sessions: all.sessions,
    treated: all.treated,
    outcomes: all.outcomes,
    tokens: Math.round((sequenceLength?.mean ?? 0) * all.sessions),
    vocabulary: vocabulary.items,
  };
}

/** What differs between the figures of two programs, as a sentence; null: nothing that both tell. */
export function difference(figures, expected) {
  const differing = Object.keys(figures).filter((name) => name in expected && !isClose(figures[name], expected[name]));
  if (differing.length === 0) return null;
  return `different answer: ${differing.map((name) => `${name} ${figures[name]}, not ${expected[name]}`).join('; ')}`;
}

/** Minutes are sums of doubles in another order. */
const isClose = (a, b) => Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
