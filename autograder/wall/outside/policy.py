"""What a student's process may do: its limits, its folders, its environment."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from autograder.wall.both.protocol import Live

Figures = Literal["none", "own", "all"]
"""Which figures are drawn: none, as a verdict needs none; those that a student draws with pyplot; or the lesson's own
as well, which are the same for everybody and cost more time than all the rest. The others are named by their text."""


PACKAGES = ("numpy", "matplotlib")
"""What student code may import unless the course says otherwise."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one sandbox. Seconds are of processor time, and three times as many by the clock count like them."""

    start_seconds: float = 30.0
    cell_seconds: float = 10.0
    submission_seconds: float = 90.0
    """For all that one submission causes: starting and ending processes, cells, calls, questions, and what is made of
    the replies. By the clock, but for the time in which others have the processors."""
    load_seconds: float = 60.0
    """Of these, for the time until all cells have run, so that some is left for what they define."""
    call_seconds: float = 5.0
    function_seconds: float = 15.0
    """For all calls of one function. Once they are used up, or a call is not answered in time, it is called no more."""
    cpu_seconds: int = 240
    memory_mb: int = 2048
    threads: int = 16
    """Python's own pool of threads starts four more than there are processors, and a sandbox has one."""
    open_files: int = 256
    file_mb: int = 64
    folder_mb: int = 64
    folder_inodes: int = 2000
    restarts: int = 12
    """How often a process that died or hung is made anew for the rest of a submission."""


@dataclass(frozen=True, slots=True)
class Policy:
    limits: Limits = field(default_factory=Limits)
    figures: Figures = "none"
    packages: tuple[str, ...] = PACKAGES
    """What student code may import, by the names under which it is installed, with all that this requires."""
    walled: bool = True
    warm: bool = False
    """Whether this is the parent of many processes: it prepares, and forks one for each order that it gets."""
    secrets: tuple[str, ...] = ()
    """Paths that a probe tries to read; with any, the process tries the wall and serves nobody."""

    def with_figures(self, figures: Figures) -> Policy:
        return replace(self, figures=figures)

    def for_inside(self, fonts: dict[str, str], work: str, modules: Sequence[str] = ()) -> Live:
        """The part of the policy that the process beyond the wall carries out itself."""
        limits = self.limits
        environment = {
            "HOME": work,
            "TMPDIR": work,
            "IPYTHONDIR": f"{work}/ipython",
            "MPLCONFIGDIR": f"{work}/matplotlib",
            "AUTOGRADER_FIGURES": "on" if self.figures == "all" else "off",
            **({"MPLBACKEND": "agg"} if self.figures == "none" else {}),
        }
        return Live(
            walled=self.walled,
            warm=self.warm,
            figures=self.figures != "none",
            secrets=self.secrets,
            modules=tuple(modules),
            fonts=fonts,
            uid=_unprivileged_uid(),
            folder=work,
            folder_mb=limits.folder_mb,
            folder_inodes=limits.folder_inodes,
            work=f"{work}/work",
            limits={
                "RLIMIT_AS": limits.memory_mb << 20,
                "RLIMIT_CPU": limits.cpu_seconds,
                "RLIMIT_NPROC": limits.threads,
                "RLIMIT_NOFILE": limits.open_files,
                "RLIMIT_FSIZE": limits.file_mb << 20,
                "RLIMIT_CORE": 0,
                "RLIMIT_MEMLOCK": 0,
                "RLIMIT_MSGQUEUE": 0,
                "RLIMIT_SIGPENDING": 64,
            },
            environment=environment,
            # What a probe may find set: this, what the interpreter starts with, and what bwrap and Python add.
            known=(*environment, *STARTING_ENVIRONMENT, "PWD", "LC_CTYPE", "LD_LIBRARY_PATH"),
        )


STARTING_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    # One thread: a sandbox has one core's worth of work, and more threads only cost memory.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""All that the interpreter beyond the wall starts with; nothing of the launcher's environment."""


def _unprivileged_uid() -> int | None:
    """The user that a sandbox started by root becomes; None where we are nobody special ourselves.

    The number differs between sandboxes, since the limit on processes counts by user. It is from the range that
    systemd reserves for users that exist only as long as a service, so that it owns nothing.
    """
    return 61184 + int.from_bytes(os.urandom(2)) % 4336 if hasattr(os, "geteuid") and os.geteuid() == 0 else None
