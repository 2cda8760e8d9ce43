/** What a visitor loads, gzipped as servers do: bytes are the same on every machine. Prints them when run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { repository } from './contenders.mjs';

const web = join(repository, 'web');
const gzipped = (path) => gzipSync(readFileSync(path), { level: 9 }).length;

/**
 * What a page needs first of the engine, and its first load with that, the documentation left out. The rest of the engine is loaded behind
 * it or by the first call of anything in it, and so are the codecs. What reads exports as they are (paths, encodings, formats and zones of
 * times, archives, folders, roles) takes 75 KB of the whole, the data dictionary 6 KB, the report 9 KB, delays and comparison 4 KB, what
 * columns hold 4 KB, the words of keys and findings 5 KB, rows sorted and listed by finding 2 KB, the items of the report's checklist 1 KB,
 * what users did earlier 4 KB, steps that are cut for threads 6 KB, negative controls and the audit without outcomes 13 KB, columns as
 * covariates and known propensities 14 KB, items that are inside of columns and blanks around cells 5 KB, when events were known 6 KB,
 * other treatments, rows as they were assigned and the estimand 6 KB, what is told of a file before it is read 3 KB, outcomes with a value
 * and treatments by group 9 KB, further forms of times and ids 3 KB; d3's scales and ticks take 6 KB of the page, and the charts of delays
 * 2 KB.
 */
export const SIZE_BUDGETS = [
  { group: 'engine', what: 'what a page needs first of the engine', bytes: 300_000 },
  { group: 'whole', what: 'the engine', bytes: 510_000 },
  { group: 'page', what: "the page's first load", bytes: 400_000 },
];

/**
 * Bytes: { engine, whole, threads, codecs, page, isolated, oneFile }, each { total, files }; the engines have their glue, `whole` is both
 * parts of the engine, `threads` is the one that the isolated page loads instead; the one file is the whole page again, codecs and all.
 */
export function measureSizes() {
  const group = (folder, names) => {
    const files = Object.fromEntries(names.map((name) => [name, gzipped(join(web, folder, name))]));
    return { total: Object.values(files).reduce((sum, bytes) => sum + bytes, 0), files };
  };
  const page = readdirSync(join(web, 'dist-page'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(join(web, 'dist-page').length + 1));
  const loaded = page.filter((name) => !/(^|\/)(codecs|engine-rest)-|^docs\//.test(name));
  return {
    engine: group('engine', ['engine.mjs', 'engine.wasm']),
    whole: group('engine', ['engine.mjs', 'engine.wasm', 'engine-rest.wasm']),
    threads: group('engine', ['engine-threads.mjs', 'engine-threads.wasm']),
    codecs: group('engine', ['codecs.mjs', 'codecs.wasm']),
    page: group('dist-page', loaded.filter((name) => !/engine-threads/.test(name)).sort()),
    isolated: group('dist-page', loaded.filter((name) => !/engine-(?!threads)[^/]*\.wasm$/.test(name)).sort()),
    oneFile: group('dist-one-file', ['causal-sessions.html']),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [name, { total, files }] of Object.entries(measureSizes())) {
    console.log(`${name}: ${(total / 1000).toFixed(1)} KB gzipped`);
    for (const [file, bytes] of Object.entries(files)) console.log(`  ${file}: ${(bytes / 1000).toFixed(1)} KB`);
  }
}
