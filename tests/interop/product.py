"""Runs the product's command and finds what it wrote.

CAUSAL_SESSIONS=path runs another command than the one in Node, for example the native one built with sanitizers.
"""

import atexit
import json
import os
import pickle
import shutil
import subprocess
import threading
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[2]
NATIVE = os.environ.get("CAUSAL_SESSIONS")
NODE = shutil.which("node")
SCRIPT = REPOSITORY / "web" / "dist" / "cli.js"
COMMAND = [NATIVE] if NATIVE else [NODE, str(SCRIPT)]
SECONDS = 300


class InNode:
    """The command in Node, for many words one after the other: tests/support/command.mjs."""

    def __init__(self):
        self.process = None

    def start(self) -> None:
        assert NODE and SCRIPT.exists(), f"node and {SCRIPT} are needed; scripts/test builds what is missing"
        server = [NODE, REPOSITORY / "tests" / "support" / "command.mjs", SCRIPT]
        self.process = subprocess.Popen(server, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        atexit.register(self.process.kill)

    def run(self, words: list) -> subprocess.CompletedProcess:
        if self.process is None or self.process.poll() is not None:
            self.start()
        late = threading.Timer(SECONDS, self.process.kill)
        late.start()
        try:
            self.process.stdin.write(json.dumps(words) + "\n")
            self.process.stdin.flush()
            told = self.process.stdout.readline()
        finally:
            late.cancel()
        assert told, f"the command ended with {self.process.wait()}, or took longer than {SECONDS} s: {words}"
        ended = json.loads(told)
        if "unexpected:" in ended["stderr"]:
            self.process.wait()  # the next words start another one
        return subprocess.CompletedProcess(words, ended["code"], ended["stdout"], ended["stderr"])


IN_NODE = InNode()


def ask(*words, stdin=None) -> subprocess.CompletedProcess:
    """What the command ends with; a standard input needs a process of its own."""
    words = [str(word) for word in words]
    if NATIVE or stdin is not None:
        return subprocess.run([*COMMAND, *words], stdin=stdin, capture_output=True, encoding="utf-8", timeout=SECONDS)
    return IN_NODE.run(words)


class Output(NamedTuple):
    folder: Path
    report: dict

    @property
    def vocabulary(self) -> Path:
        return self.folder / "models" / "vocab.json"

    @property
    def metadata(self) -> Path:
        return self.folder / "data" / "processing_metadata.json"

    def table(self, part: str, ending: str) -> Path:
        return self.folder / "data" / f"{part}_sessions.{ending}"

    def unpickle(self, part: str):
        with self.table(part, "pkl").open("rb") as file:
            return pickle.load(file)

    def lines(self, part: str) -> list:
        return [json.loads(line) for line in self.table(part, "jsonl").read_text("utf-8").splitlines()]


def command(*words) -> str:
    """What the command prints; it must end well."""
    ended = ask(*words)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def prepare(events: Path, folder: Path, *settings: str) -> Output:
    arguments = ["prepare", events, "--out", folder, "--format", "parquet,pickle,jsonl", "--json"]
    for setting in settings:
        arguments += ["--set", setting]
    return Output(folder, json.loads(command(*arguments))["report"])
