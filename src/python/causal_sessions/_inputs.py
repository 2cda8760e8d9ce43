"""What a source and a plan become: words of the command, and what goes into its standard input."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Literal, Protocol, Union

import pyarrow as pa

from ._command import Feed


class ArrowStream(Protocol):
    """Anything that hands out an Arrow stream: tables of pyarrow, Polars and pandas, relations of DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


Source = Union[str, "os.PathLike[str]", Sequence[Union[str, "os.PathLike[str]"]], ArrowStream]
Profile = Literal["notebook", "causal"]
Plan = Union[Mapping[str, Any], Profile, str, "os.PathLike[str]", None]

_ROWS_AT_ONCE = 1 << 16  # of a batch, so that neither side holds a large one twice


def words_of_source(source: Source) -> tuple[list[str], Feed | None]:
    """The files of a source, or "-" and what writes it."""
    if isinstance(source, (str, os.PathLike)):
        return [_path(source)], None
    if isinstance(source, (list, tuple)) and source and all(isinstance(one, (str, os.PathLike)) for one in source):
        return [_path(one) for one in source], None
    if hasattr(source, "__arrow_c_stream__"):
        return ["-"], lambda into: write_stream(source, into)
    raise TypeError(
        f"A source is a path, a list of paths, a folder, or a table with the Arrow PyCapsule interface (pyarrow, pandas from 2.2 on, "
        f"Polars, DuckDB), not {type(source).__name__}."
    )


def _path(path: str | os.PathLike[str]) -> str:
    text = os.fspath(path)
    return "./-" if text == "-" else text  # standard input is this process's own


def write_stream(source: ArrowStream, into: IO[bytes]) -> None:
    """Writes a table as an Arrow IPC stream, a piece at a time. Its end mark is written only after its last row."""
    # A reader of pyarrow's own is taken as it is: through the interface an interruption would come out as another error.
    reader = source if isinstance(source, pa.RecordBatchReader) else pa.RecordBatchReader.from_stream(source)
    writer = pa.ipc.new_stream(into, reader.schema)
    for batch in reader:
        for first in range(0, batch.num_rows, _ROWS_AT_ONCE):
            writer.write_batch(batch.slice(first, _ROWS_AT_ONCE))
    writer.close()


def plan_of(plan: Plan) -> Mapping[str, Any] | Path:
    """What a plan stands for: its keys, or the file that holds them."""
    if plan is None or isinstance(plan, Mapping):
        return plan or {}
    if plan in ("notebook", "causal"):
        return {"profile": plan}
    if isinstance(plan, str) and not plan.endswith(".json") and not os.path.exists(plan):
        return {"preset": plan}
    return Path(plan)


def words_of_plan(plan: Plan, sets: Mapping[str, Any] | None, folder: Path) -> list[str]:
    """The options that stand for a plan, which is written into `folder` where it is none of a file."""
    given = plan_of(plan)
    if given and isinstance(given, Mapping):
        given = plan_file(given, folder / "plan.json")
    words = ["--plan", str(given)] if given else []
    for key, value in (sets or {}).items():
        words += ["--set", f"{key}={json.dumps(value)}"]
    return words


def plan_file(plan: Mapping[str, Any], path: Path) -> Path:
    path.write_text(json.dumps(plan), "utf-8")
    return path
