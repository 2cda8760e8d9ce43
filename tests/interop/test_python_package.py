"""The Python package: whatever the events come as, it makes the files of the native command; it leaves nothing behind.

CAUSAL_SESSIONS=path runs another native command than that of the release build.
"""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

import pytest

from product import REPOSITORY

pa = pytest.importorskip("pyarrow")

PACKAGE = REPOSITORY / "src" / "python"
NATIVE = os.environ.get("CAUSAL_SESSIONS") or str(REPOSITORY / "build" / "release" / "causal-sessions")
os.environ["CAUSAL_SESSIONS"] = NATIVE
sys.path.insert(0, str(PACKAGE))

import causal_sessions  # noqa: E402

if not Path(NATIVE).exists():
    pytest.skip(f"{NATIVE} is not built: cmake --preset release && cmake --build --preset release", allow_module_level=True)

PROFILES = ["notebook", "causal"]
FORMATS = {"notebook": ["arrow", "parquet", "pickle"], "causal": ["arrow", "parquet", "covariates"]}


@pytest.fixture(scope="module")
def events(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("events") / "events.csv"
    assert causal_sessions.simulate(path, events=20_000, seed=7)["events"] == 20_000
    return path


@pytest.fixture(autouse=True)
def nothing_left(tmp_path, monkeypatch):
    """No temporary folder and no child is there after any of these."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    yield
    assert list((tmp_path / "temporary").iterdir()) == []
    assert children() == []


def children() -> list:
    listed = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, encoding="utf-8").stdout
    return [line for line in listed.splitlines() if "causal-sessions" in line]


def files_in(folder: Path) -> dict:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def by_command(events: Path, out: Path, profile: str) -> dict:
    words = [
        NATIVE,
        "prepare",
        events,
        "--out",
        out,
        "--profile",
        profile,
        "--format",
        ",".join([*FORMATS[profile], "audit"]),
        "--quiet",
    ]
    subprocess.run(words, check=True, capture_output=True)
    return files_in(out)


def pandas_frame(path: Path):
    pandas = pytest.importorskip("pandas")
    return pandas.read_csv(path, parse_dates=["event_timestamp"])


def polars_frame(path: Path):
    return pytest.importorskip("polars").read_csv(path, try_parse_dates=True)


def relation(path: Path):
    return pytest.importorskip("duckdb").sql(f"SELECT * FROM read_csv('{path}')")


def arrow_table(path: Path):
    from pyarrow import csv as arrow_csv

    return arrow_csv.read_csv(path)


SOURCES = {
    "a path": lambda path: path,
    "a text": str,
    "a list": lambda path: [path],
    "a folder": lambda path: path.parent,
    "an Arrow table": arrow_table,
    "Arrow batches": lambda path: arrow_table(path).to_reader(max_chunksize=1000),
    "pandas": pandas_frame,
    "Polars": polars_frame,
    "DuckDB": relation,
}


@pytest.fixture(scope="module")
def expected(events, tmp_path_factory):
    return {profile: by_command(events, tmp_path_factory.mktemp(profile), profile) for profile in PROFILES}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("source", SOURCES)
def test_every_source_gives_the_files_of_the_command(source, profile, events, expected, tmp_path):
    for leftover in events.parent.glob("*.truth.json"):
        leftover.unlink()  # a folder is all that is in it
    result = causal_sessions.prepare(SOURCES[source](events), profile, audit=True, formats=FORMATS[profile], out=tmp_path / "out")
    files = files_in(tmp_path / "out")
    assert set(files) == set(expected[profile])
    manifest, wanted = (json.loads(all_files.pop("manifest.json")) for all_files in (files, dict(expected[profile])))
    assert files == {name: whole for name, whole in expected[profile].items() if name != "manifest.json"}
    assert manifest.pop("inputs") and wanted.pop("inputs") and manifest == wanted
    assert result.manifest["rows"] == wanted["rows"] and result.audit == json.loads(files["audit.json"])
    assert result.vocabulary == json.loads(files["models/vocab.json"])
    assert result.metadata == json.loads(files["data/processing_metadata.json"])
    assert result.train.equals(pa.ipc.open_file(tmp_path / "out" / "data" / "train_sessions.arrow").read_all())
    for part in ("train", "validation", "test"):
        assert result.table(part, "parquet").num_rows == result.table(part).num_rows == result.report["splits"][part]["sessions"]


def test_tables_outlive_the_temporary_folder(events, expected, tmp_path):
    result = causal_sessions.prepare(events, "causal", formats=["covariates", "arrow", "csv"])
    assert list((tmp_path / "temporary").iterdir()) == []
    assert "cluster" in result.train.column_names and result.train.num_rows == result.table("train", "arrow").num_rows
    result.table("train", "arrow").validate(full=True)
    with pytest.raises(KeyError, match="covariates, arrow"):
        result.table("train", "csv")
    assert result.audit is None and "audit=True" in repr(result)


def test_the_verdict_is_shown(events):
    result = causal_sessions.prepare(events, audit=True)
    assert result.audit["findings"][0]["title"] in repr(result)
    assert re.search(r"^  train +\d[\d,]* rows, treated \d+\.\d%, outcome \d+\.\d%$", repr(result), re.M)
    assert "sets={'index.kind': 'exposure'}" in repr(result)
    shown = result._repr_html_()
    assert shown.count("<li>") == len(result.audit["findings"]) and "<th>validation</th>" in shown


def test_plans_in_every_form(events, tmp_path):
    causal = causal_sessions.plan("causal")
    assert causal == causal_sessions.plan({"profile": "causal"}) and causal["index"]["kind"] == "exposure"
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"session": {"gapHours": 12}}))
    assert causal_sessions.plan(path)["session"]["gapHours"] == causal_sessions.plan(str(path))["session"]["gapHours"] == 12
    assert causal_sessions.plan("ga4")["preset"] == "ga4"
    kept = causal_sessions.prepare(
        events, path, sets={"session.gapHours": 1, "input.nulls": ["NULL"], "time.zone": "Europe/Berlin"}
    )
    assert kept.report["plan"]["session"]["gapHours"] == 1 and kept.report["plan"]["time"]["zone"] == "Europe/Berlin"
    assert "hours" in causal_sessions.plan_help("session.gapHours")


def test_the_other_commands(events):
    frame = arrow_table(events)
    asked = [NATIVE, "estimate", events, "--profile", "causal", "--json"]
    assert causal_sessions.estimate(frame, "causal") == json.loads(subprocess.run(asked, capture_output=True, check=True).stdout)
    refused = causal_sessions.estimate(frame)
    assert refused["adjusted"] is None and refused["refusals"][0]["key"] == "index.kind"
    assert (
        causal_sessions.audit(frame, "causal")["findings"]
        == causal_sessions.prepare(frame, "causal", audit=True).audit["findings"]
    )
    assert "design" in causal_sessions.audit(frame, "causal", blind=True)
    assert causal_sessions.audit(frame, against={"profile": "causal"})["settings"]
    assert causal_sessions.inspect(frame, rows=3)["columns"]["user"] == "USER_ID"
    table = causal_sessions.prepare(frame, "causal", formats=["covariates"])
    rows = pa.concat_tables([table.table(part) for part in ("train", "validation", "test")])
    assert causal_sessions.estimate(rows, table=True)["rows"] == rows.num_rows


def test_memory_is_limited_with_the_same_bytes(events, tmp_path):
    whole, little = tmp_path / "whole", tmp_path / "little"
    causal_sessions.prepare(events, "causal", audit=True, out=whole)
    causal_sessions.prepare(events, "causal", audit=True, out=little, memory="16M")
    assert files_in(little) == files_in(whole)
    for ask in (causal_sessions.prepare, causal_sessions.audit, causal_sessions.estimate):
        with pytest.raises(causal_sessions.Error, match="--memory is lots; it must be a whole number with M or G"):
            ask(events, "causal", memory="lots")


def test_the_example_of_the_readme_runs(tmp_path, monkeypatch, capsys):
    (example,) = re.findall(r"^```python\n(.*?)^```", (PACKAGE / "README.md").read_text("utf-8"), re.M | re.S)
    assert len(example.splitlines()) == 10
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "README.md", "exec"), {})
    said = capsys.readouterr().out
    assert "20,000 events of" in said and "event_ids" in said and "interval95" in said


# --- what is refused, and what is told


def test_errors_have_code_key_and_place(events, tmp_path):
    with pytest.raises(causal_sessions.Error) as caught:
        causal_sessions.prepare(events, {"session": {"gapHours": "long"}})
    assert caught.value.code == "badPlan" and caught.value.key == "session.gapHours" and "must be a number" in str(caught.value)
    lines = events.read_text().splitlines()
    lines[1234] = lines[1234].replace("2025-", "20x5-")
    (tmp_path / "bad.csv").write_text("\n".join(lines))
    with pytest.raises(causal_sessions.Error) as caught:
        causal_sessions.prepare(tmp_path / "bad.csv", out=tmp_path / "out")
    assert caught.value.code == "badRows" and caught.value.key is None and not (tmp_path / "out").exists()
    assert caught.value.place == causal_sessions.Place(str(tmp_path / "bad.csv"), 1234, 1235, "event_timestamp")
    with pytest.raises(causal_sessions.Error, match="no column looks like the user") as caught:
        causal_sessions.prepare(pa.table({"a": [1]}))
    assert caught.value.key == "columns.user"
    with pytest.raises(causal_sessions.Error, match="does not exist"):
        causal_sessions.prepare(tmp_path / "nowhere.csv")
    with pytest.raises(TypeError, match="not dict"):
        causal_sessions.prepare({"user": [1]})


def test_one_format_may_be_a_name_and_a_path_look_like_an_option(events):
    assert causal_sessions.prepare(events, formats="arrow").train.num_rows > 0
    with pytest.raises(causal_sessions.Error, match="--help does not exist"):
        causal_sessions.inspect("--help")


def test_notices_are_warnings(tmp_path):
    rows = [["user", "time", "type"], ["NULL", "2025-09-05 07:03:00", "impression"], ["NULL", "2025-09-05 07:04:00", "click"]]
    with (tmp_path / "events.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.warns(causal_sessions.Notice, match="NULL"):
        result = causal_sessions.prepare(tmp_path / "events.csv")
    assert result.notices[0]["code"] == "nullMarkers" and result.notices[0]["message"] in repr(result)


# --- what is left behind


@pytest.fixture(autouse=True)
def interruptible():
    """Tests that run in the background may have been started deaf to an interruption."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def endless(until=lambda rows: False):
    """Batches that go on, after each of which `until` may raise."""
    schema = pa.schema([("user", pa.string()), ("time", pa.timestamp("us")), ("type", pa.string())])

    def batches():
        rows = 0
        while not until(rows):
            assert rows < 5_000_000, "nothing has ended the run"
            rows += 1000
            yield pa.record_batch([[f"u{rows}"] * 1000, range(1000), ["click"] * 1000], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def test_a_source_that_fails_ends_the_run(tmp_path):
    def fail(rows):
        if rows > 50_000:
            raise ValueError("the database went away")

    with pytest.raises(ValueError, match="the database went away"):
        causal_sessions.prepare(endless(fail), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_interruption_ends_the_run(tmp_path):
    def interrupt(rows):
        if rows == 50_000:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        causal_sessions.prepare(endless(interrupt), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_killed_child_is_told(tmp_path):
    def kill(rows):
        if rows == 50_000:
            (child,) = [
                line
                for line in subprocess.run(
                    ["ps", "--ppid", str(os.getpid()), "-o", "pid=,args="], capture_output=True, encoding="utf-8"
                ).stdout.splitlines()
                if "causal-sessions" in line
            ]
            os.kill(int(child.split()[0]), signal.SIGKILL)

    with pytest.raises(causal_sessions.Error, match="SIGKILL") as caught:
        causal_sessions.prepare(endless(kill), out=tmp_path / "out")
    assert caught.value.code == "killed" and not (tmp_path / "out").exists()


def test_a_child_that_waits_for_a_pipe_is_interrupted(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    timer = threading.Timer(1, lambda: os.kill(os.getpid(), signal.SIGINT))
    writer = os.open(pipe, os.O_RDWR)  # so that the child reads, and waits
    timer.start()
    try:
        start = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            causal_sessions.prepare(pipe)
        assert time.monotonic() - start < 8
    finally:
        timer.cancel()
        os.close(writer)


def test_a_refusal_before_the_input_is_read_is_told():
    with pytest.raises(causal_sessions.Error, match="must be a number"):
        causal_sessions.prepare(endless(), {"session": {"gapHours": "long"}})


# --- the wheel


def test_a_wheel_carries_the_command_and_has_the_same_bytes_each_time(tmp_path):
    made = []
    for name in ("one", "two"):
        words = [sys.executable, PACKAGE / "build_wheel.py", NATIVE, "linux_any", tmp_path / name]
        told = subprocess.run(
            words, env={**os.environ, "SOURCE_DATE_EPOCH": "1"}, check=True, capture_output=True, encoding="utf-8"
        ).stdout
        made.append(Path(told.strip()))
    assert made[0].read_bytes() == made[1].read_bytes()
    with zipfile.ZipFile(made[0]) as wheel:
        assert not any("build_wheel" in name or "__pycache__" in name for name in wheel.namelist())
        wheel.extractall(tmp_path / "site")
        (record,) = [name for name in wheel.namelist() if name.endswith("/RECORD")]
        assert {line.split(",")[0] for line in wheel.read(record).decode().splitlines()} == set(wheel.namelist())
        inside = wheel.getinfo("causal_sessions/bin/causal-sessions")
    assert inside.external_attr >> 16 == 0o100755  # as pip installs it
    (tmp_path / "site" / inside.filename).chmod(0o755)
    bare = {key: value for key, value in os.environ.items() if key != "CAUSAL_SESSIONS"} | {"PYTHONPATH": str(tmp_path / "site")}
    told = subprocess.run(
        [sys.executable, "-m", "causal_sessions", "--version"], env=bare, cwd=tmp_path, check=True, capture_output=True
    )
    assert told.stdout == subprocess.run([NATIVE, "--version"], capture_output=True).stdout
