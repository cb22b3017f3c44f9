"""Python as a browser has it: Pyodide, under node, with our own wheels and no network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from website import wheels

HERE = Path(__file__).resolve().parent


def pyodide() -> Path | None:
    """The folder with Pyodide's distribution: the variable PYODIDE_DIR, or shared/pyodide beside a folder above."""
    named = os.environ.get("PYODIDE_DIR")
    places = [Path(named)] if named else [above.parent / "shared" / "pyodide" for above in HERE.parents]
    return next((place for place in places if (place / "pyodide.asm.wasm").is_file()), None)


class Browser:
    """Runs Python in one Pyodide, one piece after the other."""

    def __init__(self, home: Path, packages: list[Path], log: Path) -> None:
        self._log = log
        command = ["node", str(HERE / "python.mjs"), str(home), *map(str, packages)]
        with log.open("w") as errors:
            self._node = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
            )

    def run(self, code: str, **files: str) -> Any:
        """The value of the last expression, which the code gives as JSON. Files lie in the working folder."""
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(json.dumps({"code": code, "files": files}) + "\n")
        self._node.stdin.flush()
        line = self._node.stdout.readline()
        assert line, self._log.read_text()[-3000:]
        reply = json.loads(line)
        assert "error" not in reply, reply["error"]
        return json.loads(reply["value"])

    def close(self) -> None:
        self._node.kill()
        self._node.communicate()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    home = pyodide()
    if home is None or shutil.which("node") is None:
        pytest.skip("needs node, and Pyodide 0.27.7 in the folder that PYODIDE_DIR names")
    folder = tmp_path_factory.mktemp("browser")
    made = []
    for wheel in wheels.wheels():
        (folder / wheel.name).write_bytes(wheel.data)
        made.append(folder / wheel.name)
    browser = Browser(home, made, folder / "log.txt")
    yield browser
    browser.close()
