"""A DataFrame of Spark into training data: Spark puts the events in order, and the engine runs on the driver's machine over them.

Spark keeps the columns that the plan needs, gives each event its place in the input, sorts by it and writes Parquet into a folder
that this process reads. From there on it is the run of one process, so every file is, byte for byte, that of the command over the
same input. web/docs/spark.md says what that costs.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from . import _prepare_files, inspect
from . import plan as whole_plan
from ._errors import Error, Place
from ._inputs import Plan
from ._result import Result

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

__all__ = ["prepare"]

# Of the staged rows, where the order is that of files.
_FILE, _BLOCK, _ROW = "_causal_sessions_file", "_causal_sessions_block", "_causal_sessions_row"

# What a plan of Spark may do between the files and here without moving a row.
_KEEPS_PLACES = {"Project", "Filter", "ColumnarToRow", "FileScan", "BatchScan"}


def prepare(
    df: DataFrame,
    plan: Plan = None,
    out: str | os.PathLike[str] = "training",
    *,
    order: str = "files",
    sets: Mapping[str, Any] | None = None,
    audit: bool = False,
    formats: Sequence[str] = ("parquet", "pickle"),
    report: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    memory: str | None = None,
    stage: str | os.PathLike[str] | None = None,
) -> Result:
    """Builds sessions, vocabulary and split of the events of a DataFrame, classic or Connect, and writes them into the folder `out`.

    order  "files": rows are in the order of the paths of the files that the DataFrame was read from, and in each as they stand
           there. Otherwise the name of a column that is different in every row, and rises: tables (Delta, Iceberg) need one
    stage  a folder on a disk that executors and this process share, in which the ordered events stand until the run is over; by
           default the one for temporary files, which is right for local[*]

    The rest is as of causal_sessions.prepare(). The tables of the result are read when they are asked for.

    Raises Error, whose place is the file and row of the input, or the value of the column of the order.
    """
    whole = whole_plan(plan, sets=sets)
    _refuse_names_of_files(whole)
    with _folder_for(stage) as folder:
        wanted = _needed_columns(df, plan, sets, whole)
        ordered = _by_files(df, wanted) if order == "files" else _by_column(df, wanted, order)
        parts = _write(ordered, folder)
        if order != "files":
            _check_order(parts, order)
        try:
            result = _prepare_files([str(folder)], plan, Path(out), sets, audit, formats, report, threads, memory)
        except Error as problem:
            raise _of_the_input(problem, parts, order) from None
        for issue in result.report["input"]["issues"]["first"]:  # of rows that were left out
            if found := _place_in_input(issue["file"], issue["row"], parts, order):
                issue.update(found)
        return result


def _refuse_names_of_files(whole: Mapping[str, Any]) -> None:
    if whole["input"]["files"]:
        raise Error(
            "badPlan",
            "input.files tells rows by the names of their files, which a DataFrame does not hand on; add what it tells as "
            "a column of the DataFrame.",
            "input.files",
        )


# --- the stage


@contextlib.contextmanager
def _folder_for(stage: str | os.PathLike[str] | None) -> Iterator[Path]:
    """A new folder that is gone afterwards. A shell of its own removes it, which outlives this process being killed.

    Tasks of Spark end some time after an interruption or a kill, and may write meanwhile, so then it looks once more.
    """
    folder = Path(tempfile.mkdtemp(prefix="causal-sessions-", dir=stage))
    if stage is not None:
        os.chmod(folder, os.stat(stage).st_mode & 0o777)  # executors may run as another user, for whom that folder is open
    script = 'read -r settled; rm -rf -- "$0"; [ -n "$settled" ] || { sleep 3; rm -rf -- "$0"; }'
    remover = subprocess.Popen(["/bin/sh", "-c", script, str(folder)], stdin=subprocess.PIPE, start_new_session=True)
    settled = False
    try:
        yield folder / "events"
        settled = True
    except Error:
        settled = True
        raise
    finally:
        remover.communicate(b"settled\n" if settled else b"")


def _write(ordered: DataFrame, folder: Path) -> list[Path]:
    """The parts that this process can read, which are all that Spark wrote."""
    from pyspark.sql import Observation
    from pyspark.sql import functions as F

    seen = Observation("causal-sessions")
    ordered.observe(seen, F.count(F.lit(1)).alias("rows")).write.parquet(folder.absolute().as_uri(), compression="zstd")
    parts = _in_order(list(folder.glob("part-*")))
    rows = sum(pq.read_metadata(part).num_rows for part in parts)
    if rows != seen.get["rows"]:
        raise Error(
            "unreadable",
            f"Spark wrote {seen.get['rows']:,} rows into {folder}, of which this process can read {rows:,}; name a folder "
            "that executors and this process share by stage=.",
        )
    return parts


def _in_order(parts: list[Path]) -> list[Path]:
    """By their names, as the engine takes them, which is by their numbers while these have five digits."""
    by_name, by_number = sorted(parts), sorted(parts, key=lambda part: int(part.name.split("-")[1]))
    if by_name != by_number:
        raise Error("wrongUse", "Spark wrote more than 100,000 parts; set spark.sql.shuffle.partitions to fewer.")
    return by_name


# --- columns and order


def _needed_columns(df: DataFrame, plan: Plan, sets: Mapping[str, Any] | None, whole: Mapping[str, Any]) -> list[str]:
    """The columns that the whole plan reads, as the engine tells from their names; all of them where a number or nothing tells."""
    names = df.columns
    told = inspect(df.limit(0).toArrow(), plan, sets=sets)
    if told["problem"] and told["problem"]["code"] != "emptyInput":
        raise Error.of(told["problem"] | {"message": told["problem"]["message"].replace("standard input", "the DataFrame", 1)})
    asked = [*whole["columns"].items(), ("covariates", whole["covariates"]["columns"])]
    for section, key in (("treatment", "propensity"), ("treatment", "group"), ("outcome", "value")):
        if (named := whole[section][key]) is not None:
            asked.append((key, named))
    needed: list[str] = []
    for role, found in asked:
        for one in found if isinstance(found, list) else [found if found is not None else told["columns"].get(role)]:
            if isinstance(one, dict) or (one is None and role in ("item", "knownAt")):
                continue  # a constant; no item; known at once
            at = [name for name in names if isinstance(one, str) and (one == name or one.startswith((f"{name}.", f"{name}[")))]
            if not at:
                return names
            needed += at
    return [name for name in names if name in needed]


def _by_files(df: DataFrame, wanted: list[str]) -> DataFrame:
    """Ordered by the place in the input, which stands in columns of its own."""
    from pyspark.errors import AnalysisException
    from pyspark.sql import functions as F

    if not df.inputFiles():
        raise _no_files("it is not read from files")
    try:
        known = df.select("_metadata.*").columns
    except AnalysisException:
        raise _no_files("its source does not tell the places of rows") from None
    # Percent signs stand for other bytes in these paths, and the command compares the bytes; a plus is a plus.
    file = F.url_decode(F.replace(F.col("_metadata.file_path"), F.lit("+"), F.lit("%2B")))
    if "row_index" in known:  # of Parquet
        block, row = F.lit(None).cast("long"), F.col("_metadata.row_index")
    else:  # within a block of a file rows are numbered as they are read
        block, row = F.col("_metadata.file_block_start"), F.monotonically_increasing_id()
    placed = df.select(*map(_column, wanted), file.alias(_FILE), block.alias(_BLOCK), row.alias(_ROW))
    moving = _operators(placed) - _KEEPS_PLACES
    if moving:
        raise _no_files(f"Spark moves its rows on the way from there ({', '.join(sorted(moving))})")
    return placed.orderBy(_FILE, _BLOCK, _ROW)


def _no_files(why: str) -> Error:
    return Error(
        "wrongUse",
        f'order="files" needs a DataFrame as it was read from files, and {why}; name a column by order= that gives the '
        "order of the events.",
    )


def _by_column(df: DataFrame, wanted: list[str], order: str) -> DataFrame:
    if order not in df.columns:
        raise Error("wrongUse", f'The DataFrame has no column "{order}" to order by; it has {", ".join(df.columns)}.')
    return df.select(*map(_column, wanted), *([] if order in wanted else [_column(order)])).orderBy(_column(order))


def _column(name: str) -> Column:
    from pyspark.sql import functions as F

    return F.col("`" + name.replace("`", "``") + "`")


def _operators(df: DataFrame) -> set[str]:
    """Of the physical plan, which is public as text alone."""
    with contextlib.redirect_stdout(io.StringIO()) as text:
        df.explain()
    found = (re.match(r"[\s:+-]*(?:\*\(\d+\) )?([A-Z]\w*)", line) for line in text.getvalue().splitlines())
    return {match[1] for match in found if match}


def _check_order(parts: list[Path], order: str) -> None:
    """Equal values would leave the order to chance."""
    last = None
    for part in parts:
        for batch in pq.ParquetFile(part).iter_batches(columns=[order]):
            values = (
                pa.concat_arrays([pa.array([last], batch.column(0).type), batch.column(0)])
                if last is not None
                else batch.column(0)
            )
            if values.null_count:
                raise Error("badRows", f'The column "{order}" of the order has no value in some rows.')
            equal = pc.index(pc.equal(values[1:], values[:-1]), True).as_py() if len(values) > 1 else -1
            if equal >= 0:
                raise Error(
                    "badRows",
                    f'The column "{order}" has {values[equal].as_py()!r} in two rows, so it gives no order; name one that is '
                    "different in every row.",
                )
            last = values[-1].as_py() if len(values) else last


# --- what the engine says of a staged row


def _of_the_input(problem: Error, parts: list[Path], order: str) -> Error:
    """The same refusal with the place in the input."""
    place = problem.place
    found = _place_in_input(place.file, place.row, parts, order)
    if not found:
        return problem
    shown = f"{found['file']}, row {found['row']}" if order == "files" else f"The row whose {order} is {found[order]}"
    was = re.compile(re.escape(place.file or "") + r", row \d+(,\d{3})*")
    return Error(
        problem.code,
        was.sub(lambda _: shown, problem.message, count=1),
        problem.key,
        Place(found["file"], found["row"], None, place.column),
    )


def _place_in_input(file: str | None, row: int | None, parts: list[Path], order: str) -> dict[str, Any] | None:
    """Of a row of the stage its file and row in the input, or the value of the column of the order; None where it is of no row."""
    part = next((path for path in parts if file and file.endswith(path.name)), None)
    if part is None or row is None:
        return None
    if order == "files":
        return dict(zip(("file", "row"), _file_and_row(parts, part, row - 1)))
    value = pq.read_table(part, columns=[order], partitioning=None).column(0)[row - 1].as_py()
    return {"file": None, "row": None, order: value}


def _file_and_row(parts: list[Path], part: Path, at: int) -> tuple[str, int]:
    """Both as people count: a row of Parquet, which is in no block, by its own number, another one by those before it."""
    staged = pq.read_table(part, columns=[_FILE, _BLOCK, _ROW], partitioning=None)
    file = staged.column(_FILE)[at].as_py()
    shown = re.sub(r"^file:/+", "/", file)
    if staged.column(_BLOCK)[at].as_py() is not None:
        before = sum(
            pc.sum(pc.equal(pq.read_table(one, columns=[_FILE], partitioning=None).column(0), file)).as_py() or 0
            for one in parts[: parts.index(part)]
        )
        return shown, before + (pc.sum(pc.equal(staged.column(_FILE)[:at], file)).as_py() or 0) + 1
    return shown, staged.column(_ROW)[at].as_py() + 1


# --- the command


def main() -> None:
    """causal_sessions.spark FILE... --out DIR: of `scripts/run spark`."""
    words = argparse.ArgumentParser(prog="spark", description="prepare on Spark: web/docs/spark.md")
    words.add_argument("command", choices=["prepare"])
    words.add_argument("files", nargs="+", metavar="FILE", help="paths or folders that Spark reads")
    words.add_argument("--out", required=True)
    words.add_argument(
        "--read",
        choices=["parquet", "csv", "json", "orc"],
        help="the format (default: by the ending of the first FILE, else parquet)",
    )
    words.add_argument("--order", default="files", help="a column that gives the order of the events (default: files)")
    words.add_argument("--plan")
    words.add_argument("--profile", choices=["notebook", "causal"])
    words.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    words.add_argument("--format", default="parquet,pickle")
    words.add_argument("--report")
    words.add_argument("--threads", type=int)
    words.add_argument("--memory")
    words.add_argument("--stage")
    words.add_argument("--master", default="local[*]")
    given = words.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is to be removed is

    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("causal-sessions").master(given.master)
    if given.master.startswith("local"):
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    ending = Path(given.files[0]).suffix.removeprefix(".")
    form = given.read or (ending if ending in ("csv", "json", "orc") else "parquet")
    reader = session.read.format(form)
    # As the command reads such files.
    frame = (reader.options(header=True, escape='"', multiLine=False) if form == "csv" else reader).load(given.files)
    sets = {key: _value(text) for key, _, text in (one.partition("=") for one in given.set)}
    if given.profile:
        sets = {"profile": given.profile} | sets
    formats = given.format.split(",")
    try:
        print(
            prepare(
                frame,
                given.plan,
                given.out,
                order=given.order,
                sets=sets,
                audit="audit" in formats,
                formats=formats,
                report=given.report,
                threads=given.threads,
                memory=given.memory,
                stage=given.stage,
            )
        )
    except Error as problem:
        sys.exit(f"causal-sessions: {problem}")
    finally:
        session.stop()


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


if __name__ == "__main__":
    main()
