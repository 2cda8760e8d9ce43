"""Augmented inverse propensity weighting with logistic models, and errors clustered by user.

The estimate is the mean over rows of
    psi = m1 - m0 + T (Y - m1) / e - (1 - T) (Y - m0) / (1 - e)
with e the propensity P(T = 1 | X), and m1, m0 the outcome risks P(Y = 1 | X) fitted in either arm. It is consistent if
either of the two models is right. Rows of a user are not independent, so the variance is that of the users' sums.

Source: Glynn and Quinn 2010; Robins, Rotnitzky and Zhao 1994.
"""

from typing import NamedTuple

import numpy as np

Z_95 = 1.959963984540054
# Weights beyond 1 / 0.001 would come from rows without a counterpart in the other arm.
LEAST_PROPENSITY = 0.001
# Keeps coefficients finite where an arm has one outcome only; it moves none of them by more than a rounding elsewhere.
RIDGE = 1e-6


class Estimate(NamedTuple):
    effect: float
    standard_error: float

    @property
    def low(self) -> float:
        return self.effect - Z_95 * self.standard_error

    @property
    def high(self) -> float:
        return self.effect + Z_95 * self.standard_error

    def covers(self, value: float) -> bool:
        return self.low <= value <= self.high


def logistic(scores: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(scores, -30, 30)))


def fit_logistic(covariates: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Coefficients by Newton's method (iteratively reweighted least squares)."""
    coefficients = np.zeros(covariates.shape[1])
    for _ in range(50):
        risks = logistic(covariates @ coefficients)
        gradient = covariates.T @ (labels - risks) - RIDGE * coefficients
        curvature = (covariates.T * (risks * (1 - risks))) @ covariates + RIDGE * np.eye(len(coefficients))
        step = np.linalg.solve(curvature, gradient)
        coefficients += np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-9:
            break
    return coefficients


def fit_nuisances(x: np.ndarray, t: np.ndarray, y: np.ndarray, predict: np.ndarray) -> tuple[np.ndarray, ...]:
    """Propensity, and the risks under treatment and under control, of the rows `predict` by models of the others."""
    propensity = logistic(predict @ fit_logistic(x, t)).clip(LEAST_PROPENSITY, 1 - LEAST_PROPENSITY)
    return propensity, *(logistic(predict @ fit_logistic(x[t == arm], y[t == arm])) for arm in (1, 0))


def estimate_effect(covariates: np.ndarray, treatment: np.ndarray, outcome: np.ndarray, cluster: np.ndarray, fold: np.ndarray | None = None) -> Estimate:
    """Difference of risks, T = 1 against T = 0; `covariates` is (rows, k) without an intercept.

    With folds the models that judge a row were fitted on the other folds, so that no row is judged by what it taught them.
    """
    spread = covariates.std(axis=0)
    x = np.column_stack([np.ones(len(covariates)), (covariates - covariates.mean(axis=0)) / np.where(spread > 0, spread, 1)])
    t = treatment.astype(float)
    y = outcome.astype(float)
    propensity, risk_treated, risk_control = (np.empty(len(x)) for _ in range(3))
    parts = np.zeros(len(x), dtype=int) if fold is None else fold
    for part in np.unique(parts):
        here = parts == part
        rest = here if fold is None else ~here
        propensity[here], risk_treated[here], risk_control[here] = fit_nuisances(x[rest], t[rest], y[rest], x[here])
    psi = risk_treated - risk_control + t * (y - risk_treated) / propensity - (1 - t) * (y - risk_control) / (1 - propensity)
    effect = psi.mean()
    users, of_row = np.unique(cluster, return_inverse=True)
    sums = np.bincount(of_row, weights=psi - effect)
    variance = len(users) / (len(users) - 1) * (sums @ sums) / len(psi) ** 2
    return Estimate(float(effect), float(np.sqrt(variance)))
