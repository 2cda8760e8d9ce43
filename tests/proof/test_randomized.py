"""The estimate against an experiment: what it makes of customers who were selected is what randomization told of them all."""

import re

import numpy as np
import pytest

from experiment import REPOSITORY
from randomized import CONTROL, MENS, OTHERS, estimate, in_parallel, needs_file, read_customers

pytestmark = needs_file

SETS = 200
PAGE = REPOSITORY / "web" / "docs" / "estimate.md"


@pytest.fixture(scope="module")
def customers():
    return read_customers((CONTROL, MENS))


@pytest.fixture(scope="module")
def told(customers):
    """Of all customers, selected."""
    return in_parallel(lambda seed: estimate(customers.selected(np.random.default_rng(seed))), range(1, 1 + SETS))


def effects(told: list[dict], figure: str) -> np.ndarray:
    return np.array([one["adjusted"][figure]["effect"] for one in told])


def covering(intervals, value: float) -> int:
    return sum(low <= value <= high for low, high in intervals)


def intervals_of(told: list[dict], figure: str) -> list:
    return [one["adjusted"][figure]["interval95"] for one in told]


@pytest.mark.parametrize("figure", ["overlap", "all"])
def test_the_mean_of_the_estimates_is_the_experiments(customers, told, figure):
    truth, _ = customers.difference()
    assert abs(effects(told, figure).mean() - truth) < 0.003
    assert covering(intervals_of(told, figure), truth) >= 0.95 * SETS


def test_the_naive_difference_misses_it(customers, told):
    truth, _ = customers.difference()
    naive = [one["naive"] for one in told]
    assert np.mean([one["difference"] for one in naive]) > truth + 0.03
    assert covering([one["interval95"] for one in naive], truth) < 0.05 * SETS


def halves(customers, seed: int) -> tuple[float, float]:
    """A random half as the experiment, the other one selected: the difference of what both tell, and its standard error."""
    random = np.random.default_rng(seed)
    half = random.random(len(customers.treatment)) < 0.5
    experiment, error = customers.take(half).difference()
    found = estimate(customers.take(~half).selected(random))["adjusted"]["overlap"]
    return found["effect"] - experiment, float(np.hypot(found["standardError"], error))


@pytest.fixture(scope="module")
def differences(customers):
    return np.array(in_parallel(lambda seed: halves(customers, seed), range(1001, 1001 + SETS)))


def test_what_one_half_estimates_agrees_with_the_experiment_of_the_other(differences):
    difference, error = differences.T
    agreeing = (np.abs(difference) < 1.96 * error).sum()
    assert 0.92 * SETS <= agreeing <= 0.98 * SETS
    assert abs(difference.mean()) < 3 * difference.std(ddof=1) / np.sqrt(SETS)
    assert 0.85 < error.mean() / difference.std(ddof=1) < 1.15


# Nobody was mailed here: who is called treated is drawn, then selected. Without what selected them there is an effect of nothing.
@pytest.fixture(scope="module")
def placebo():
    unmailed = read_customers((CONTROL,))
    shares = np.full(len(unmailed.treatment), 0.5)

    def both(seed: int) -> tuple[dict, dict]:
        random = np.random.default_rng(seed)
        drawn = unmailed._replace(treatment=(random.random(len(shares)) < shares).astype(int)).selected(random)
        return estimate(drawn), estimate(drawn, OTHERS)

    return in_parallel(both, range(2001, 2001 + SETS // 4))


def test_a_covariate_that_is_left_out_makes_an_effect_of_nothing(placebo):
    with_all, without = zip(*placebo)
    assert covering(intervals_of(with_all, "overlap"), 0) >= 0.88 * len(placebo)
    assert covering(intervals_of(without, "overlap"), 0) < 0.05 * len(placebo)


# As strong as what selects them here may be what nobody recorded elsewhere: figures as small as these are no proof of an effect.
def test_the_sensitivity_figures_say_how_little_it_takes(placebo, told):
    def figures(all_told, figure):
        return np.array([one["adjusted"][figure]["limit"] for one in all_told])

    without = [one for _, one in placebo]
    for figure in ("eValue", "robustnessValue"):
        assert figures(without, figure).max() < np.median(figures(told, figure))
    assert figures(without, "robustnessValue").max() < 0.06
    moved = [abs(change["change"]) for with_all, _ in placebo for change in with_all["adjusted"]["withoutGroup"]]
    assert max(moved) > 0.005  # and the yardstick shows that such things are recorded


def test_the_figures_in_the_docs_are_these(customers, told, differences, placebo):
    lines = table_of(customers, told, differences, placebo)
    text = re.sub(r"\s+", " ", PAGE.read_text("utf-8"))
    for line in lines:
        assert line in text, "\n".join(lines)


def table_of(customers, told, differences, placebo) -> list[str]:
    truth, error = customers.difference()
    naive = [one["naive"] for one in told]
    rows = [
        ("adjusted, overlap weights", effects(told, "overlap"), intervals_of(told, "overlap")),
        ("adjusted, all rows", effects(told, "all"), intervals_of(told, "all")),
        ("naive difference", np.array([one["difference"] for one in naive]), [one["interval95"] for one in naive]),
    ]
    lines = [f"the experiment itself +{truth:.4f} (standard error {error:.4f})"]
    for name, found, intervals in rows:
        share = covering(intervals, truth) / SETS
        spread = found.std(ddof=1) / np.sqrt(SETS)
        lines.append(f"| {name} | +{found.mean():.4f} ± {spread:.4f} | {100 * share:.1f}% |")
    difference, error = differences.T
    share = (np.abs(difference) < 1.96 * error).mean()
    lines.append(f"{difference.mean():+.4f}".replace("-", "−") + f", and its interval holds 0 in {100 * share:.1f}%")
    without = [one["adjusted"] for _, one in placebo]
    effect, e_value, robustness = (
        np.mean(values)
        for values in zip(
            *((one["overlap"]["effect"], one["eValue"]["limit"], one["robustnessValue"]["limit"]) for one in without), strict=True
        )
    )
    lines.append(f"+{effect:.3f}, an E-value of {e_value:.2f} and a robustness value of {100 * robustness:.1f}%")
    kept = [one["adjusted"] for one in told]
    e_value, robustness = (np.mean([one[key]["limit"] for one in kept]) for key in ("eValue", "robustnessValue"))
    lines.append(f"{e_value:.2f} and {100 * robustness:.1f}%")
    return [re.sub(r"\s+", " ", line) for line in lines]
