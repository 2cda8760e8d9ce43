"""Parquet in: every way that the usual writers write one table gives the training sets of its CSV, to the byte."""

import os
import random
import subprocess
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow")
import pyarrow.parquet as pq  # noqa: E402

import make_parquet  # noqa: E402
from incoming import refusal, run, written  # noqa: E402

CASES = {name: (write, expected) for name, write, expected in make_parquet.cases()}


@pytest.fixture(scope="module")
def from_csv(tmp_path_factory):
    """What the CSV of each expected table gives."""
    known = {}

    def get(name):
        if name not in known:
            folder = tmp_path_factory.mktemp("csv")
            (folder / "events.csv").write_text(make_parquet.expected_csv(name), "utf-8")
            known[name] = written(folder / "events.csv", folder / "out")
        return known[name]

    return get


@pytest.mark.parametrize("name", CASES)
def test_the_sets_are_those_of_the_csv(name, from_csv, tmp_path):
    write, expected = CASES[name]
    path = tmp_path / "events.parquet"
    write(str(path))
    assert written(path, tmp_path / "out") == from_csv(expected)


def test_a_stream_is_gathered(from_csv, tmp_path):
    path = tmp_path / "events.parquet"
    CASES["pandas"][0](str(path))
    with path.open("rb") as file:
        process = subprocess.Popen(["cat"], stdin=file, stdout=subprocess.PIPE)
        assert written(Path("-"), tmp_path / "out", stdin=process.stdout) == from_csv("text")
        process.wait()


REFUSED = {
    "nested user": (lambda t: t.set_column(1, "user_id", pa.array([[v] for v in t["user_id"].to_pylist()])), "nested"),
    "struct user": (lambda t: t.set_column(1, "user_id", pa.array([{"a": v} for v in t["user_id"].to_pylist()])), "nested"),
    "binary user": (lambda t: t.set_column(1, "user_id", pa.array([b"012345\xff"] * len(t), pa.binary(7))), "UTF-8"),
    "timestamp item": (lambda t: t.set_column(4, "product_id", t["event_timestamp"]), "timestamp"),
    "time of day": (lambda t: t.set_column(2, "event_timestamp", pa.array([0] * len(t), pa.time64("us"))), "time of the day"),
    "boolean time": (lambda t: t.set_column(2, "event_timestamp", pa.array([True] * len(t))), "boolean"),
    "not utf-8": (lambda t: t.set_column(1, "user_id", pa.array([b"\xff\xfe"] * len(t), pa.binary())), "UTF-8"),
    "no user": (lambda t: t.drop_columns(["user_id"]), "user"),
    "no rows": (lambda t: t.slice(0, 0), "no rows"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_events_is_refused(name, tmp_path):
    change, word = REFUSED[name]
    path = tmp_path / "events.parquet"
    pq.write_table(change(make_parquet.arrow(make_parquet.table())), path)
    sentence = refusal(path, tmp_path / "out")
    assert word in sentence and "events.parquet" in sentence


def test_an_encrypted_file_is_refused_by_name(tmp_path):
    (tmp_path / "e.parquet").write_bytes(b"PARE\x10\0\0\0" + b"x" * 60 + b"\x04\0\0\0PARE")
    assert "encrypted" in refusal(tmp_path / "e.parquet", tmp_path / "out")
    (tmp_path / "f.parquet").write_bytes(b"PAR1\x10\0\0\0" + b"x" * 60 + b"\x04\0\0\0PARE")
    assert "encrypted" in refusal(tmp_path / "f.parquet", tmp_path / "out")


def test_missing_cells_are_the_issues_of_the_csv(tmp_path):
    frame = make_parquet.table()
    frame["event_type"] = frame["event_type"].astype(object)
    for column, row in [("user_id", 10), ("event_type", 20), ("product_id", 30)]:
        frame.loc[row, column] = None
    frame.loc[40, "event_type"] = "unheard of"
    frame = frame.astype(object).where(frame.notna(), None)
    lines = make_parquet.csv_text(frame, make_parquet.iso)
    (tmp_path / "events.csv").write_text(lines, "utf-8")
    pq.write_table(make_parquet.arrow(frame), tmp_path / "events.parquet")
    by_csv = refusal(tmp_path / "events.csv", tmp_path / "out")
    by_parquet = refusal(tmp_path / "events.parquet", tmp_path / "out")
    assert by_parquet == by_csv.replace("events.csv", "events.parquet").replace(" (line 12)", "")


SMALL = {
    "snappy": dict(compression="snappy"),
    "plain": dict(compression="none", use_dictionary=False),
    "v2": dict(compression="snappy", data_page_version="2.0", use_dictionary=False,
               column_encoding={"user_id": "DELTA_BYTE_ARRAY", "event_type": "DELTA_LENGTH_BYTE_ARRAY",
                                "event_timestamp": "DELTA_BINARY_PACKED"}),
    "lz4": dict(compression="lz4"),
}


def small(path: Path, options: dict) -> bytes:
    pq.write_table(make_parquet.arrow(make_parquet.table().head(200)), path, row_group_size=90, **options)
    return path.read_bytes()


@pytest.mark.parametrize("name", SMALL)
def test_a_file_cut_short_is_refused(name, tmp_path):
    path = tmp_path / "events.parquet"
    whole = small(path, SMALL[name])
    for size in sorted({4, 12, *range(1, len(whole), len(whole) // 6), len(whole) - 1}):
        path.write_bytes(whole[:size])
        assert len(refusal(path, tmp_path / "out").strip().splitlines()) == 1


@pytest.mark.parametrize("name", SMALL)
def test_flipped_bits_never_crash(name, tmp_path):
    path = tmp_path / "events.parquet"
    whole = small(path, SMALL[name])
    draw = random.Random(3)
    for _ in range(int(os.environ.get("FLIPS", 4))):
        broken = bytearray(whole)
        for _ in range(draw.choice([1, 1, 2, 8])):
            # Half of them in the footer, where sizes and offsets are.
            at = draw.randrange(len(broken)) if draw.random() < 0.5 else draw.randrange(len(broken) * 3 // 5, len(broken))
            broken[at] ^= 1 << draw.randrange(8)
        path.write_bytes(broken)
        ended = run(path, tmp_path / "out")
        # A flip inside of a text leaves a whole file.
        assert ended.returncode in (0, 1), (ended.returncode, ended.stderr)
        assert ended.returncode == 0 or len(ended.stderr.strip().splitlines()) == 1
