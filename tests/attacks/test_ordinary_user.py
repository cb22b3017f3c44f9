"""The attacks once more, graded by an ordinary user: root's wall is made in another way than everybody else's."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOMEBODY = 4711
TRIED = (
    "tests/attacks/test_siblings.py",
    "tests/attacks/test_wall.py",
    "tests/attacks/test_planted.py",
    "tests/attacks/test_hunt.py::test_nothing_that_can_be_read_defines_a_graded_function",
    "tests/attacks/test_cheats.py::test_transformers_of_ipython_change_only_what_runs_in_the_same_process",
    "tests/nbgrader/test_planted.py::test_planted_files_are_neither_used_nor_copied",
)
"""What the user may matter to: the wall, what can be read behind it, files beside a notebook, nbgrader's command."""
ON = {"cold": "not warm", "warm": "warm"}
"""What has no lane to choose is tried once."""
LEFT_OUT = "not font and not grading and not TestProtocol"
"""The messages are the same, whoever made the wall."""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="all tests run as an ordinary user anyway")
@pytest.mark.skipif(not shutil.which("unshare") or not shutil.which("setpriv"), reason="no tool to become somebody")
def test_the_attacks_get_nothing_from_an_ordinary_user(scratch, lane_kind):
    home = scratch / "home"
    home.mkdir()
    os.chown(home, SOMEBODY, SOMEBODY)
    environment = {"HOME": home, "TMPDIR": home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    somebody = ["setpriv", "--reuid", SOMEBODY, "--regid", SOMEBODY, "--clear-groups", "env", "-i"]
    somebody += [f"{name}={value}" for name, value in environment.items()]
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={home / 'temp'}"]
    command = shlex.join(map(str, [*somebody, *tests, *TRIED, "-k", f"{ON[lane_kind]} and {LEFT_OUT}"]))
    script = "\n".join(["set -e", *opened(scratch), f"cd {shlex.quote(str(ROOT))}", f"exec {command}"])
    ran = subprocess.run(["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-2000:]
    assert " skipped" not in ran.stdout


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder that everybody can reach, which the tests' own is not."""
    with tempfile.TemporaryDirectory(dir="/tmp", prefix="attacks-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def opened(scratch: Path) -> list[str]:
    """Commands that make what the tests need reachable in a mount namespace of their own, also below closed folders."""
    needed = list(dict.fromkeys([Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), ROOT]))
    closed = {path: next(filter(_is_closed, reversed(path.parents)), None) for path in needed}
    before, after = [], []
    for number, path in enumerate(needed):
        if closed[path] is not None:
            kept, there = shlex.quote(f"{scratch}/{number}"), shlex.quote(str(path))
            before += [f"mkdir -p {kept}", f"mount --bind {there} {kept}"]
            after += [f"mkdir -p {there}", f"mount --bind {kept} {there}"]
    covers = [f"mount -t tmpfs -o mode=755 none {shlex.quote(str(top))}" for top in set(closed.values()) if top]
    return [*before, *covers, *after]


def _is_closed(folder: Path) -> bool:
    return not folder.stat().st_mode & 0o001
