"""nbgrader reads two files of settings, each by itself: where one of them cannot be read the other still holds."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_wall_stands_although_the_configuration_cannot_be_read(tmp_path: Path) -> None:
    """Fails where a syntax error in nbgrader_config.py leaves nbgrader with an exporter of its own."""
    shutil.copy(ROOT / "nbgrader_config.json", tmp_path)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n")
    (tmp_path / "submitted" / "ada" / "x").mkdir(parents=True)
    (tmp_path / "source" / "x").mkdir(parents=True)
    command = [sys.executable, "-m", "nbgrader", "autograde", "x"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode != 0
    assert "the folder of the hidden tests, is missing" in done.stderr, done.stderr
