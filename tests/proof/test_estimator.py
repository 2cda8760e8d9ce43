"""The estimator on data whose answer is known without it."""

import numpy as np

from estimator import estimate_effect, fit_logistic, logistic

RANDOM = np.random.default_rng(5)


def confounded(rows: int, effect: float):
    x = RANDOM.normal(size=rows)
    t = (RANDOM.random(rows) < logistic(-1 + x)).astype(int)
    y = (RANDOM.random(rows) < logistic(-1 + x + effect * t)).astype(int)
    truth = (logistic(-1 + x + effect) - logistic(-1 + x)).mean()
    return x[:, None], t, y, truth


def test_newtons_method_ends_where_the_likelihood_is_flat():
    x, t, _, _ = confounded(2000, 0)
    design = np.column_stack([np.ones(len(x)), x])
    residuals = t - logistic(design @ fit_logistic(design, t))
    assert np.abs(design.T @ residuals).max() < 1e-4
    assert np.abs(fit_logistic(design, t) - [-1, 1]).max() < 0.2


def test_with_one_binary_covariate_it_is_standardization():
    x, t, y = RANDOM.integers(0, 2, size=(3, 5000))
    means = [[y[(x == level) & (t == arm)].mean() for arm in (0, 1)] for level in (0, 1)]
    expected = sum((x == level).mean() * (means[level][1] - means[level][0]) for level in (0, 1))
    assert abs(estimate_effect(x[:, None], t, y, np.arange(5000)).effect - expected) < 1e-6


def test_it_removes_confounding_that_the_plain_difference_keeps():
    for effect in (0.0, 1.0):
        x, t, y, truth = confounded(40_000, effect)
        estimate = estimate_effect(x, t, y, np.arange(len(t)))
        plain = y[t == 1].mean() - y[t == 0].mean()
        assert plain - truth > 0.1
        assert abs(estimate.effect - truth) < 4 * estimate.standard_error < 0.03


def test_without_the_confounder_it_is_wrong_and_sure_of_it():
    x, t, y, truth = confounded(40_000, 1.0)
    blind = estimate_effect(np.zeros_like(x), t, y, np.arange(len(t)))
    assert blind.effect - truth > 10 * blind.standard_error


# The propensity has the square of x, the outcome has not: of the two models without it, only the outcome's is right.
def test_one_right_model_is_enough():
    rows = 40_000
    x = RANDOM.normal(size=rows)
    t = (RANDOM.random(rows) < logistic(-1.5 + x**2)).astype(int)
    y = (RANDOM.random(rows) < logistic(-1 + x + t)).astype(int)
    truth = (logistic(x) - logistic(-1 + x)).mean()
    estimate = estimate_effect(x[:, None], t, y, np.arange(rows))
    assert abs(estimate.effect - truth) < 4 * estimate.standard_error < 0.04


def test_rows_that_are_copies_of_one_user_add_no_certainty():
    x, t, y, _ = confounded(3000, 1.0)
    users = np.array([f"user {i}" for i in range(len(t))], dtype=object)
    once = estimate_effect(x, t, y, users)
    copies = estimate_effect(*(np.repeat(column, 4, axis=0) for column in (x, t, y, users)))
    assert abs(once.effect - copies.effect) < 1e-6
    assert abs(once.standard_error - copies.standard_error) < 1e-6
    apart = estimate_effect(*(np.repeat(column, 4, axis=0) for column in (x, t, y)), np.arange(4 * len(t)))
    assert abs(apart.standard_error - once.standard_error / 2) < 1e-4
