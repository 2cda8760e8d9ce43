"""The page on models: its code runs, and finds the figures that stand there. What is not installed is skipped.

`python tests/interop/test_models.py` prints the rows of the page's table; CAUSAL_SESSIONS=path runs another native command than that
of the release build.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
NATIVE = os.environ.get("CAUSAL_SESSIONS") or str(REPOSITORY / "build" / "release" / "causal-sessions")
PAGE = (REPOSITORY / "web" / "docs" / "models.md").read_text("utf-8")
# Libraries that contradict each other have an environment each, of requirements-NAME.txt.
ENVIRONMENTS = [str(REPOSITORY / "build" / f"python-{name}" / "bin" / "python") for name in ("dowhy", "causalml", "torchrec")]
PYTHONS = [sys.executable, *ENVIRONMENTS, "/usr/bin/python3"]
# What an import alone does not tell.
NEEDED = {"torch.nested": "import torch; torch.nested.nested_tensor_from_jagged"}
TOLERANCE = {"a causal transformer": 0.02}


def code_of(section: str) -> dict[str, str]:
    """The blocks of a section by their headings, each behind the first block of the section."""
    (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    first, *parts = re.split(r"^### (.*)\n", text, flags=re.M)
    (before,) = re.findall(r"^```python\n(.*?)^```", first, re.M | re.S)
    blocks = {}
    for heading, part in zip(parts[::2], parts[1::2]):
        (block,) = re.findall(r"^```python\n(.*?)^```", part, re.M | re.S)
        blocks[heading[0].lower() + heading[1:] if heading.startswith("A ") else heading] = before + block
    return blocks


BLOCKS = code_of("From the covariates") | code_of("From the sequences")


def table_of_the_page() -> dict[str, list[str]]:
    """The cells behind the first one, by the text of that."""
    rows = re.findall(r"^\| ([^|]+?) \| (.*) \|$", PAGE, re.M)
    return {re.sub(r"^\[`(\w+)`\].*", r"\1", name): [cell.strip() for cell in cells.split("|")] for name, cells in rows}


def prepare_in(folder: Path) -> None:
    (commands,) = re.findall(r"^```sh\n(.*?)^```", PAGE, re.M | re.S)
    for command in commands.splitlines():
        program, *words = command.split()
        assert program == "scripts/run"
        subprocess.run([NATIVE, *words, "--quiet"], cwd=folder, check=True, capture_output=True)


def python_for(heading: str) -> str | None:
    """A Python that has what the block imports."""
    imports = "\n".join(re.findall(r"^(?:import|from) .*", BLOCKS[heading], re.M))
    for python in PYTHONS:
        if Path(python).exists() and subprocess.run([python, "-c", f"{imports}\n{NEEDED.get(heading, '')}"], capture_output=True).returncode == 0:
            return python
    return None


def printed_by(heading: str, python: str, folder: Path) -> list[float]:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # other tests want the processors too
    ended = subprocess.run(
        [python, "-W", "ignore", "-c", BLOCKS[heading]], cwd=folder, capture_output=True, encoding="utf-8", env=environment
    )
    assert ended.returncode == 0, ended.stderr
    return [float(word) for word in ended.stdout.split()]


def found_by_the_command(folder: Path) -> dict[str, list[float]]:
    told = json.loads(
        subprocess.run(
            [NATIVE, "estimate", "events.csv", "--profile", "causal", "--json"], cwd=folder, check=True, capture_output=True
        ).stdout
    )
    low, high = told["naive"]["interval95"]
    naive = [told["naive"]["difference"], (high - low) / 2 / 1.959963984540054]
    overlap = told["adjusted"]["overlap"]
    return {"difference of the groups": naive, "estimate": [overlap["effect"], overlap["standardError"]]}


def truths_in(folder: Path) -> dict[str, float]:
    truth = json.loads((folder / "events.truth.json").read_text("utf-8"))
    return {"all rows": truth["effect"], "open treatment": truth["effectOnOverlap"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    if not Path(NATIVE).exists():
        pytest.skip(f"{NATIVE} is not built: cmake --preset release && cmake --build --preset release")
    folder = tmp_path_factory.mktemp("models")
    prepare_in(folder)
    return folder


def assert_on_the_page(name: str, effect: float, error: float, truths: dict[str, float]) -> None:
    averages, truth, found, standard_error = table_of_the_page()[name]
    tolerance = TOLERANCE.get(name, 0.002)
    assert effect == pytest.approx(float(found), abs=tolerance), (name, effect)
    assert error == pytest.approx(float(standard_error), abs=tolerance), (name, error)
    if averages:
        assert truths[averages] == pytest.approx(float(truth), abs=0.0006)
        assert abs(effect - truths[averages]) < 3 * error, (name, effect, truths[averages])


def test_the_commands_figures_are_those_of_the_page(folder):
    for name, (effect, error) in found_by_the_command(folder).items():
        assert_on_the_page(name, effect, error, truths_in(folder))


@pytest.mark.parametrize("name", [name for name in BLOCKS if name not in ("torch.nested", "TorchRec")])
def test_the_block_finds_what_the_page_says(name, folder):
    python = python_for(name) or pytest.skip(f"no Python here has what models.md imports for {name} (requirements-*.txt beside this)")
    effect, error, *placebo = printed_by(name, python, folder)
    assert_on_the_page(name, effect, error, truths_in(folder))
    assert all(abs(one) < 2 * error for one in placebo) and len(placebo) == (name == "DoWhy")


@pytest.mark.parametrize("name", ["torch.nested", "TorchRec"])
def test_the_block_takes_values_and_offsets_without_a_copy(name, folder):
    python = python_for(name) or pytest.skip(f"no Python here has what models.md imports for {name} (requirements-*.txt beside this)")
    rows = len(np.load(folder / "training" / "data" / "train_sessions.npz")["treatment"])
    assert printed_by(name, python, folder) == [rows] + [16] * (name == "TorchRec")


def test_the_table_has_every_block_that_finds_an_effect():
    assert set(table_of_the_page()) >= set(BLOCKS) - {"torch.nested", "TorchRec"}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        prepare_in(Path(temporary))
        truths, table = truths_in(Path(temporary)), table_of_the_page()
        found = found_by_the_command(Path(temporary))
        found |= {name: printed_by(name, python, Path(temporary)) for name in BLOCKS if name in table and (python := python_for(name))}
        for name, (effect, error, *_) in found.items():
            averages = table[name][0]
            truth = f"{truths[averages]:.4f}" if averages else ""
            print(f"| {name} | {averages} | {truth} | {effect:.4f} | {error:.4f} |")
