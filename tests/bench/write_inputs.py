"""The same events in other formats: write_inputs.py EVENTS.csv FORMAT OUT. Everything is text as in the CSV, but that
Parquet has timestamps; an empty cell is null."""

import sys

import duckdb

source, output_format, out = sys.argv[1:4]
quoted = [path.replace("'", "''") for path in (source, out)]
columns = "* replace (event_timestamp::timestamp as event_timestamp)" if output_format == "parquet" else "*"
options = {"ndjson": "format json", "json": "format json, array true", "parquet": "format parquet"}[output_format]
duckdb.execute("set preserve_insertion_order = true")
duckdb.execute(f"copy (select {columns} from read_csv('{quoted[0]}', header = true, all_varchar = true)) to '{quoted[1]}' ({options})")
