"""The causal profile's table supports an estimate of the true effect, and the notebook's does not.

A plain estimator is given the table as a user would give it: every covariate, as it is.
"""

import re

import numpy as np
import pytest

from experiment import DEFAULT, EFFECT, SETS, WORLDS, World, audit, causal, study
from figure import DESIGNS, FIGURE, PANELS, draw

PAGE = FIGURE.parents[1] / "time-zero.md"

# Of a click on nothing, with exposures seconds apart; LINGER has clicks so late that purchases on impulse come before many.
FAST = World(pace=10, impulse=0.05)
LINGER = World(pace=10, impulse=0.05, linger=5)
WINDOW_60 = causal("index.windowEnds=window", "index.windowMinutes=60")
LANDMARK_60 = causal("index.kind=landmark", "index.windowEnds=window", "index.windowMinutes=60")


@pytest.fixture(scope="module")
def studies():
    return {world: study(world, DESIGNS) for world in WORLDS}


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_the_causal_table_covers_the_true_effect(studies, world):
    found = studies[world]["causal"]
    assert found.truth == 0 if world.effect == 0 else found.truth > 0.03
    assert found.covering(found.truth) >= 0.9 * SETS


# Wide intervals cover anything: the estimates have to be right on average, and their errors honest.
@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_the_causal_estimates_are_right_on_average(studies, world):
    found = studies[world]["causal"]
    mean, error = found.mean_and_error()
    assert abs(mean - found.truth) < min(3 * error, 0.01)
    claimed = np.mean([estimate.standard_error for estimate in found.estimates])
    assert 0.8 < claimed / (error * np.sqrt(SETS)) < 1.25


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_the_notebooks_table_misses_it(studies, world):
    found = studies[world]["notebook"]
    assert found.covering(found.truth) <= 0.1 * SETS
    if world.effect == 0:
        assert found.mean_and_error()[0] > 0.05


def test_the_causal_tables_see_that_there_is_an_effect(studies):
    found = studies[World(effect=EFFECT)]["causal"]
    mean, error = found.mean_and_error()
    assert mean > 10 * error
    assert found.covering(0) <= 0.5 * SETS


def test_the_truth_is_sure_enough_to_judge_by(studies):
    for world in WORLDS:
        found = studies[world]["causal"]
        narrowest = min(estimate.standard_error for estimate in found.estimates)
        assert found.truth_error < narrowest / 20


@pytest.mark.parametrize(
    ("design", "code"),
    [(causal("index.windowEnds=window"), "windowsOverlap"), (WINDOW_60, "windowsOverlap"), (LANDMARK_60, "armDecidedInWindow")],
    ids=["window of 5 minutes", "window of an hour", "landmark with a window of an hour"],
)
def test_designs_that_fail_are_named_by_the_audit(design, code):
    # At this pace few sessions last until the landmark.
    world = World(pace=1) if code == "armDecidedInWindow" else FAST
    found = study(world, {"failing": design}, sets=40)["failing"]
    assert found.mean_and_error()[0] > 0.05
    assert found.covering(0) <= 0.5 * 40
    finding = audit(world, design)[code]
    assert finding["severity"] != "note"
    assert code not in audit(world, DEFAULT)


# What happens between an exposure and its click selects no arm.
def test_purchases_before_the_click_bias_a_table_that_leaves_them_out_of_one_arm():
    found = study(LINGER, {"align": DEFAULT, "exclude": causal("index.gracePeriod=exclude")}, sets=200)
    (aligned, error), (excluded, _) = (found[key].mean_and_error() for key in ("align", "exclude"))
    assert abs(aligned) < 3 * error
    assert excluded < -3 * error
    assert found["align"].covering(0) >= 0.9 * 200
    assert "immortalTime" in audit(LINGER, causal("index.gracePeriod=exclude"))


# Controls at the same point of a session, who may be treated later.
@pytest.mark.parametrize("effect", [0, EFFECT])
def test_risk_sets_cover_the_effect_about_as_often(effect):
    found = study(World(effect=effect), {"matched": causal("index.kind=matched", "index.controls=3")})["matched"]
    assert found.covering(found.truth) >= 0.85 * SETS
    assert abs(found.mean_and_error()[0] - found.truth) < 0.01


NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


# Another NumPy may round another way, but no line may move by more than that.
def test_the_figure_in_the_docs_shows_these_data(studies):
    shown, expected = FIGURE.read_text("utf-8"), draw({title: studies[world] for title, world in PANELS.items()})
    assert re.findall(r"<text.*?</text>", shown) == re.findall(r"<text.*?</text>", expected)
    assert NUMBER.sub("0", shown) == NUMBER.sub("0", expected)
    places = [np.array(NUMBER.findall(svg), dtype=float) for svg in (shown, expected)]
    assert np.abs(places[0] - places[1]).max() < 0.15


# The table of the worlds in the docs is that of these data.
def test_the_counts_in_the_docs_are_these(studies):
    text = PAGE.read_text("utf-8")
    for world in WORLDS:
        causal_count, notebook_count = (studies[world][key].covering(studies[world][key].truth) for key in ("causal", "notebook"))
        line = f"| {world.pace:g} | {100 * world.impulse:g}% | {world.effect:g} | {studies[world]['causal'].truth:.3f} | {causal_count} of {SETS} | {notebook_count} of {SETS} |"
        assert line in text, line
