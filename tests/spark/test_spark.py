"""Spark puts the events in order and the engine does the rest: whatever Spark does with files and partitions, every file is the
command's over the same input, byte for byte, but for the inputs that the manifest names.

One session on two cores serves all tests. CAUSAL_SESSIONS=path runs another native command than that of the release build.
"""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
NATIVE = os.environ.get("CAUSAL_SESSIONS") or str(REPOSITORY / "build" / "release" / "causal-sessions")
os.environ["CAUSAL_SESSIONS"] = NATIVE
os.environ["PYSPARK_PYTHON"] = sys.executable
PACKAGE = REPOSITORY / "src" / "python"
sys.path.insert(0, str(PACKAGE))

import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql import functions as F  # noqa: E402

import causal_sessions  # noqa: E402
import causal_sessions.spark  # noqa: E402

PLANS = {
    "notebook": {"time": {"ties": "numpy"}},
    "exposure": {"profile": "causal"},
    "landmark": {"profile": "causal", "index": {"kind": "landmark"}, "split": {"kind": "time"}},
    "matched": {"profile": "causal", "index": {"kind": "matched"}, "split": {"kind": "shuffle"}},
    "covariates": {"profile": "causal", "covariates": {"columns": ["placement"], "minCount": 1}},
}
FORMATS = ["parquet", "pickle"]
# Files of unequal size, by their share of the rows.
SHARES = {1: [1], 3: [0.55, 0.05, 0.4], 5: [0.02, 0.3, 0.08, 0.5, 0.1]}


LOCAL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.session.timeZone": "Asia/Tokyo",
}


@pytest.fixture(scope="module")
def session():
    session = SparkSession.builder.master("local[2]").config(map=LOCAL).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def rows(tmp_path_factory) -> list:
    path = tmp_path_factory.mktemp("events") / "events.csv"
    causal_sessions.simulate(path, events=6000, seed=4)
    with path.open(newline="") as file:
        return list(csv.reader(file))


def write_csv(path: Path, rows: list) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def write_parquet(path: Path, rows: list) -> None:
    columns = dict(zip(rows[0], zip(*rows[1:])))
    table = pa.table({name: pa.array([value or None for value in values], pa.string()) for name, values in columns.items()})
    times = pa.array(columns["event_timestamp"]).cast(pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
    pq.write_table(table.set_column(1, "event_timestamp", times), path, row_group_size=500)


@pytest.fixture(scope="module")
def folders(rows, tmp_path_factory):
    """The same events as 1, 3 and 5 files of a form."""
    made = {}
    for form, write in {"csv": write_csv, "parquet": write_parquet}.items():
        for count, shares in SHARES.items():
            folder, at = tmp_path_factory.mktemp(f"{form}{count}"), 1
            for number, share in enumerate(shares):
                end = len(rows) if number == count - 1 else at + int(share * len(rows))
                write(folder / f"part {chr(ord('e') - count + number)}+{number}.{form}", [rows[0], *rows[at:end]])
                at = end
            made[form, count] = folder
    return made


@pytest.fixture(autouse=True)
def nothing_left(tmp_path, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    yield
    assert list((tmp_path / "temporary").iterdir()) == []


def read(session, form: str, folder: Path):
    return session.read.csv(str(folder), header=True, escape='"') if form == "csv" else session.read.parquet(str(folder))


def files_in(folder: Path) -> dict:
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest.pop("inputs")
    return files | {"manifest.json": manifest}


@pytest.fixture(scope="module")
def expected(folders, tmp_path_factory):
    known = {}

    def get(form: str, count: int, plan: str) -> dict:
        if (form, count, plan) not in known:
            out = tmp_path_factory.mktemp("command")
            causal_sessions.prepare(folders[form, count], PLANS[plan], audit=True, formats=FORMATS, out=out)
            known[form, count, plan] = files_in(out)
        return known[form, count, plan]

    return get


@pytest.mark.parametrize("partitions", [1, 2, 7, 64])
@pytest.mark.parametrize("plan", PLANS)
def test_every_number_of_partitions(plan, partitions, session, folders, expected, tmp_path):
    session.conf.set("spark.sql.shuffle.partitions", partitions)
    session.conf.set("spark.sql.files.maxPartitionBytes", "64k")
    causal_sessions.spark.prepare(
        read(session, "parquet", folders["parquet", 3]), PLANS[plan], tmp_path / "out", audit=True, formats=FORMATS
    )
    assert files_in(tmp_path / "out") == expected("parquet", 3, plan)


@pytest.mark.parametrize("most", ["64k", "128m"])
@pytest.mark.parametrize("count", SHARES)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_every_way_to_cut_the_input(form, count, most, session, folders, expected, tmp_path):
    session.conf.set("spark.sql.shuffle.partitions", 3)
    session.conf.set("spark.sql.files.maxPartitionBytes", most)
    plan = "notebook" if count == 3 else "exposure"
    causal_sessions.spark.prepare(
        read(session, form, folders[form, count]), PLANS[plan], tmp_path / "out", audit=True, formats=FORMATS
    )
    assert files_in(tmp_path / "out") == expected(form, count, plan)


def test_a_column_of_the_order(session, folders, rows, expected, tmp_path):
    session.conf.set("spark.sql.shuffle.partitions", 4)
    write_csv(tmp_path / "numbered.csv", [[*rows[0], "number"], *([*row, number] for number, row in enumerate(rows[1:]))])
    numbered = session.read.csv(str(tmp_path / "numbered.csv"), header=True, inferSchema=False).withColumn(
        "number", F.col("number").cast("long")
    )
    shuffled = numbered.repartition(5, "product_id").orderBy(F.rand(1))
    result = causal_sessions.spark.prepare(
        shuffled, PLANS["exposure"], tmp_path / "out", order="number", audit=True, formats=FORMATS
    )
    assert files_in(tmp_path / "out") == expected("csv", 1, "exposure")
    assert result.train.num_rows == result.report["splits"]["train"]["sessions"]
    with pytest.raises(causal_sessions.Error, match="in two rows, so it gives no order"):
        causal_sessions.spark.prepare(shuffled, None, tmp_path / "again", order="event_type")
    with pytest.raises(causal_sessions.Error, match='no column "nowhere" to order by'):
        causal_sessions.spark.prepare(shuffled, None, tmp_path / "again", order="nowhere")
    late = shuffled.withColumn("event_timestamp", F.when(F.col("number") == 77, "yesterday").otherwise(F.col("event_timestamp")))
    with pytest.raises(
        causal_sessions.Error, match='^The row whose number is 77, column "event_timestamp": "yesterday" is not a time'
    ):
        causal_sessions.spark.prepare(late, None, tmp_path / "again", order="number")
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("plan", ["notebook", "matched"])
def test_a_user_with_half_of_all_events(plan, session, rows, tmp_path):
    session.conf.set("spark.sql.shuffle.partitions", 7)
    session.conf.set("spark.sql.files.maxPartitionBytes", "64k")
    folder = tmp_path / "events"
    folder.mkdir()
    skewed = [["one user", *row[1:]] if number % 2 else row for number, row in enumerate(rows[1:])]
    for number, part in enumerate((skewed[:1000], skewed[1000:])):
        write_parquet(folder / f"{number}.parquet", [rows[0], *part])
    causal_sessions.prepare(folder, PLANS[plan], audit=True, formats=FORMATS, out=tmp_path / "command")
    causal_sessions.spark.prepare(
        read(session, "parquet", folder), PLANS[plan], tmp_path / "out", audit=True, formats=FORMATS
    )
    assert files_in(tmp_path / "out") == files_in(tmp_path / "command")


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_bad_row_is_told_by_its_file_and_row(form, session, rows, tmp_path):
    session.conf.set("spark.sql.shuffle.partitions", 7)
    session.conf.set("spark.sql.files.maxPartitionBytes", "64k")
    folder = tmp_path / "events"
    folder.mkdir()
    bad = [row[:] for row in rows]
    for number in (4321, 4900, 5999):  # in other partitions
        bad[number][0] = ""
    write = {"csv": write_csv, "parquet": write_parquet}[form]
    write(folder / f"a.{form}", bad[:1501])
    write(folder / f"b.{form}", [bad[0], *bad[1501:]])
    with pytest.raises(causal_sessions.Error) as by_command:
        causal_sessions.prepare(folder)
    with pytest.raises(causal_sessions.Error) as by_spark:
        causal_sessions.spark.prepare(read(session, form, folder), None, tmp_path / "out")
    place = by_spark.value.place
    assert (place.file, place.row, place.column) == (str(folder / f"b.{form}"), 2821, "USER_ID")
    assert by_command.value.place.row == 2821 and by_spark.value.code == by_command.value.code == "badRows"
    # A DataFrame has no lines, and the command names what is in a folder from there on.
    whole = f"{tmp_path}/" + re.sub(r" \(line [\d,]+\)", "", str(by_command.value))
    assert str(by_spark.value) == whole and "3 rows of 6000 cannot be used" in whole
    assert not (tmp_path / "out").exists()
    drop = {"rows.bad": "drop"}
    with pytest.warns(causal_sessions.Notice, match="3 rows of 6000 were left out"):
        result = causal_sessions.spark.prepare(read(session, form, folder), None, tmp_path / "out", sets=drop)
    with pytest.warns(causal_sessions.Notice, match="3 rows of 6000 were left out"):
        wanted = causal_sessions.prepare(folder, sets=drop, out=tmp_path / "command").report["input"]["issues"]
    issues = result.report["input"]["issues"]
    assert issues["byReason"] == wanted["byReason"] == {"missingUser": 3}
    for issue in (*issues["first"], *wanted["first"]):
        issue.pop("line", None)
        issue["file"] = issue["file"].removeprefix(f"{tmp_path}/")
    assert issues["first"] == wanted["first"] and [issue["row"] for issue in issues["first"]] == [2821, 3400, 4499]


def test_what_is_refused(session, folders, tmp_path):
    frame = read(session, "parquet", folders["parquet", 3])
    refused = {
        "Spark moves its rows": (frame.repartition(3), {}),
        "it is not read from files": (session.createDataFrame([("u", "2025-09-05", "click")], ["user", "time", "type"]), {}),
        'the DataFrame: there is no column "nobody" for the user': (frame, {"columns.user": "nobody"}),
        "input.files tells rows by the names of their files": (frame, {"input.files": [{"match": "*clicks*", "type": "click"}]}),
        "it must be a number of hours": (frame, {"session.gapHours": "long"}),
    }
    for sentence, (given, sets) in refused.items():
        with pytest.raises(causal_sessions.Error, match=sentence):
            causal_sessions.spark.prepare(given, None, tmp_path / "out", sets=sets)
    assert not (tmp_path / "out").exists()


def test_parts_whose_names_give_another_order_are_refused():
    parts = [Path(f"part-{number}-x-c000.zstd.parquet") for number in ("00010", "99999", "00002")]
    assert causal_sessions.spark._in_order(parts) == [parts[2], parts[0], parts[1]]
    with pytest.raises(causal_sessions.Error, match="more than 100,000 parts"):
        causal_sessions.spark._in_order([*parts, Path("part-100000-x-c000.zstd.parquet")])


def test_a_stage_is_as_open_as_the_folder_it_is_in(tmp_path):
    for given, mode in ((None, 0o700), (tmp_path, 0o775)):
        tmp_path.chmod(0o775)
        with causal_sessions.spark._folder_for(given) as folder:
            assert folder.parent.stat().st_mode & 0o777 == mode


def test_the_stage_is_gone_after_a_kill(tmp_path):
    code = f"import sys; sys.path.insert(0, {str(PACKAGE)!r})\nfrom causal_sessions.spark import _folder_for\n"
    code += f"with _folder_for({str(tmp_path)!r}) as folder:\n  folder.mkdir(); print(folder, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        folder = Path(process.stdout.readline().strip())
        assert folder.is_dir()
        process.send_signal(signal.SIGKILL)
    for _ in range(200):
        if not folder.parent.exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"{folder} is still there")
