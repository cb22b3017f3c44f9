"""What is said where no formula is known: errors by their kind, promises as they were broken, and pairs of calls."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.naming import finding_for


def pair(y, y_hat):
    y, y_hat = np.array(y, dtype=float), np.array(y_hat, dtype=float)
    if y.ndim != 1 or y.shape != y_hat.shape or not y.size or not np.isfinite([y, y_hat]).all():
        raise ValueError("y and y_hat")
    return y, y_hat


def mae_unknown_name(y, y_hat):
    return nobody_knows(y - y_hat)  # noqa: F821


def mae_asserts(y, y_hat):
    y, y_hat = np.array(y, dtype=float), np.array(y_hat, dtype=float)
    assert y.ndim == 1
    assert y.shape == y_hat.shape
    assert y.size
    assert np.isfinite([y, y_hat]).all()
    return np.mean(np.abs(y - y_hat))


def mae_zipped(y, y_hat):
    y, y_hat = np.array(y, dtype=float), np.array(y_hat, dtype=float)
    if y.ndim != 1 or y_hat.ndim != 1 or not y.size or not y_hat.size:
        raise ValueError("no data")
    if not np.isfinite(y).all() or not np.isfinite(y_hat).all():
        raise ValueError("nan")
    return sum(abs(a - b) for a, b in zip(y, y_hat, strict=False)) / min(len(y), len(y_hat))


def mae_sorted(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.mean(np.abs(np.sort(y) - np.sort(y_hat)))


def mae_saturates(y, y_hat):
    y, y_hat = pair(y, y_hat)
    return np.mean(np.arctan(np.abs(y - y_hat)))


def mae_first_weighs_double(y, y_hat):
    y, y_hat = pair(y, y_hat)
    errors = np.abs(y - y_hat) ** 1.1
    return (errors.sum() + errors[0]) / (len(errors) + 1)


def skill_log(loss, baseline):
    if not (np.isfinite(loss) and np.isfinite(baseline)) or loss < 0 or baseline <= 0:
        raise ValueError("no")
    return np.log(baseline / loss) if loss else 1.0


SAID = [
    ("rmse", "mae", mae_unknown_name, "promise", "always_raises"),
    ("rmse", "mae", mae_asserts, "promise", "wrong_kind_of_error"),
    ("rmse", "mae", mae_zipped, "promise", "cuts_to_the_shorter"),
    ("rmse", "mae", mae_sorted, "relation", "sorted_argument"),
    ("rmse", "mae", mae_saturates, "relation", "not_proportional"),
    ("rmse", "mae", mae_first_weighs_double, "relation", "depends_on_order"),
    ("ranges", "skill_score", skill_log, "relation", "another_formula"),
]


@pytest.mark.parametrize(("topic", "function", "way", "layer", "name"), SAID)
def test_what_is_said(topic, function, way, layer, name):
    found = finding_for(topic, function, way, 3)
    assert (found.layer, found.name) == (layer, name)


def test_a_function_of_other_parameters_is_said_to_be_one():
    def mae(y):
        return np.mean(np.abs(y))

    assert finding_for("rmse", "mae", mae_named(mae), 3).name == "takes_other_arguments"


def mae_named(function):
    function.__qualname__ = function.__name__ = "mae"
    return function


def test_the_second_mistake_has_a_sentence_of_its_own():
    def half_and_unchecked(y, y_hat):
        return np.mean(np.abs(np.array(y, dtype=float) - np.array(y_hat, dtype=float))) if np.size(y) else 0.0

    found = finding_for("rmse", "mae", half_and_unchecked, 3)
    assert found.also is not None
    assert found.besides.startswith(("Your function also ", "There is a second mistake in it"))
    assert found.besides[-1] in ".?"
