"""Columns as covariates, and of when events became known: the same table from every format, on any number of threads, by both commands."""

import json
import random
import shutil
import subprocess

import pytest

pa = pytest.importorskip("pyarrow")
import pyarrow.csv as pa_csv  # noqa: E402
import pyarrow.feather as feather  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from product import REPOSITORY  # noqa: E402

COMMANDS = {
    "Node": [shutil.which("node"), str(REPOSITORY / "web" / "dist" / "cli.js")],
    "native": [str(REPOSITORY / "build" / "release" / "causal-sessions")],
}
EVENTS = 20_000
START = 1_757_000_000


def events() -> "pa.Table":
    """Without an item, so that another column has its place in a row; the last texts make categories of numbers."""
    chance = random.Random(7)
    types = ["impression", "impression", "impression", "click", "purchase", "auction"]
    price = [None if chance.random() < 0.2 else round(chance.uniform(0, 90), 2) for _ in range(EVENTS)]
    time = [START + chance.randrange(1_000_000) for _ in range(EVENTS)]
    device = [None if chance.random() < 0.1 else chance.choice(["phone", "tv", "desk"]) for _ in range(EVENTS)]
    return pa.table(
        {
            "price": pa.array(price, pa.float64()),
            "device": pa.array(device, pa.string()).dictionary_encode(),
            "event_type": [chance.choice(types) for _ in range(EVENTS)],
            "slot": pa.array([chance.randrange(9) for _ in range(EVENTS)], pa.int16()),
            "user_id": [f"u{chance.randrange(900)}" for _ in range(EVENTS)],
            "event_timestamp": pa.array(time, pa.int64()),
            "seen": pa.array([(at + chance.choice([0, 0, 3, 900, 90_000])) * 1000 for at in time], pa.int64()),
            "code": [str(chance.randrange(5)) for _ in range(EVENTS - 3)] + ["a", "b", "c"],
            "page": [f"{i:0>200}" for i in range(EVENTS)],
        }
    )


def write_lines(table, path):
    with open(path, "w") as file:
        for row in table.to_pylist():
            file.write(json.dumps({name: value for name, value in row.items() if value is not None}) + "\n")


WRITERS = {
    "events.csv": lambda table, path: pa_csv.write_csv(table.set_column(1, "device", table["device"].cast(pa.string())), path),
    "events.ndjson": write_lines,
    "events.parquet": lambda table, path: pq.write_table(table, path, row_group_size=3_000),
    "events.arrow": lambda table, path: feather.write_feather(table, path, compression="uncompressed", chunksize=3_000),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("columns")
    table = events()
    for name, write in WRITERS.items():
        write(table, folder / name)
    return folder


def covariates_of(command, file, out, threads, *more):
    columns = ["price", "device", "slot", "code"]
    ended = subprocess.run(
        [*command, "prepare", file, "--out", out, "--profile", "causal", "--format", "covariates-csv", "--threads", str(threads)]
        + ["--set", f"covariates.columns={json.dumps(columns)}", "--set", "session.minEvents=1", *more],
        capture_output=True,
        encoding="utf-8",
    )
    assert ended.returncode == 0, ended.stderr
    assert '"price" as numbers, "device" as 4 categories' in ended.stderr
    assert '"slot" as numbers, "code" as 6 categories' in ended.stderr
    return (out / "data" / "train_sessions_covariates.csv").read_bytes()


def same_of_all(folder, out, *more):
    expected = None
    for by, command in COMMANDS.items():
        for name in WRITERS:
            for threads in (1, 3):
                found = covariates_of(command, folder / name, out / f"{by}-{threads}-{name}", threads, *more)
                expected = expected or found
                assert found == expected, (by, name, threads)
    return expected.decode().splitlines()


def test_every_format_gives_the_same(folder, tmp_path):
    head, *rows = same_of_all(folder, tmp_path)
    assert len(rows) > 1000
    assert {"column_price", "column_price_missing", "column_slot", "column_device_missing"} <= set(head.split(","))


def test_every_format_says_when_events_became_known(folder, tmp_path):
    known = same_of_all(folder, tmp_path / "known", "--set", "columns.knownAt=seen")
    at_once = covariates_of(COMMANDS["native"], folder / "events.csv", tmp_path / "at-once", 1).decode().splitlines()
    assert len(known) == len(at_once)
    assert sum(one != other for one, other in zip(known, at_once)) > 1000


def test_a_typed_time_is_the_text_that_it_is_written_as(folder, tmp_path):
    table = events()
    table = table.set_column(table.column_names.index("seen"), "seen", table["seen"].cast(pa.timestamp("ms", "UTC")))
    expected = covariates_of(COMMANDS["native"], folder / "events.csv", tmp_path / "numbers", 1, "--set", "columns.knownAt=seen")
    for name in ("events.csv", "events.parquet", "events.arrow"):
        WRITERS[name](table, tmp_path / name)
        found = covariates_of(COMMANDS["native"], tmp_path / name, tmp_path / f"of-{name}", 1, "--set", "columns.knownAt=seen")
        assert found == expected, name
