"""A submission that wastes as much as it may, with each of its functions: it is out of time, and nobody else is."""

from __future__ import annotations

import time

import pytest
from miniature import cell_of, graded, notebook, right

from autograder.session.session import Session
from autograder.wall.outside.policy import Limits

pytestmark = pytest.mark.usefixtures("nothing_left")

WASTES = {
    "threads": """
    import hashlib, threading

    def burn():
        while True:
            hashlib.pbkdf2_hmac("sha256", b"x", b"y", 200_000)

    try:
        for _ in range(64):
            threading.Thread(target=burn, daemon=True).start()
    except RuntimeError:
        pass
    return 0
""",
    "files": """
    import os
    for number in range(3000):
        try:
            open(f"waste{number}", "w").close()
        except OSError:
            os.unlink(f"waste{number % 1000}")
    return 0
""",
    "memory": """
    import numpy as np
    for _ in range(40):
        np.zeros(10 << 20).copy()
    return 0
""",
    "processes": """
    import os
    np.zeros(100 << 17).copy()
    os._exit(1)
""",
}


@pytest.mark.parametrize(("unit", "kept"), [("01-bce", "bernoulli_log_likelihood"), ("02-rmse", "gaussian_nll")])
def test_a_hog_is_out_of_time_and_keeps_what_was_done(unit, kept, monkeypatch):
    """Fails where starting, ending or cleaning is outside of the budget, or where what is left is charged to what was
    done before."""
    spent = []
    left = Session.__exit__
    monkeypatch.setattr(
        Session, "__exit__", lambda self, *error: (left(self, *error), spent.append(self._budget.spent))
    )
    names = [name for name in right(unit) if f"def {name}(" in right(unit)[name] and name != kept]
    ways = list(WASTES.values())
    wasteful = {name: f"def {name}(*_, **__):{ways[n % len(ways)]}" for n, name in enumerate(names)}
    began = time.monotonic()
    limits = Limits(
        cell_seconds=2.0, call_seconds=1.5, function_seconds=2.0, submission_seconds=30.0, load_seconds=10.0
    )
    result = graded(notebook(unit, **wasteful), limits=limits)
    assert result.report.status == "graded"
    assert cell_of(result, kept).state == "passed"
    assert {cell_of(result, name).score for name in names} == {0.0}
    assert max(spent) < 30.0 + 5.0, "what was under way comes to its end"
    assert time.monotonic() - began < 300
