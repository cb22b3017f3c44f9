"""Commands in a course folder, and what each of them took."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.trials import COURSE


@dataclass(frozen=True, slots=True)
class Took:
    """What one command took."""

    command: str
    seconds: float
    cpu: float
    """Seconds of processor time, of the command and of the processes that it waited for."""
    most: float
    """MB at most, of the largest of these."""


@dataclass
class Run:
    """A course folder, and what its commands took."""

    root: Path
    took: list[Took] = field(default_factory=list)

    def command(self, program: str, *arguments: str, status: int = 0) -> str:
        """Run it there, note what it took, and return what it said."""
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        began = time.monotonic()
        with tempfile.TemporaryFile("w+") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", program, *arguments],
                cwd=self.root,
                env={**os.environ, "PATH": path, "PYTHONPATH": str(COURSE), "JUPYTER_NO_CONFIG": "1"},
                stdout=said,
                stderr=subprocess.STDOUT,
            )
            _, ended, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(ended)
            said.seek(0)
            text = said.read()
        assert process.returncode == status, f"{program} {' '.join(arguments)}: {process.returncode}\n{text}"
        seconds, cpu = time.monotonic() - began, used.ru_utime + used.ru_stime
        self.took.append(Took(f"{program} {' '.join(arguments)}", seconds, cpu, used.ru_maxrss / 1024))
        return text
