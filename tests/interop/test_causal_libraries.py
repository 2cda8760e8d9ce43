"""The covariates, as they are written, go into the libraries for causal models; each finds the simulated effect."""

import json

import pandas as pd
import pytest

from product import command

linear = pytest.importorskip("sklearn.linear_model")
pipeline = pytest.importorskip("sklearn.pipeline")
preprocessing = pytest.importorskip("sklearn.preprocessing")


@pytest.fixture(scope="module")
def truth_and_frame(tmp_path_factory):
    folder = tmp_path_factory.mktemp("libraries")
    command("simulate", "--events", "60000", "--seed", "3", "--out", str(folder / "events.csv"), "--quiet")
    command("prepare", str(folder / "events.csv"), "--profile", "causal", "--out", str(folder), "--format", "covariates-csv", "--quiet",
            "--set", "split.kind=folds", "--set", "outcome.censored=drop")
    truth = json.loads((folder / "events.truth.json").read_text("utf-8"))["effect"]
    return truth, pd.read_csv(folder / "data" / "train_sessions_covariates.csv")


def covariates(frame):
    names = list(frame.columns)
    return names[names.index("fold") + 1 : names.index("treatment")]


def model():
    return pipeline.make_pipeline(preprocessing.StandardScaler(), linear.LogisticRegression())


def assert_finds(truth, effect, standard_error):
    assert 0 < standard_error < 0.05
    assert abs(effect - truth) < 3 * standard_error


def test_doubleml(truth_and_frame):
    doubleml = pytest.importorskip("doubleml", reason="DoubleML is not installed")
    truth, frame = truth_and_frame
    data = doubleml.DoubleMLData(frame, y_col="outcome", d_cols="treatment", x_cols=covariates(frame), cluster_cols="cluster")
    fitted = doubleml.DoubleMLIRM(data, ml_g=model(), ml_m=model(), n_folds=5).fit()
    assert_finds(truth, fitted.coef[0], fitted.se[0])


def test_econml(truth_and_frame):
    dml = pytest.importorskip("econml.dml", reason="EconML is not installed")
    truth, frame = truth_and_frame
    fitted = dml.LinearDML(model_y=model(), model_t=model(), discrete_treatment=True, discrete_outcome=True, cv=5, random_state=1)
    fitted.fit(frame["outcome"], frame["treatment"], X=None, W=frame[covariates(frame)], groups=frame["cluster"])
    assert_finds(truth, fitted.ate(), fitted.ate_inference().stderr_mean)


def test_dowhy(truth_and_frame):
    dowhy = pytest.importorskip("dowhy", reason="DoWhy is not installed")
    truth, frame = truth_and_frame
    causal = dowhy.CausalModel(frame, treatment="treatment", outcome="outcome", common_causes=covariates(frame))
    estimand = causal.identify_effect(proceed_when_unidentifiable=True)
    effect = causal.estimate_effect(estimand, method_name="backdoor.linear_regression").value
    assert abs(effect - truth) < 0.06


def test_causalml(truth_and_frame):
    meta = pytest.importorskip("causalml.inference.meta", reason="CausalML is not installed")
    truth, frame = truth_and_frame
    effect, low, high = meta.BaseTRegressor(linear.LinearRegression()).estimate_ate(
        X=frame[covariates(frame)], treatment=frame["treatment"], y=frame["outcome"])
    assert low[0] < effect[0] < high[0]
    assert abs(effect[0] - truth) < 0.06
