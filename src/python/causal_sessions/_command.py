"""The native command as a child process: where it is, and how one run of it goes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from ._errors import Error

Feed = Callable[[IO[bytes]], None]
_SECONDS_TO_STOP = 10
_SECONDS_TO_LOOK_UP = 1


def command_path() -> str:
    """The native command: that of the variable CAUSAL_SESSIONS, or of this package, or of the PATH."""
    inside = Path(__file__).with_name("bin") / "causal-sessions"
    found = os.environ.get("CAUSAL_SESSIONS") or (str(inside) if inside.exists() else shutil.which("causal-sessions"))
    if found:
        return found
    raise Error(
        "unreadable", "This package has no native command in it; install a wheel, or name one by the variable CAUSAL_SESSIONS."
    )


class Ended(NamedTuple):
    """What a run that went well has printed."""

    told: str
    warned: str


def run(words: Sequence[str], feed: Feed | None = None) -> Ended:
    """Runs the command and waits for it, with `feed` writing its standard input.

    Both outputs go to files without a name, so that no pipe can fill up while the input is written from this thread, which an
    interruption reaches. Whatever is raised here ends the child first.

    Raises Error for a refusal, as the command tells it, and what `feed` raises.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            child = subprocess.Popen(
                [command_path(), *words], stdin=subprocess.PIPE if feed else subprocess.DEVNULL, stdout=out, stderr=err
            )
        except OSError as problem:
            raise Error("unreadable", f"{command_path()} cannot be started: {problem.strerror}.") from None
        try:
            if feed:
                _write(feed, child)
            _wait(child)
        except BaseException:
            _end(child)
            raise
        out.seek(0)
        err.seek(0)
        told, warned = out.read().decode("utf-8", "replace"), err.read().decode("utf-8", "replace")
    if child.returncode != 0 and (error := _refusal(child.returncode, told, warned)):
        raise error
    return Ended(told, warned)


def _write(feed: Feed, child: subprocess.Popen[bytes]) -> None:
    assert child.stdin
    try:
        feed(child.stdin)
        child.stdin.close()
    except BrokenPipeError:  # it has ended before its input, and says why
        pass
    finally:
        if child.poll() is not None:
            _close_quietly(child.stdin)


def _wait(child: subprocess.Popen[bytes]) -> None:
    # Not in one call: a signal may reach another thread of this process, and then interrupts no wait of this one.
    while True:
        try:
            child.wait(_SECONDS_TO_LOOK_UP)
            return
        except subprocess.TimeoutExpired:
            pass


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(_SECONDS_TO_STOP)
    except BaseException:
        child.kill()
        child.wait()
    if child.stdin:
        _close_quietly(child.stdin)


def _close_quietly(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except OSError:
        pass


def _refusal(code: int, told: str, warned: str) -> Error | None:
    """None where standard output holds an answer that the exit code is a part of, such as an estimate that is refused."""
    if code < 0:
        name = signal.Signals(-code).name
        return Error("killed", f"The engine was ended by the signal {name}; nothing was written.")
    answer = _json(told)
    if isinstance(answer, dict):
        return Error.of(answer["error"]) if "error" in answer else None
    last = warned.strip().rpartition("\n")[2].removeprefix("causal-sessions: ")
    return Error("stopped" if code == 130 else "failed", last or f"The engine ended with the exit code {code}.")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
