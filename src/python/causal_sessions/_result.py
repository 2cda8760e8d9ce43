"""What a run has made, read from the files that the command wrote."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ._errors import Error

_NOT_AUDITED = "Not audited; prepare(..., audit=True) tells what stands against a causal interpretation."

PARTS = ("train", "validation", "test")


def _arrow(path: Path) -> pa.Table:
    # The file stays mapped, and so readable, after its folder is gone.
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def _arrow_stream(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_stream(file).read_all()


def _parquet(path: Path) -> pa.Table:
    return pq.read_table(path, partitioning=None)


# The formats of the command that become tables; "covariates" is read too, and is no sequence.
_READERS = {"arrow": _arrow, "arrow-stream": _arrow_stream, "parquet-flat": _parquet, "parquet": _parquet, "covariates": _parquet}
TABLE_FORMATS = tuple(_READERS)


@dataclass(frozen=True, repr=False)
class Result:
    """Training rows, and what is told of them.

    vocabulary  ids of event types and items by their names, as models/vocab.json has them
    metadata    settings, sizes and rates, as data/processing_metadata.json has them
    report      what was read, dropped and made, as `prepare --json` tells it
    manifest    plan, rows kept and dropped, SHA-256 of inputs and outputs
    audit       threats to a causal interpretation, or None of a run without audit
    notices     what may be wrong: {"code", "message", "counts", "key"}
    """

    report: dict[str, Any]
    vocabulary: dict[str, Any]
    metadata: dict[str, Any]
    manifest: dict[str, Any]
    audit: dict[str, Any] | None = None
    _tables: dict[tuple[str, str], pa.Table | Path] = field(default_factory=dict)

    @property
    def notices(self) -> list[dict[str, Any]]:
        return self.report["notices"]

    def table(self, part: str, format: str | None = None) -> pa.Table:
        """The rows of "train", "validation" or "test" in one of the formats that were asked for; by default in the first one.

        web/docs/outputs.md has the columns of each format with their units. Raises KeyError for another one.
        """
        formats = {known: None for known, of in self._tables if of == part}
        chosen = format or next(iter(formats), None)
        if chosen not in formats:
            raise KeyError(
                f"There is no table {part!r} of the format {chosen!r}; the run was asked for {', '.join(formats) or 'none'}."
            )
        table = self._tables[chosen, part]
        if isinstance(table, Path):
            table = self._tables[chosen, part] = _READERS[chosen](table)
        return table

    def load(self) -> None:
        """Reads all tables, after which their files may go."""
        for format, part in self._tables:
            self.table(part, format)

    @property
    def train(self) -> pa.Table:
        """A row a session or trial: event_ids, item_ids and minutes as lists of one length, treatment and outcome as 0 or 1."""
        return self.table("train")

    @property
    def validation(self) -> pa.Table:
        return self.table("validation")

    @property
    def test(self) -> pa.Table:
        return self.table("test")

    def _shares(self) -> list[tuple[str, str, str, str]]:
        """Part, rows, and the shares that are treated and that have the outcome."""
        parts = [("all", self.report["all"]), *((part, self.report["splits"][part]) for part in PARTS)]
        return [
            (part, f"{told['sessions']:,}", _share(told["treatmentRate"]), _share(told["outcomeRate"])) for part, told in parts
        ]

    def _verdict(self) -> list[tuple[str, str, str]]:
        """Severity, title and the sentences under it, of findings and notices."""
        found = []
        for one in (self.audit or {}).get("findings", []):
            repair = one["repair"] and f" Repair: sets={{{one['repair']['key']!r}: {one['repair']['value']!r}}}"
            found.append((one["severity"], one["title"], f"{one['message']} {one['consequence']}{repair or ''}"))
        return found + [("notice", one["code"], one["message"]) for one in self.notices]

    def _title(self) -> str:
        return f"{self.report['input']['events']:,} events of {self.report['input']['users']:,} users"

    def __repr__(self) -> str:
        lines = [f"causal_sessions.Result: {self._title()}"]
        lines += [
            f"  {part:<11}{rows:>11} rows, treated {treated}, outcome {outcome}"
            for part, rows, treated, outcome in self._shares()
        ]
        lines += [f"  {severity}: {title}. {sentence}" for severity, title, sentence in self._verdict()]
        return "\n".join(lines if self.audit is not None else [*lines, f"  {_NOT_AUDITED}"])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{cells[0]}</th>{''.join(f'<td>{cell}</td>' for cell in cells[1:])}</tr>" for cells in self._shares()
        )
        found = "".join(
            f"<li><b>{html.escape(severity)}: {html.escape(title)}.</b> {html.escape(sentence)}</li>"
            for severity, title, sentence in self._verdict()
        )
        head = "<tr><th></th><th>rows</th><th>treated</th><th>outcome</th></tr>"
        audited = "" if self.audit is not None else f"<p>{_NOT_AUDITED}</p>"
        return f"<p>{self._title()}</p><table>{head}{rows}</table><ul>{found}</ul>{audited}"


def _share(rate: float | None) -> str:
    return "n/a" if rate is None else f"{rate:.1%}"


def read_result(folder: Path, formats: Sequence[str], told: str) -> Result:
    """Of a folder that the command has just written, the formats it was asked for, and what it told as JSON."""
    manifest = _json(folder / "manifest.json")
    tables, audit = {}, None
    for output in sorted(
        manifest["outputs"], key=lambda one: formats.index(one["format"]) if one["format"] in formats else len(formats)
    ):
        name, path = output["format"], folder / output["path"]
        if name in _READERS:
            tables[name, path.name.partition("_")[0]] = path
        elif name == "audit":
            audit = _json(path)
    return Result(
        report=json.loads(told)["report"],
        vocabulary=_json(folder / "models" / "vocab.json"),
        metadata=_json(folder / "data" / "processing_metadata.json"),
        manifest=manifest,
        audit=audit,
        _tables=tables,
    )


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise Error("unreadable", f"{path} cannot be read.") from None
