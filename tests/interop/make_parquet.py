"""Parquet files of one small table of events: each encoding x codec x type x page version x required/optional x row groups.

Run as a program it writes them below a folder: make_parquet.py FOLDER. `cases()` yields (name, write(path), expected), where
`expected` names the CSV (see `csv_text`) whose training sets the file must give.
"""

from __future__ import annotations

import random
import sys
import uuid
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 3000
TYPES = ["auction", "impression", "click", "purchase"]
START = np.datetime64("2025-09-05T00:00:00", "us")


def codecs() -> list[str]:
    return ["none", "snappy", "lz4", "gzip", "zstd", "brotli"]


def table(ids: str = "text") -> pd.DataFrame:
    """Events with ties, missing items, and users who come back; `ids` is the kind of user and item ids."""
    draw = random.Random(7)
    users = [draw.randrange(10**6, 10**18) for _ in range(150)]
    items = [draw.randrange(1, 10**9) for _ in range(400)]
    rows, now = [], 0
    for _ in range(ROWS):
        now += draw.choice([0, 0, 1000, 250_000, 3_000_000, 40_000_000])
        kind = draw.choices(TYPES, [3, 5, 2, 1])[0]
        item = None if kind == "auction" or draw.random() < 0.1 else draw.choice(items)
        rows.append((draw.choice(users), START + np.timedelta64(now * 1000, "us"), kind, item))
    frame = pd.DataFrame(rows, columns=["user_id", "event_timestamp", "event_type", "product_id"])
    kinds = {
        "text": (lambda n: f"user-{n}", lambda n: f"item\u00e9-{n}"),
        "integer": (int, int),
        "float": (lambda n: n % 2**40 / 2, float),
        "boolean": (lambda n: "true" if n % 2 else "false", lambda n: "true" if n % 3 else "false"),
        "uuid": (lambda n: str(uuid.UUID(int=n * 2**60 + 5)), lambda n: str(uuid.UUID(int=n))),
    }
    of_user, of_item = kinds[ids]
    frame["user_id"] = pd.Series([of_user(n) for n in frame["user_id"]], dtype=object)
    frame["product_id"] = pd.Series([None if pd.isna(n) else of_item(int(n)) for n in frame["product_id"]], dtype=object)
    return frame


def csv_text(frame: pd.DataFrame, time=str) -> str:
    """The same events as CSV; a float is written as Python's repr, a whole one as an integer."""
    lines = ["user_id,event_timestamp,event_type,product_id"]
    for user, when, kind, item in frame.itertuples(index=False):
        user, item = (int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in (user, item))
        cells = [user, time(when), kind, item]
        lines.append(",".join("" if cell is None else str(cell) for cell in cells))
    return "\n".join(lines) + "\n"


def iso(when) -> str:
    return str(pd.Timestamp(when).isoformat(sep=" "))


def arrow(frame: pd.DataFrame, user=pa.string(), item=pa.string(), when=pa.timestamp("us"), required=False) -> pa.Table:
    times = pa.array(pd.to_datetime(frame["event_timestamp"]).to_numpy("datetime64[us]"), pa.timestamp("us"))
    if pa.types.is_timestamp(when) or pa.types.is_date(when):
        times = times.cast(when, safe=False)
    elif when == pa.string():
        times = pa.array([iso(t) for t in frame["event_timestamp"]])
    else:
        times = times.cast(pa.int64()).cast(when)
    item_values = frame["product_id"].tolist()
    fields = [pa.field("note", pa.string()), pa.field("user_id", user, nullable=not required),
              pa.field("event_timestamp", times.type, nullable=not required),
              pa.field("event_type", pa.string(), nullable=not required), pa.field("product_id", item)]
    return pa.table([pa.array(["unneeded"] * len(frame)), pa.array(frame["user_id"].tolist(), user), times,
                     pa.array(frame["event_type"].tolist()), pa.array(item_values, item)], schema=pa.schema(fields))


def writer(make, **options):
    return lambda path: pq.write_table(make(), path, **options)


def encoding_cases():
    text = table()
    for version in ["1.0", "2.0"]:
        for codec in codecs():
            for required in [False, True]:
                yield (f"dictionary-v{version}-{codec}-{'required' if required else 'optional'}",
                       writer(lambda required=required: arrow(text, required=required), compression=codec,
                              data_page_version=version, data_page_size=2000, row_group_size=1100), "text")
        for encoding in ["PLAIN", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"]:
            for codec in ["none", "snappy", "zstd"]:
                columns = {name: encoding for name in ["user_id", "event_type", "product_id"]}
                yield (f"{encoding.lower()}-v{version}-{codec}",
                       writer(lambda: arrow(text), compression=codec, data_page_version=version, use_dictionary=False,
                              column_encoding=columns, data_page_size=3000), "text")
        for encoding in ["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"]:
            columns = {name: encoding for name in ["user_id", "event_timestamp", "product_id"]}
            yield (f"integers-{encoding.lower()}-v{version}",
                   writer(lambda: arrow(table("integer"), user=pa.int64(), item=pa.int32()), data_page_version=version,
                          use_dictionary=False, column_encoding=columns, data_page_size=3000), "integer")
        yield (f"floats-split-v{version}",
               writer(lambda: arrow(table("float"), user=pa.float64(), item=pa.float64()), data_page_version=version,
                      use_dictionary=False, column_encoding={"user_id": "BYTE_STREAM_SPLIT"}), "float")
        yield (f"checksums-v{version}",
               writer(lambda: arrow(text), data_page_version=version, data_page_size=2000, write_page_checksum=True), "text")
    # The dictionary outgrows its page, so that later pages of the chunk are plain.
    yield "dictionary-then-plain", writer(lambda: arrow(text), dictionary_pagesize_limit=1500, data_page_size=1500,
                                          write_batch_size=64), "text"
    yield "one-row-groups", writer(lambda: arrow(text.head(40)), row_group_size=1), "text-40"


def type_cases():
    for unit in ["ms", "us", "ns"]:
        for zone in [None, "UTC"]:
            frame = table()
            yield (f"timestamp-{unit}-{zone or 'local'}",
                   writer(lambda frame=frame, unit=unit, zone=zone: arrow(frame, when=pa.timestamp(unit, zone)),
                          version="2.6"), "text")
    yield "int96", writer(lambda: arrow(table()), use_deprecated_int96_timestamps=True), "text"
    yield "legacy-millis", writer(lambda: arrow(table(), when=pa.timestamp("ms", "UTC")), version="1.0"), "text"
    yield "time-text", writer(lambda: arrow(table(), when=pa.string())), "text"
    yield "time-epoch", writer(lambda: arrow(table(), when=pa.int64())), "epoch"
    yield "time-epoch-float", writer(lambda: arrow(table(), when=pa.float64())), "epoch"
    yield "time-date", writer(lambda: arrow(table(), when=pa.date32())), "date"
    for kind, name in [(pa.int64(), "int64"), (pa.uint64(), "uint64")]:
        yield f"ids-{name}", writer(lambda kind=kind: arrow(table("integer"), user=kind, item=pa.uint32())), "integer"
    yield "ids-double", writer(lambda: arrow(table("float"), user=pa.float64(), item=pa.float64())), "float"
    yield "ids-boolean", boolean_writer, "boolean"
    yield "ids-uuid", uuid_writer, "uuid"
    yield "ids-unmarked-text", writer(lambda: arrow(table(), user=pa.binary(), item=pa.binary())), "text"
    yield "beside-bytes", writer(lambda: arrow(table()).append_column("raw", pa.array([b"\xff\xfe\0"] * ROWS))), "text"


def boolean_writer(path):
    frame = table("boolean")
    values = lambda column: [None if v is None else v == "true" for v in column]
    frame["user_id"], frame["product_id"] = values(frame["user_id"]), values(frame["product_id"])
    pq.write_table(arrow(frame, user=pa.bool_(), item=pa.bool_()), path)


def uuid_writer(path):
    frame = table("uuid")
    storage = lambda column: pa.array([None if v is None else uuid.UUID(v).bytes for v in column], pa.binary(16))
    kinds = pa.uuid()
    columns = [pa.ExtensionArray.from_storage(kinds, storage(frame["user_id"])),
               pa.array(frame["event_timestamp"].to_numpy("datetime64[us]")), pa.array(frame["event_type"].tolist()),
               pa.ExtensionArray.from_storage(kinds, storage(frame["product_id"]))]
    pq.write_table(pa.table(columns, names=list(frame.columns)), path)


def other_writers():
    """pandas, and fastparquet, DuckDB and Polars where they are installed."""
    yield "pandas", lambda path: table().to_parquet(path, engine="pyarrow"), "text"
    try:
        import fastparquet

        for codec in ["UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4"]:
            for options in [{}, {"times": "int96"}, {"has_nulls": False}, {"row_group_offsets": 900}]:
                name = "-".join(["fastparquet", codec.lower(), *options])
                # Of INT96 it takes every number for nanoseconds, whatever unit a frame has.
                unit = {"event_timestamp": "datetime64[ns]" if "times" in options else "datetime64[us]"}
                yield name, lambda path, codec=codec, options=options, unit=unit: fastparquet.write(
                    path, table().fillna({"product_id": ""}).astype(unit), compression=codec, object_encoding="utf8", **options), "text"
        yield "pandas-fastparquet", lambda path: table().to_parquet(path, engine="fastparquet"), "text"
    except ImportError:
        pass
    try:
        import duckdb

        def by_duckdb(path, codec="snappy", version="V1"):
            events = arrow(table())
            duckdb.sql(f"copy (select * from events) to '{path}' (format parquet, codec '{codec}', parquet_version '{version}')")
        for version in ["V1", "V2"]:
            for codec in ["uncompressed", "snappy", "gzip", "zstd", "lz4_raw"]:
                yield f"duckdb-{version}-{codec}", lambda path, c=codec, v=version: by_duckdb(path, c, v), "text"
    except ImportError:
        pass
    try:
        import polars

        for codec in ["uncompressed", "snappy", "gzip", "zstd", "lz4", "brotli"]:
            yield (f"polars-{codec}",
                   lambda path, codec=codec: polars.from_arrow(arrow(table())).write_parquet(path, compression=codec, row_group_size=900),
                   "text")
    except ImportError:
        pass


def cases():
    yield from encoding_cases()
    yield from type_cases()
    yield from other_writers()


def expected_csv(name: str) -> str:
    micros = lambda when: int(np.datetime64(when, "us").astype("int64"))
    if name == "text-40":
        return csv_text(table().head(40), iso)
    if name == "epoch":
        return csv_text(table(), micros)
    if name == "date":
        return csv_text(table(), lambda when: str(np.datetime64(when, "D")))
    return csv_text(table(name), iso)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, write, _ in cases():
        write(str(folder / f"{name}.parquet"))
