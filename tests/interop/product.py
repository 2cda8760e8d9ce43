"""Runs the product's command in Node and finds what it wrote."""

import json
import pickle
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND = REPOSITORY / "web" / "dist" / "cli.js"


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


def command(*arguments) -> str:
    """What the command prints; it must end well."""
    node = shutil.which("node")
    assert node and COMMAND.exists(), f"node and {COMMAND} are needed; scripts/test builds what is missing"
    ended = subprocess.run([node, COMMAND, *arguments], capture_output=True, encoding="utf-8")
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def prepare(events: Path, folder: Path, *settings: str) -> Output:
    arguments = ["prepare", events, "--out", folder, "--format", "parquet,pickle,jsonl", "--json"]
    for setting in settings:
        arguments += ["--set", setting]
    return Output(folder, json.loads(command(*arguments))["report"])
