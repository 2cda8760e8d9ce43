/** The input files, in build/bench: simulated events as CSV, and what DuckDB makes of that in other formats. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repository } from './contenders.mjs';

const writer = fileURLToPath(new URL('write_inputs.py', import.meta.url));

/** { path, bytes }, or { missing: why }. Made once and kept: another simulator needs an empty folder. */
export function makeInput(events, format, python, folder = join(repository, 'build/bench')) {
  const csv = kept(join(folder, `events-${events}.csv`), (path) =>
    execFileSync(process.execPath, [
      join(repository, 'web/dist/cli.js'),
      'simulate',
      '--events',
      String(events),
      '--out',
      path,
      '--quiet',
    ]),
  );
  return format === 'csv' ? csv : convert(csv.path, format, python);
}

/** A CSV in another format, beside it. */
export function convert(csv, format, python) {
  if (python === null) return { missing: 'no Python to write it' };
  try {
    return kept(csv.replace(/csv$/, format), (path) => execFileSync(python, [writer, csv, format, path], { stdio: 'pipe' }));
  } catch (error) {
    return {
      missing: `DuckDB in Python could not write it: ${String(error.stderr ?? error)
        .trim()
        .split('\n')
        .at(-1)}`,
    };
  }
}

/** Made under another name, so that an interrupted run leaves nothing that looks whole. */
function kept(path, make) {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    make(`${path}.partial`);
    renameSync(`${path}.partial`, path);
  }
  return { path, bytes: statSync(path).size };
}
