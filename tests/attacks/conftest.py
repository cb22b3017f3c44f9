"""Every attack is tried on each kind of lane."""

from __future__ import annotations

import miniature
import pytest

from autograder.wall.outside import doctor
from autograder.wall.outside.warm import WarmLane


@pytest.fixture(scope="session")
def warm_lane():
    """A warm lane whose parent runs already, so that no test takes it for something left behind."""
    lane = doctor.fastest()
    if not isinstance(lane, WarmLane):
        pytest.skip("this machine refuses namespaces inside a sandbox, so that there is no warm lane to attack")
    lane.open().end()
    return lane


@pytest.fixture(autouse=True, params=["cold", "warm"])
def lane_kind(request, monkeypatch):
    if request.param == "warm":
        lane = request.getfixturevalue("warm_lane")
        monkeypatch.setattr(miniature, "chosen", lambda: lane)
    return request.param


@pytest.fixture
def aim(lane_kind: str) -> tuple[str, str, str]:
    """A unit, a function of it, and another one: each kind of lane has its own unit, so that every attack meets two."""
    return {"cold": ("01-bce", "binary_entropy", "kl_bernoulli"), "warm": ("02-rmse", "rmse", "mae")}[lane_kind]
