/**
 * What the measured programs in Node share: the protocol of measure.mjs. {"seconds"} is printed when the result is in
 * memory; then a line is waited for, while the memory is looked at; then come the figures.
 */
import { once } from 'node:events';

export const [path, format = 'csv'] = process.argv.slice(2);

/** job() -> result; figures(result) -> { figures, ... }, what else there is to tell beside them. */
export async function run(job, figures) {
  try {
    await measured(job, figures);
  } catch (error) {
    say({ error: String(error?.message ?? error) });
    process.exitCode = 1;
  }
  process.stdin.destroy();
}

async function measured(job, figures) {
  const startedAt = performance.now();
  const result = await job();
  say({ seconds: secondsSince(startedAt) });
  await once(process.stdin, 'data');
  say(await figures(result));
}

export const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
export const secondsSince = (startedAt) => (performance.now() - startedAt) / 1000;
