"""DuckDB, native: duckdb.sql in memory, on BENCH_THREADS threads."""

from pathlib import Path

import duckdb
import harness

FOLDER = Path(__file__).parent
TYPES = "{'USER_ID': 'varchar', 'event_timestamp': 'timestamp', 'event_type': 'varchar', 'product_id': 'varchar'%s}"
READERS = {
    "csv": "read_csv($path, header = true, columns = " + TYPES % ", 'auction_id': 'varchar', 'placement': 'varchar'" + ")",
    "ndjson": "read_json($path, format = 'newline_delimited', columns = " + TYPES % "" + ")",
    "json": "read_json($path, format = 'array', columns = " + TYPES % "" + ")",
    "parquet": "read_parquet($path)",
}


def job(path, input_format):
    connection = duckdb.connect(config={"threads": harness.THREADS})
    reader = READERS[input_format].replace("$path", "'" + path.replace("'", "''") + "'")
    connection.execute((FOLDER / "duckdb.sql").read_text().replace("{events}", reader))
    return connection


def figures(connection):
    connection.execute((FOLDER / "duckdb-figures.sql").read_text())
    return dict(zip([column[0] for column in connection.description], connection.fetchone()))


harness.run(job, figures)
