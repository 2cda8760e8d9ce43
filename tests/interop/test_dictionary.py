"""The data dictionary beside the files: its columns are those of the files, and its code runs on them."""

import json
import re
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow.ipc
import pyarrow.parquet
import pytest

from product import command

FORMATS = "parquet,pickle,jsonl,parquet-flat,csv,arrow,arrow-stream,npz,safetensors,safetensors-padded,covariates,covariates-csv"
# Needed by code that has tests of its own here, since not every machine has them.
ELSEWHERE = ("torch", "econml", "doubleml")


@pytest.fixture(scope="module", params=["hash", "folds"])
def folder(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dictionary")
    command("simulate", "--events", "30000", "--seed", "5", "--out", str(folder / "events.csv"), "--no-truth", "--quiet")
    folds = ["--set", "split.kind=folds"] if request.param == "folds" else []
    channels = ["--set", 'sequence.channels=["gap","hour","weekday","toTimeZero"]']
    command("prepare", str(folder / "events.csv"), "--profile", "causal", "--out", str(folder), "--format", FORMATS, "--quiet",
            *folds, *channels)
    return folder


def columns(folder):
    """Names by the ending of the files that have them."""
    text = (folder / "README.md").read_text("utf-8")
    found = {}
    for endings, table in re.findall(r"^## Columns of (.*)\n\n\| column .*\n\|---.*\n((?:\|.*\n)+)", text, re.M):
        rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in table.splitlines()]
        for ending in re.findall(r"`([^`]+)`", endings):
            found[ending] = [re.sub(r"\\(.)", r"\1", name.strip()) for name, _, meaning in rows if meaning.strip()]
    return found


def safetensors_names(path):
    with path.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return [name for name in header if name != "__metadata__"]


def stream_names(path):
    with path.open("rb") as file:
        return pyarrow.ipc.open_stream(file).schema.names


READERS = {
    ".parquet": lambda path: pyarrow.parquet.read_schema(path).names,
    ".pkl": lambda path: list(pd.read_pickle(path).columns),
    ".jsonl": lambda path: list(json.loads(path.read_text("utf-8").splitlines()[0])),
    "_flat.parquet": lambda path: pyarrow.parquet.read_schema(path).names,
    ".csv": lambda path: list(pd.read_csv(path, nrows=1).columns),
    ".arrow": lambda path: pyarrow.ipc.open_file(path).schema.names,
    ".arrows": stream_names,
    ".npz": lambda path: list(np.load(path)),
    ".safetensors": safetensors_names,
    "_padded.safetensors": safetensors_names,
    "_covariates.parquet": lambda path: pyarrow.parquet.read_schema(path).names,
    "_covariates.csv": lambda path: list(pd.read_csv(path, nrows=1).columns),
}
UNORDERED = (".npz", ".safetensors", "_padded.safetensors")
WITH_INDEX = (".jsonl", ".csv")  # the index, which the notebook's frame has beside its columns, is one of theirs


def test_columns_are_those_of_the_files(folder):
    named = columns(folder)
    assert named.keys() == READERS.keys()
    for ending, reader in READERS.items():
        there = reader(folder / "data" / f"train_sessions{ending}")
        if ending in WITH_INDEX:
            assert there[0] == "index"
            there = there[1:]
        assert (sorted(there) if ending in UNORDERED else there) == (sorted(named[ending]) if ending in UNORDERED else named[ending]), ending


def test_counts_are_those_of_the_files(folder):
    text = (folder / "README.md").read_text("utf-8")
    for part, rows, users, treated, outcomes in re.findall(r"^\| (\w+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$", text, re.M):
        frame = pd.read_parquet(folder / "data" / f"{part}_sessions.parquet")
        there = [len(frame), frame["user_id"].nunique(), frame["treatment"].sum(), frame["outcome"].sum()]
        assert [int(number.replace(",", "")) for number in (rows, users, treated, outcomes)] == there, part


def test_python_code_runs_on_these_files(folder):
    text = (folder / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    assert len(blocks) == 6
    ran = 0
    for block in blocks:
        compile(block, "README.md", "exec")
        if any(f"{package}" in block for package in ELSEWHERE):
            continue
        ended = subprocess.run([sys.executable, "-c", block], cwd=folder, capture_output=True, encoding="utf-8")
        assert ended.returncode == 0, ended.stderr
        ran += 1
    assert ran == 2


def code_with(folder, word, language="python"):
    """The block of the dictionary in which the word stands."""
    text = (folder / "README.md").read_text("utf-8")
    return next(block for block in re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S) if word in block)


def python_with(*packages):
    """A Python that has them: this one, or Debian's; the test is skipped aloud where there is none."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", f"import {', '.join(packages)}"], capture_output=True).returncode == 0:
            return python
    pytest.skip(f"no Python here has {' and '.join(packages)}")


def printed_by(python, code, folder):
    ended = subprocess.run([python, "-W", "ignore", "-c", code], cwd=folder, capture_output=True, encoding="utf-8")
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def estimated(tmp_path_factory):
    """A table that an effect can be estimated from; all its rows are in the training set, with folds of users."""
    folder = tmp_path_factory.mktemp("estimated")
    command("simulate", "--events", "60000", "--seed", "3", "--out", str(folder / "events.csv"), "--quiet")
    command("prepare", str(folder / "events.csv"), "--profile", "causal", "--out", str(folder), "--quiet", "--format",
            "covariates,covariates-csv", "--set", "split.kind=folds", "--set", "outcome.censored=drop")
    return folder


def assert_near_the_truth(folder, effect):
    truth = json.loads((folder / "events.truth.json").read_text("utf-8"))["effect"]
    assert abs(effect - truth) < 0.06, (effect, truth)


def test_pytorch_batches_the_sessions(folder):
    code = code_with(folder, "class Sessions") + "\n".join([
        "for i in (0, len(train) - 1):",
        "    x, treatment, outcome = train[i]",
        "    print(i, len(x['event_ids']), len(x['item_ids']), len(x['minutes']), int(treatment), int(outcome))",
    ])
    arrays = np.load(folder / "data" / "train_sessions.npz")
    lengths = np.diff(arrays["offsets"])
    expected = [[i, *[lengths[i]] * 3, arrays["treatment"][i], arrays["outcome"][i]] for i in (0, len(lengths) - 1)]
    printed = printed_by(python_with("numpy", "torch"), code, folder)
    assert [list(map(int, line.split())) for line in printed.splitlines()] == expected


def test_safetensors_are_tensors_of_pytorch(folder):
    code = code_with(folder, "safetensors.torch") + "print(len(ragged['treatment']), *padded['event_ids'].shape)\n"
    rows = len(np.load(folder / "data" / "train_sessions.npz")["treatment"])
    printed = printed_by(python_with("safetensors.torch"), code, folder).split()
    assert printed[:2] == [str(rows)] * 2


def test_econml_estimates_the_effect(estimated):
    code = code_with(estimated, "splits =") + code_with(estimated, "LinearDML")
    assert_near_the_truth(estimated, float(printed_by(python_with("econml.dml", "pandas", "pyarrow"), code, estimated)))


def test_doubleml_estimates_the_effect(estimated):
    code = code_with(estimated, "splits =") + code_with(estimated, "DoubleMLIRM")
    printed = printed_by(python_with("doubleml", "pandas", "pyarrow"), code, estimated)
    effect, error = (float(word) for word in re.search(r"^treatment +(\S+) +(\S+)", printed, re.M).groups())
    assert 0 < error < 0.1
    assert_near_the_truth(estimated, effect)


def test_grf_estimates_the_effect(estimated):
    rscript = shutil.which("Rscript")
    if rscript is None or subprocess.run([rscript, "-e", "library(grf)"], capture_output=True).returncode != 0:
        pytest.skip("R with its package grf is not installed")
    (estimated / "forest.R").write_text(code_with(estimated, "library(grf)", "r"), encoding="utf-8")
    ended = subprocess.run([rscript, "forest.R"], cwd=estimated, capture_output=True, encoding="utf-8")
    assert ended.returncode == 0, ended.stderr
    assert_near_the_truth(estimated, float(ended.stdout.split("std.err")[1].split()[0]))


def test_splits_keep_users_together(folder):
    block = code_with(folder, "splits =")
    check = block + "\nfor fit, hold in splits:\n" + "\n".join([
        "    assert len(fit) and len(hold) and len(fit) + len(hold) == len(train)",
        "    assert not set(train['user_id'].iloc[fit]) & set(train['user_id'].iloc[hold])",
        "assert x.dtypes.map(str).eq('float64').all() and not x.isna().any().any()",
    ])
    ended = subprocess.run([sys.executable, "-c", check], cwd=folder, capture_output=True, encoding="utf-8")
    assert ended.returncode == 0, ended.stderr
