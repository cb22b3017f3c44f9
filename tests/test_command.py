"""The command itself: what it says of itself, and what a shell learns from it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
COMMAND = Path(sys.executable).with_name("autograder")


def test_it_says_its_version() -> None:
    done = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == f"autograder {version('loss-metrics-course')}\n"


@pytest.mark.parametrize(("typed", "offered"), [("autograder gr", "grade"), ("autograder grade 01", "01-bce")])
def test_a_shell_completes_commands_and_assignments(typed: str, offered: str) -> None:
    """With the script that the command itself gives to the shell."""
    theirs = {**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    shown = subprocess.run(
        [COMMAND, "--show-completion", "bash"], env=theirs, capture_output=True, text=True, timeout=60, check=True
    )
    words = typed.split()
    ask = (
        f"COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; _autograder_completion autograder; echo ${{COMPREPLY[@]}}"
    )
    environment = {**os.environ, "PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", f"{shown.stdout}\n{ask}"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == [offered], done.stderr


PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_that_names_a_command_says_where_it_is(page: Path) -> None:
    """In a new terminal `autograder` is not found, nor `jupyter`, until the environment is active."""
    text = page.read_text()
    bare = re.search(r"^(\w*\$|\d\. .*`) *(autograder|nbgrader|jupyter) ", text, re.MULTILINE)
    assert bare is None or "source .venv/bin/activate" in text, bare
