"""The causal profile's table supports an estimate of the true effect, and the notebook's does not."""

import re

import numpy as np
import pytest

from experiment import SETS, both_studies
from figure import FIGURE, draw

PAGE = FIGURE.parents[1] / "time-zero.md"


@pytest.fixture(scope="module")
def studies():
    return both_studies()


def mean_and_error(estimates):
    effects = np.array([estimate.effect for estimate in estimates])
    return effects.mean(), effects.std(ddof=1) / np.sqrt(len(effects))


def test_the_causal_table_covers_the_true_effect(studies):
    study = studies["effect"]
    assert study.truth > 0.04
    assert study.covering("causal", study.truth) >= 0.9 * SETS


def test_the_notebooks_table_misses_it(studies):
    study = studies["effect"]
    assert study.covering("notebook", study.truth) <= 0.1 * SETS


def test_without_effect_the_causal_table_finds_none(studies):
    study = studies["no effect"]
    assert study.truth == 0
    assert study.covering("causal", 0) >= 0.9 * SETS


def test_without_effect_the_notebooks_table_reports_one(studies):
    study = studies["no effect"]
    assert study.covering("notebook", 0) <= 0.1 * SETS
    assert mean_and_error(study.estimates["notebook"])[0] > 0.05


# Wide intervals cover anything: the estimates have to be right on average, and their errors honest.
@pytest.mark.parametrize("name", ["effect", "no effect"])
def test_the_causal_estimates_are_right_on_average(studies, name):
    study = studies[name]
    mean, error = mean_and_error(study.estimates["causal"])
    assert abs(mean - study.truth) < 3 * error
    spread = error * np.sqrt(SETS)
    claimed = np.mean([estimate.standard_error for estimate in study.estimates["causal"]])
    assert 0.8 < claimed / spread < 1.25


def test_the_causal_tables_see_that_there_is_an_effect(studies):
    mean, error = mean_and_error(studies["effect"].estimates["causal"])
    assert mean > 10 * error
    assert studies["effect"].covering("causal", 0) <= 0.5 * SETS


def test_the_truth_is_sure_enough_to_judge_by(studies):
    study = studies["effect"]
    narrowest = min(estimate.standard_error for estimate in study.estimates["causal"])
    assert 0 < study.truth_error < narrowest / 20


NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


# Another NumPy may round another way, but no line may move by more than that.
def test_the_figure_in_the_docs_shows_these_data(studies):
    shown, expected = FIGURE.read_text("utf-8"), draw(studies)
    assert re.findall(r"<text.*?</text>", shown) == re.findall(r"<text.*?</text>", expected)
    assert NUMBER.sub("0", shown) == NUMBER.sub("0", expected)
    places = [np.array(NUMBER.findall(svg), dtype=float) for svg in (shown, expected)]
    assert np.abs(places[0] - places[1]).max() < 0.15


def test_the_counts_in_the_docs_are_these(studies):
    page = PAGE.read_text("utf-8")
    for profile, row in (("causal", r"\| causal profile: .*"), ("notebook", r"\| notebook's table .*")):
        counts = [f"{study.covering(profile, study.truth)} of {SETS}" for study in studies.values()]
        assert re.search(row, page).group().endswith(f"| {counts[0]} | {counts[1]} |")
