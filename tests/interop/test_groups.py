"""Parquet whose groups of rows are read side by side: what one thread gives, to the byte, by both commands."""

import shutil
import subprocess

import pytest

pa = pytest.importorskip("pyarrow")
import pyarrow.parquet as pq  # noqa: E402

from incoming import NAMES, rows  # noqa: E402
from product import REPOSITORY  # noqa: E402

EVENTS = 60_000
GROUP = 7_000  # the last one is shorter
COMMANDS = {
    "Node": [shutil.which("node"), str(REPOSITORY / "web" / "dist" / "cli.js")],
    "native": [str(REPOSITORY / "build" / "release" / "causal-sessions")],
}


def table(change=lambda events: events, **types) -> "pa.Table":
    columns = [list(column) for column in zip(*change(rows(EVENTS)))]
    usual = {"user_id": pa.int64(), "event_timestamp": pa.int64(), "event_type": pa.string(), "product_id": pa.int64()}
    arrays = {name: pa.array(column, (usual | types)[name]) for name, column in zip(NAMES, columns)}
    # A file of 16 MB and more is read on several threads; nobody reads this column.
    arrays["page"] = pa.array([f"{i:0>300}" for i in range(EVENTS)])
    return pa.table(arrays)


def packed(codec) -> dict:
    return {name: codec for name in NAMES} | {"page": "none"}


def with_row(number, **values):
    """Another row in the place of one."""

    def change(events):
        row = dict(zip(NAMES, events[number])) | values
        return [*events[:number], tuple(row[name] for name in NAMES), *events[number + 1 :]]

    return change


FILES = {
    "numbers": (table, {}, []),
    "texts, times and no dictionary": (
        lambda: table(
            lambda events: [(f"u{who}", when, kind, what and f"p{what}") for who, when, kind, what in events],
            user_id=pa.string(),
            event_timestamp=pa.timestamp("us", "UTC"),
            product_id=pa.string(),
        ),
        {"use_dictionary": False},
        [],
    ),
    "Snappy and the second version of pages": (table, {"compression": packed("snappy"), "data_page_version": "2.0"}, []),
    "zstd": (table, {"compression": packed("zstd")}, []),
    "a type of the last group that is unknown": (lambda: table(with_row(EVENTS - 5, event_type="view")), {}, []),
    "an unknown type that is dropped": (
        lambda: table(with_row(EVENTS - 5, event_type="view")),
        {},
        ["events.unknown=drop"],
    ),
    "an unknown type that is added": (lambda: table(with_row(40_000, event_type="view")), {}, ["events.unknown=add"]),
    "a user that is missing": (lambda: table(with_row(40_000, user_id=None)), {}, []),
    "ids that are short floats": (
        lambda: table(
            lambda events: [(who, when, kind, what and float(2**24 + what % 1000)) for who, when, kind, what in events],
            product_id=pa.float32(),
        ),
        {},
        [],
    ),
    "a time in other units": (lambda: table(with_row(40_000, event_timestamp=1_757_030_400)), {}, []),
}


@pytest.mark.parametrize("name", FILES)
def test_threads_give_what_one_gives(name, tmp_path):
    make, writing, settings = FILES[name]
    path = tmp_path / "events.parquet"
    pq.write_table(make(), path, row_group_size=GROUP, **({"compression": "none"} | writing))
    assert path.stat().st_size > 16 << 20
    for host, command in COMMANDS.items():
        if host == "native" and not shutil.which(command[0]):
            continue  # built by scripts/test, and by nobody else before these tests
        expected = None
        for threads in [1, 2, 3, 8]:
            out = tmp_path / f"{host}-{threads}"
            arguments = ["prepare", path, "--out", out, "--quiet", "--profile", "causal", "--threads", str(threads)]
            for setting in settings:
                arguments += ["--set", setting]
            ended = subprocess.run([*command, *map(str, arguments)], capture_output=True, encoding="utf-8", timeout=300)
            files = {str(file.relative_to(out)): file.read_bytes() for file in out.rglob("*") if file.is_file()}
            found = (ended.returncode, ended.stderr.replace(str(out), ""), files)
            expected = expected or found
            assert found == expected, (host, threads)
