"""The element in a notebook: data go to the browser that shows it, its engine makes the result, and that comes back.

web/page/host/widget.ts is the other side, and says what goes between.
"""

from __future__ import annotations

import functools
import io
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from ._command import Feed
from ._errors import Error
from ._inputs import Plan, Source, plan_of, words_of_source
from ._result import Result, read_result

try:
    import anywidget
    import traitlets
except ImportError:
    raise ImportError("causal_sessions.Widget needs anywidget: pip install 'causal-sessions[widget]'.") from None

_PIECE = 4 << 20  # bytes of a message at most


class Widget(anywidget.AnyWidget):
    """<causal-sessions> in Jupyter, marimo and VS Code.

    source   a table that hands out an Arrow stream, the path of a file or a list of them, or None: whoever looks at the widget may
             drop files on it
    plan     as of prepare(); from then on a dict of what differs from the defaults, which both sides change
    formats  which tables the result has, by the names of `--format`; the first of them is its `train`, `validation` and `test`

    A run begins when the widget is shown and when `source` is set anew, and by its button; process() asks for one.
    `result` is what prepare(..., audit=True) gives, `error` the refusal of the last run or None; observe() tells of both.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    plan = traitlets.Dict().tag(sync=True)
    formats = traitlets.List(traitlets.Unicode()).tag(sync=True)
    source = traitlets.Any(allow_none=True)
    result = traitlets.Instance(Result, allow_none=True)
    error = traitlets.Instance(Error, allow_none=True)

    def __init__(self, source: Source | None = None, plan: Plan = None, *, formats: str | Sequence[str] = ("arrow",)):
        given = plan_of(plan)
        super().__init__(
            _esm=_module(),
            plan=dict(given) if isinstance(given, Mapping) else json.loads(given.read_text("utf-8")),
            formats=[formats] if isinstance(formats, str) else list(formats),
            source=source,
        )
        self._arriving: dict[str, tempfile.TemporaryDirectory[str]] = {}
        self.on_msg(self._hear)
        self.observe(lambda _: self.send({"kind": "changed"}), "source")

    def process(self) -> None:
        """Asks for a run, as the button does."""
        self.send({"kind": "process"})

    @traitlets.validate("source")
    def _check_source(self, proposal: Mapping[str, Any]) -> Source | None:
        """What can be no source is refused here, and not where the widget is shown."""
        source = proposal["value"]
        if isinstance(source, pa.RecordBatchReader):
            source = source.read_all()  # each view of the widget reads it
        _files(source)
        return source

    def _hear(self, _: Any, message: Mapping[str, Any], buffers: Sequence[bytes | memoryview]) -> None:
        kind, view = message["kind"], message["view"]
        if kind == "ask":
            self._give(view)
        elif kind == "begin":
            if unfinished := self._arriving.pop(view, None):
                unfinished.cleanup()
            self._arriving[view] = tempfile.TemporaryDirectory(prefix="causal-sessions-")
        elif kind == "piece":
            _append(Path(self._arriving[view].name), message["path"], buffers[0])
        elif kind == "result":
            self._take(self._arriving.pop(view), message["report"])
        elif kind == "error":
            self.error = Error.of(dict(message))

    def _give(self, view: str) -> None:
        files = _files(self.source)
        for number, (_, feed) in enumerate(files):
            with io.BufferedWriter(_Messages(self, view, number), _PIECE) as into:
                feed(into)
        self.send({"kind": "source", "view": view, "names": [name for name, _ in files]})

    def _take(self, folder: tempfile.TemporaryDirectory[str], report: Mapping[str, Any]) -> None:
        with folder:
            result = read_result(Path(folder.name), self.formats, json.dumps({"report": report}))
            result.load()
        self.error = None
        self.result = result


class _Messages(io.RawIOBase):
    """Sends what is written as messages with pieces of a file."""

    def __init__(self, widget: Widget, view: str, file: int):
        self._send = functools.partial(widget.send, {"kind": "piece", "view": view, "file": file})

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(memoryview(data)[:_PIECE])
        self._send(buffers=[piece])
        return len(piece)


@functools.lru_cache
def _module() -> str:
    path = Path(__file__).with_name("widget.js")
    if not path.exists():
        raise Error("unreadable", "This package has no widget in it; install a wheel.")
    return path.read_text("utf-8")


def _files(source: Source | None) -> list[tuple[str, Feed]]:
    """Names, and what writes the bytes."""
    if source is None:
        return []
    paths, feed = words_of_source(source)
    return [("frame.arrow", feed)] if feed else [_file(Path(path)) for path in paths]


def _file(path: Path) -> tuple[str, Feed]:
    if not path.is_file():
        raise Error("unreadable", f"{path} is no file; a widget takes files, while prepare() takes folders and patterns too.")

    def feed(into: IO[bytes]) -> None:
        with path.open("rb") as file:
            shutil.copyfileobj(file, into)

    return path.name, feed


def _append(folder: Path, name: str, piece: bytes | memoryview) -> None:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError(f"{name} is not below the folder of the result.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(piece)
