"""The widget's side in Python: what it refuses, what it sends, and what it leaves. tests/page/widget.test.mjs has it in a browser."""

import re
import subprocess
import sys
import tempfile

import pytest

from product import REPOSITORY

pa = pytest.importorskip("pyarrow")
sys.path.insert(0, str(REPOSITORY / "src" / "python"))

import causal_sessions  # noqa: E402


def test_without_anywidget_one_sentence_says_what_to_install():
    code = "import sys; sys.modules['anywidget'] = None; import causal_sessions\ncausal_sessions.Widget"
    ended = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(REPOSITORY / "src" / "python")}, capture_output=True, encoding="utf-8"
    )
    assert ended.returncode != 0
    assert ended.stderr.endswith("ImportError: causal_sessions.Widget needs anywidget: pip install 'causal-sessions[widget]'.\n")


@pytest.fixture
def widget(monkeypatch, tmp_path):
    """Makes widgets whose messages go into `sent`."""
    pytest.importorskip("anywidget", reason="anywidget is not installed")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr("causal_sessions._widget._module", lambda: "export default {}")

    def make(*given, **named):
        made = causal_sessions.Widget(*given, **named)
        made.sent = []
        made.send = lambda content, buffers=(): made.sent.append((content, [bytes(buffer) for buffer in buffers]))
        return made

    yield make
    assert list((tmp_path / "temporary").iterdir()) == []


def asked(widget, view="v"):
    """What a view gets that asks: the bytes of each file by its name."""
    widget._hear(widget, {"kind": "ask", "view": view}, [])
    *pieces, (last, none) = widget.sent
    widget.sent = []
    assert last["kind"] == "source" and last["view"] == view and none == []
    files = [b""] * len(last["names"])
    for content, (piece,) in pieces:
        assert content["kind"] == "piece" and content["view"] == view and 0 < len(piece) <= 4 << 20
        files[content["file"]] += piece
    return dict(zip(last["names"], files, strict=True))


def test_frames_and_files_go_to_each_view_that_asks(widget, tmp_path):
    table = pa.table({"user": [f"user {i}" for i in range(400_000)], "time": range(400_000)})
    shown = widget(table.to_reader())
    for view in ("one", "two"):
        (name, stream), *others = asked(shown, view).items()
        assert name == "frame.arrow" and not others
        assert pa.ipc.open_stream(stream).read_all().equals(table)
    paths = [tmp_path / "b.csv", tmp_path / "a.csv"]
    for path, text in zip(paths, ("user,time\n" * 900_000, "")):
        path.write_text(text)
    shown.source = [str(path) for path in paths]
    assert shown.sent.pop() == ({"kind": "changed"}, [])
    assert asked(shown) == {path.name: path.read_bytes() for path in paths}
    shown.source = None
    shown.sent.clear()
    assert asked(shown) == {}


def test_what_is_no_source_is_refused(widget, tmp_path):
    with pytest.raises(causal_sessions.Error, match="is no file; a widget takes files"):
        widget(tmp_path)
    with pytest.raises(TypeError, match="not dict"):
        widget({"user": [1]})
    shown = widget()
    with pytest.raises(causal_sessions.Error, match="nowhere.csv is no file"):
        shown.source = "nowhere.csv"
    assert shown.source is None


def test_plans_in_every_form(widget, tmp_path):
    (tmp_path / "plan.json").write_text('{"session": {"gapHours": 12}}')
    kept = {"session": {"gapHours": 12}}
    given = {"causal": {"profile": "causal"}, "ga4": {"preset": "ga4"}, tmp_path / "plan.json": kept, None: {}}
    assert [widget(plan=plan).plan for plan in given] == list(given.values())
    assert widget(plan=kept, formats="parquet").formats == ["parquet"]


def test_a_refusal_is_an_error_and_no_file_is_written_elsewhere(widget):
    shown = widget()
    told = []
    shown.observe(lambda change: told.append(change["new"]), "error")
    refusal = {"kind": "error", "view": "v", "code": "badRows", "message": "row 3", "where": {"file": "f.csv", "row": 3}}
    shown._hear(shown, refusal, [])
    assert [(error.code, error.message, error.place.row) for error in told] == [("badRows", "row 3", 3)]
    shown._hear(shown, {"kind": "begin", "view": "v"}, [])
    for name in ("../out.txt", "/tmp/out.txt"):
        with pytest.raises(ValueError, match="not below"):
            shown._hear(shown, {"kind": "piece", "view": "v", "path": name}, [b"x"])
    shown._hear(shown, {"kind": "begin", "view": "v"}, [])  # a run that another one has ended leaves nothing
    shown._arriving.pop("v").cleanup()


def test_the_example_of_the_page_runs(widget, tmp_path, monkeypatch):
    text = (REPOSITORY / "web" / "docs" / "element.md").read_text("utf-8")
    (example,) = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    (tmp_path / "events.csv").write_text("user,time,type\n")
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(example, "element.md", "exec"), names)
    assert names["widget"].plan == {"profile": "causal"} and asked_files(names["widget"]) == ["events.csv"]


def asked_files(widget):
    return [name for name, _ in causal_sessions._widget._files(widget.source)]
