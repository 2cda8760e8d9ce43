/**
 * DuckDB-Wasm: the SQL of the native one, on one thread, the file read from the disk by Node. Extensions (JSON, Parquet)
 * would be fetched from the network at run time, so it reads CSV alone.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { run, path } from './harness.mjs';

const require = createRequire(import.meta.url);
const duckdb = require('@duckdb/duckdb-wasm/blocking');
const wasm = (name) => require.resolve(`@duckdb/duckdb-wasm/dist/duckdb-${name}.wasm`);
const sql = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');

const TYPES =
  "{'USER_ID': 'varchar', 'event_timestamp': 'timestamp', 'event_type': 'varchar', 'product_id': 'varchar', 'auction_id': 'varchar', 'placement': 'varchar'}";

const bundles = { mvp: { mainModule: wasm('mvp') }, eh: { mainModule: wasm('eh') } };
const database = await duckdb.createDuckDB(bundles, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
await database.instantiate();
database.open({ path: ':memory:', query: { castBigIntToDouble: true, castDecimalToDouble: true } });

function job() {
  database.registerFileURL('events.csv', path, duckdb.DuckDBDataProtocol.NODE_FS, false);
  const connection = database.connect();
  connection.query('set autoinstall_known_extensions = false');
  connection.query('set autoload_known_extensions = false');
  const text = sql('duckdb.sql').replace('{events}', `read_csv('events.csv', header = true, columns = ${TYPES})`);
  for (const statement of text.split(/;\s*(?:\n|$)/).filter((part) => part.trim() !== '')) connection.query(statement);
  return connection;
}

function figures(connection) {
  const [row] = connection.query(sql('duckdb-figures.sql')).toArray();
  return { figures: Object.fromEntries(Object.entries(row.toJSON()).map(([name, value]) => [name, Number(value)])) };
}

await run(job, figures);
