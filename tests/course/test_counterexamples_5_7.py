"""What units 5 to 7 say that numbers *mean*, tried on at least ten seeds: each test fails for the popular sentence.

The functions are those of the lessons themselves, taken from their code cells; data are drawn anew.
"""

from __future__ import annotations

import ast
import functools
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from autograder import course

ROOT = Path(__file__).parents[2]
SEEDS = range(10)


@functools.cache
def lesson(unit: str) -> SimpleNamespace:
    """The functions and imports of a unit's code cells, solutions included, and nothing that its cells computed."""
    sys.path.insert(0, str(ROOT / "course"))
    names: dict[str, object] = {}
    try:
        for cell in course.notebook(ROOT / "course" / unit / f"{unit}.md").cells:
            body = ast.parse(cell.source).body if cell.cell_type == "code" else []
            kept = [node for node in body if isinstance(node, ast.FunctionDef | ast.ImportFrom | ast.Import)]
            exec(compile(ast.Module(kept, []), unit, "exec"), names)  # noqa: S102 - the lesson, which is our own
    finally:
        sys.path.remove(str(ROOT / "course"))
    return SimpleNamespace(**{name: value for name, value in names.items() if not name.startswith("__")})


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def rmse(errors: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))


# Unit 5


def trained(A: np.ndarray, y: np.ndarray, start: np.ndarray, lr: float) -> tuple[list[float], np.ndarray]:
    """Gradient descent on the mean over all n × n differences: the losses, and the last predictions."""
    w, losses = start, []
    for _ in range(4000):
        error = (A @ w)[:, None] - y
        losses.append(rmse(error))
        w = w - lr * 2 * A.T @ error.mean(axis=1) / len(y)
    return losses, A @ w


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("lr", [0.01, 0.05, 0.2])
def test_a_model_trained_on_the_column_bug_ends_at_one_standard_deviation_with_equal_predictions(seed, lr):
    """ "A loss stands at 1.41 standard deviations" is what perfect predictions score, and no training ends there."""
    A = np.c_[np.ones(40), rng(seed).normal(size=(40, 3))]
    y = A @ rng(seed + 100).normal(size=4) * 5 + rng(seed + 200).normal(size=40)
    losses, predictions = trained(A, y, 3 * rng(seed + 300).normal(size=4), lr)
    assert losses[-1] == pytest.approx(y.std())
    assert losses[0] > losses[-1]
    assert np.ptp(predictions) < 1e-6 * y.std()
    assert predictions[0] == pytest.approx(y.mean())
    assert rmse(y[:, None] - y) == pytest.approx(np.sqrt(2) * y.std())


@pytest.mark.parametrize("seed", SEEDS)
def test_kelvin_targets_are_32_times_as_large_and_have_the_same_mse(seed):
    """ "MSE is large if the targets are large": it depends on the unit and on the errors."""
    y = rng(seed).normal(10, 6, 60)
    y_hat = y + rng(seed + 100).normal(0, 2, 60)
    kelvin, kelvin_hat = y + 273.15, y_hat + 273.15
    assert kelvin.mean() / y.mean() > 20
    assert rmse(kelvin - kelvin_hat) == pytest.approx(rmse(y - y_hat))
    assert rmse(1.8 * y - 1.8 * y_hat) == pytest.approx(1.8 * rmse(y - y_hat))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_range_stops_growing_where_targets_have_a_limit(seed):
    """ "More data contain more extreme values, so the range keeps growing" is true without a limit only."""
    draw = rng(seed)
    gaussian = [np.mean([np.ptp(draw.normal(size=n)) for _ in range(20)]) for n in (300, 30_000)]
    uniform = [np.mean([np.ptp(draw.uniform(size=n)) for _ in range(20)]) for n in (300, 30_000)]
    assert gaussian[1] > 1.3 * gaussian[0]
    assert uniform[1] < 1.02 * uniform[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_perfectly_predicted_outlier_makes_both_normalised_errors_six_times_smaller(seed):
    y = rng(seed).normal(0, 1, 200)
    y_hat = y + rng(seed + 100).normal(0, 0.5, 200)
    for size in (np.std, np.ptp):
        before = rmse(y - y_hat) / size(y)
        after = rmse(np.append(y - y_hat, 0)) / size(np.append(y, 100))
        assert before > 6 * after


def test_the_model_answer_of_unit_5_has_the_worse_model_with_the_smaller_number():
    """8 kelvin at a mean of 282 K against 0.4 °C at a mean of 8.7 °C."""
    assert round(8 / 282, 2) == 0.03
    assert round(0.4 / 8.7, 2) == 0.05
    assert round(8 / 0.4, 6) == 20


@pytest.mark.parametrize("seed", SEEDS)
def test_the_mean_of_the_root_errors_is_below_the_root_error_of_all_entries(seed):
    """ "MSE and RMSE are interchangeable": across folds only the squares add up."""
    folds = [rng(seed).normal(0, spread, 50) for spread in (1, 4)]
    roots = [rmse(fold) for fold in folds]
    assert np.sqrt(np.mean(np.square(roots))) == pytest.approx(rmse(np.concatenate(folds)))
    assert np.mean(roots) < 0.95 * rmse(np.concatenate(folds))
