"""What is written above a hidden test: its kind, its visible example, its hint, and what it comes after."""

from __future__ import annotations

import pytest

value = pytest.mark.value
"""The test asks whether the formula is right."""

numerical = pytest.mark.numerical
"""The test asks for numerical care: extreme inputs, dtypes, underflow. Counts only where all value tests pass."""

contract = pytest.mark.contract
"""The test asks for the promises around the formula: errors, unchanged inputs. Counts only where value tests pass."""


def example(*args: object, **kwargs: object) -> pytest.MarkDecorator:
    """A call that the student may see. It runs before any hidden input is sent and explains the test's failure.

    The arguments of the function that is tested; or, for a class, the whole chain of calls as in a test:
    `example(lambda student: student.Ridge(alpha=1.0).fit([[1.0]], [2.0]).coef_)`."""
    return pytest.mark.example(args, kwargs)


def after(*tests: str) -> pytest.MarkDecorator:
    """The tests without which this one says nothing new: where one of them fails, this one is not judged.

    A test of the same class by its name, another as `Test_fit.test_line`. A class may have this mark as well. In one
    line with a test's kind it is `@kit.numerical(after="test_line")`, or a list of names."""
    return pytest.mark.after(*tests)


def hint(text: str) -> pytest.MarkDecorator:
    """The next step for a student whose function fails this test. It gives no line of the solution away."""
    return pytest.mark.hint(text)
