"""Columns as covariates: the same table from every format, on any number of threads, by both commands."""

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
    device = [None if chance.random() < 0.1 else chance.choice(["phone", "tv", "desk"]) for _ in range(EVENTS)]
    return pa.table(
        {
            "price": pa.array(price, pa.float64()),
            "device": pa.array(device, pa.string()).dictionary_encode(),
            "event_type": [chance.choice(types) for _ in range(EVENTS)],
            "slot": pa.array([chance.randrange(9) for _ in range(EVENTS)], pa.int16()),
            "user_id": [f"u{chance.randrange(900)}" for _ in range(EVENTS)],
            "event_timestamp": pa.array([START + chance.randrange(1_000_000) for _ in range(EVENTS)], pa.int64()),
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


def covariates_of(command, file, out, threads):
    columns = ["price", "device", "slot", "code"]
    ended = subprocess.run(
        [*command, "prepare", file, "--out", out, "--profile", "causal", "--format", "covariates-csv", "--threads", str(threads)]
        + ["--set", f"covariates.columns={json.dumps(columns)}", "--set", "session.minEvents=1"],
        capture_output=True,
        encoding="utf-8",
    )
    assert ended.returncode == 0, ended.stderr
    assert '"price" as numbers, "device" as 3 categories' in ended.stderr
    assert '"slot" as numbers, "code" as 5 categories' in ended.stderr
    return (out / "data" / "train_sessions_covariates.csv").read_bytes()


def test_every_format_gives_the_same(folder, tmp_path):
    expected = None
    for by, command in COMMANDS.items():
        for name in WRITERS:
            for threads in (1, 3):
                found = covariates_of(command, folder / name, tmp_path / f"{by}-{threads}-{name}", threads)
                expected = expected or found
                assert found == expected, (by, name, threads)
    head, *rows = expected.decode().splitlines()
    assert len(rows) > 1000
    assert {"column_price", "column_price_missing", "column_slot", "column_device_missing"} <= set(head.split(","))
