"""The estimate beside libraries that others wrote: where they are given the same models and folds, they find the same figures.

DoubleML cross-fits scikit-learn's logistic regression, whose penalty at C = 1 is the estimate's; the overlap weights are a score of
one's own to it. statsmodels has the difference of the groups as a regression whose errors are clustered by user.
"""

import json

import numpy as np
import pytest

from experiment import EFFECT, World, run, simulate
from test_estimate import CAUSAL, FOLDS, features, leave_users_out, read_rows

FIGURES = ("overlap", "treated", "all")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("agreement")
    events, out = folder / "events.csv", folder / "out"
    simulate(World(effect=EFFECT), events, seed=9, count=20_000)
    settings = [*CAUSAL, "--set", f"split.folds={FOLDS}"]
    run("prepare", events, "--out", out, "--format", "covariates-csv", "--no-manifest", "--quiet", *settings)
    columns = read_rows(out)
    order = np.argsort(columns["index"].astype(int))
    return json.loads(run("estimate", events, "--json", *settings)), {name: values[order] for name, values in columns.items()}


def overlap_score(y, d, g_hat0, g_hat1, m_hat, smpls):
    openness = m_hat * (1 - m_hat)
    return -openness, openness * (g_hat1 - g_hat0) + d * (1 - m_hat) * (y - g_hat1) - (1 - d) * m_hat * (y - g_hat0)


def treated_score(y, d, g_hat0, g_hat1, m_hat, smpls):
    return -d, d * (y - g_hat0) - (1 - d) * m_hat / (1 - m_hat) * (y - g_hat0)


@pytest.fixture(scope="module")
def fitted(data):
    doubleml = pytest.importorskip("doubleml", reason="DoubleML is not installed")
    linear = pytest.importorskip("sklearn.linear_model")
    _, columns = data
    treatment, outcome, fold = (columns[name].astype(int) for name in ("treatment", "outcome", "fold"))
    table = doubleml.DoubleMLData.from_arrays(features(columns), outcome, treatment)
    splits = [[(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(FOLDS)]]
    models = {}
    for figure, score in zip(FIGURES, (overlap_score, treated_score, "ATE"), strict=True):
        learners = [linear.LogisticRegression(C=1, solver="newton-cholesky", tol=1e-13, max_iter=1000) for _ in range(2)]
        threshold = 0.01 if figure == "all" else 1e-12
        model = doubleml.DoubleMLIRM(
            table, *learners, n_folds=FOLDS, score=score, trimming_threshold=threshold, draw_sample_splitting=False
        )
        models[figure] = model.set_sample_splitting(splits).fit()
    return models


@pytest.mark.parametrize("figure", FIGURES)
def test_doubleml_finds_the_same_effects(data, fitted, figure):
    told, _ = data
    assert fitted[figure].coef[0] == pytest.approx(told["adjusted"][figure]["effect"], abs=1e-9)


# Its errors take rows for independent; of its own influence, by users, they are those of the estimate where no weight is fitted.
@pytest.mark.parametrize("figure", ["treated", "all"])
def test_and_the_same_errors_by_users(data, fitted, figure):
    told, columns = data
    model = fitted[figure]
    score = model.psi_elements
    influence = (score["psi_b"] + model.coef[0] * score["psi_a"]).ravel() / -score["psi_a"].mean()
    assert leave_users_out(influence, columns["user_id"]) == pytest.approx(told["adjusted"][figure]["standardError"], abs=1e-9)
    assert model.se[0] == pytest.approx(np.sqrt(np.square(influence).mean() / len(influence)), abs=1e-9)


def test_statsmodels_finds_the_same_difference_of_the_groups(data):
    api = pytest.importorskip("statsmodels.api", reason="statsmodels is not installed")
    told, columns = data
    treatment, outcome = (columns[name].astype(float) for name in ("treatment", "outcome"))
    _, user = np.unique(columns["user_id"], return_inverse=True)
    kwds = {"groups": user, "use_correction": True, "df_correction": False}
    model = api.OLS(outcome, api.add_constant(treatment)).fit(cov_type="cluster", cov_kwds=kwds)
    assert model.params[1] == pytest.approx(told["naive"]["difference"], abs=1e-9)
    low, high = told["naive"]["interval95"]
    corrected = np.sqrt((len(user) - 1) / (len(user) - 2))  # statsmodels counts the two coefficients too
    assert (high - low) / 2 / 1.959963984540054 * corrected == pytest.approx(model.bse[1], rel=1e-9)
