"""Event logs into training data (X, T, Y) for causal models.

    >>> result = causal_sessions.prepare(frame, "causal", audit=True)
    >>> result.train  # a pyarrow.Table

Everything is done by the native command as a child process: the same bytes as on the command line, in Node and in the page. A
table is streamed into it, never held as a whole; a path is opened by it alone. The keys of a plan are explained in
web/docs/plan.md and by `plan_help()`.
"""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._command import Ended, command_path, run
from ._errors import Error, Notice, Place
from ._inputs import ArrowStream, Plan, Source, plan_file, words_of_plan, words_of_source
from ._result import TABLE_FORMATS, Result, read_result

if TYPE_CHECKING:
    from ._widget import Widget as Widget

__all__ = [
    "ArrowStream",
    "Error",
    "Notice",
    "Place",
    "Plan",
    "Result",
    "Source",
    "TABLE_FORMATS",
    "audit",
    "command_path",
    "estimate",
    "inspect",
    "plan",
    "plan_help",
    "prepare",
    "simulate",
]


def prepare(
    source: Source,
    plan: Plan = None,
    *,
    sets: Mapping[str, Any] | None = None,
    audit: bool = False,
    formats: str | Sequence[str] = ("arrow",),
    out: str | os.PathLike[str] | None = None,
    report: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    memory: str | None = None,
) -> Result:
    """Builds sessions, vocabulary and split.

    source   a path, a list of paths, a folder or a pattern, as the command takes them; or a table that hands out an Arrow stream
             (pyarrow, pandas from 2.2 on, Polars, DuckDB)
    plan     a dict, the path of a file, "notebook", "causal", or the name of a preset, such as "ga4"
    sets     keys on top of it, as in {"session.gapHours": 12}
    audit    asks what stands against a causal interpretation too
    formats  which tables are made, by the names of `--format`; those in TABLE_FORMATS become tables of the result, and the first of
             them is its `train`, `validation` and `test`
    out      a folder that keeps the files, from which tables are read when they are asked for; without it they are written into a
             temporary one, read, and removed
    report   a file for the verdict, charts, findings and plan as one HTML page
    threads  how many work at once; by default as many as the machine has, up to 8
    memory   how much of it the engine may take, as in "4G"; what is beyond goes to a temporary file, with the same bytes

    Raises Error with a code, the sentence, the key of the plan and the place in the input. Warns with Notice.
    """
    if isinstance(formats, str):
        formats = [formats]
    if out is not None:
        return _prepare_files(source, plan, Path(out), sets, audit, formats, report, threads, memory)
    with tempfile.TemporaryDirectory(prefix="causal-sessions-") as temporary:
        result = _prepare_files(source, plan, Path(temporary) / "out", sets, audit, formats, report, threads, memory)
        result.load()
    return result


def __getattr__(name: str) -> Any:
    if name == "Widget":  # needs a package that nothing else here does
        from ._widget import Widget

        return Widget
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _prepare_files(
    source: Source,
    plan: Plan,
    out: Path,
    sets: Mapping[str, Any] | None,
    audit: bool,
    formats: Sequence[str],
    report: str | os.PathLike[str] | None,
    threads: int | None,
    memory: str | None,
) -> Result:
    """The same into a folder, whose tables are read when they are asked for."""
    named = list(dict.fromkeys([*formats, *(["audit"] if audit else [])]))
    words = ["--out", str(out), "--format", ",".join(named), *_given(report=report, threads=threads, memory=memory)]
    with tempfile.TemporaryDirectory(prefix="causal-sessions-") as temporary:
        result = read_result(out, named, _told("prepare", source, plan, sets, words, Path(temporary)).told)
    _warn(result.report)
    return result


def audit(
    source: Source,
    plan: Plan = None,
    *,
    sets: Mapping[str, Any] | None = None,
    against: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    blind: bool = False,
    report: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    memory: str | None = None,
) -> dict[str, Any]:
    """What stands against a causal interpretation, as audit.json has it; with `against`, of two plans side by side.

    `blind` leaves outcomes out and tells the smallest effect that these data could show. Otherwise as prepare().
    """
    with tempfile.TemporaryDirectory(prefix="causal-sessions-") as temporary:
        folder = Path(temporary)
        other = str(plan_file(against, folder / "against.json")) if isinstance(against, Mapping) else against
        words = [*_given(against=other, report=report, threads=threads, memory=memory), *(["--blind"] if blind else [])]
        found = json.loads(_told("audit", source, plan, sets, words, folder).told)
    _warn(found)
    return found


def estimate(
    source: Source,
    plan: Plan = None,
    *,
    sets: Mapping[str, Any] | None = None,
    table: bool = False,
    treatment: str | None = None,
    outcome: str | None = None,
    user: str | None = None,
    propensity: str | None = None,
    covariates: Sequence[str] | None = None,
    threads: int | None = None,
    memory: str | None = None,
) -> dict[str, Any]:
    """The effect adjusted for what is recorded, and what could overturn it; `refusals` says why where `adjusted` is None.

    With `table` the files are finished tables, such as those of the format "covariates", whose columns the next five name.
    """
    with tempfile.TemporaryDirectory(prefix="causal-sessions-") as temporary:
        words = ["--table"] if table else []
        words += _given(treatment=treatment, outcome=outcome, user=user, propensity=propensity)
        words += _given(covariates=",".join(covariates) if covariates is not None else None, threads=threads, memory=memory)
        ended = _told("estimate", source, plan, sets, words, Path(temporary))
    for line in ended.warned.splitlines():
        _, notice, sentence = line.partition("notice: ")
        if notice:
            warnings.warn(sentence, Notice, stacklevel=2)
    return json.loads(ended.told)


def inspect(
    source: Source, plan: Plan = None, *, sets: Mapping[str, Any] | None = None, rows: int | None = None
) -> dict[str, Any]:
    """Format, columns, event types with their roles, and the first rows; `problem` says why it is no event file, if it is none."""
    with tempfile.TemporaryDirectory(prefix="causal-sessions-") as temporary:
        return json.loads(_told("inspect", source, plan, sets, _given(rows=rows), Path(temporary)).told)


def plan(plan: Plan = None, *, sets: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The whole plan with its defaults, checked."""
    with tempfile.TemporaryDirectory(prefix="causal-sessions-") as temporary:
        return json.loads(run(["plan", *words_of_plan(plan, sets, Path(temporary)), "--json"]).told)


def plan_help(key: str | None = None) -> str:
    """What a key of the plan, the keys of a section, or all of them take."""
    return run(["plan", "--help", *([key] if key else [])]).told


def simulate(out: str | os.PathLike[str], **options: Any) -> dict[str, Any]:
    """Writes example events, and beside them the true effect; the options are those of the command, as events=20_000."""
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    return json.loads(run(["simulate", "--out", os.fspath(out), *words, "--json"]).told)


def _given(**options: Any) -> list[str]:
    return [word for name, value in options.items() if value is not None for word in (f"--{name}", str(value))]


def _told(command: str, source: Source, plan: Plan, sets: Mapping[str, Any] | None, words: list[str], folder: Path) -> Ended:
    files, feed = words_of_source(source)
    return run([command, *words, *words_of_plan(plan, sets, folder), "--json", "--", *files], feed)


def _warn(told: dict[str, Any]) -> None:
    for notice in told.get("notices", []):
        warnings.warn(f"{notice['message']} ({notice['key']})" if notice["key"] else notice["message"], Notice, stacklevel=4)
