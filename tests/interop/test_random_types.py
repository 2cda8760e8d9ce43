"""Every type that can be a user, time, type or item, in every way to hold and write it: the events are those of the CSV of
the values that pyarrow has, to the byte, and so are refusals.

COUNT=n tries so many tables of each format instead of a few.
"""

import json
import os
import random

import pytest

pytest.importorskip("pyarrow")

import random_tables  # noqa: E402
from incoming import run  # noqa: E402

COUNT = int(os.environ.get("COUNT", 25))


def outcome(path, out, settings) -> tuple:
    ended = run(path, out, *settings)
    assert ended.returncode in (0, 1, 2), (ended.returncode, ended.stderr)
    files = {file.relative_to(out): file.read_bytes() for file in out.rglob("*") if file.is_file()}
    return ended.returncode, files, ended.stderr


def check(seed, write, parquet, tmp_path):
    draw = random.Random(seed)
    path = tmp_path / "events"
    text, kinds = random_tables.csv(write(draw, path, random_tables.table(draw, parquet)))
    (tmp_path / "events.csv").write_text(text, "utf-8")
    treatment, outcome_type = [*kinds, "click", "purchase"][:2]
    settings = ["events.unknown=add", "rows.bad=drop", "session.minEvents=1", "sequence.padding=null",
                f"treatment.type={json.dumps(treatment)}", f"outcome.type={json.dumps(outcome_type)}"]
    expected, found = outcome(tmp_path / "events.csv", tmp_path / "csv", settings), outcome(path, tmp_path / "out", settings)
    assert found[:2] == expected[:2], (found[2], expected[2])


@pytest.mark.parametrize("seed", range(COUNT))
def test_arrow(seed, tmp_path):
    check(seed, random_tables.write_arrow, False, tmp_path)


@pytest.mark.parametrize("seed", range(COUNT))
def test_parquet(seed, tmp_path):
    check(10_000 + seed, random_tables.write_parquet, True, tmp_path)
