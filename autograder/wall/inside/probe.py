"""Tries, from inside a hardened sandbox, what a hostile submission would try first. Standard library only.

Each probe returns True where the attack got through. An error of any kind means that the wall held.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import signal
import socket
import threading
from collections.abc import Callable

from autograder.wall.both.protocol import Live

_LIBC = ctypes.CDLL(None, use_errno=True)
_PTRACE_ATTACH = 16
_CALLS = {"x86_64": (425, 434, 457, 250, 321, 73, 206), "aarch64": (425, 434, 457, 219, 280, 32, 0)}
"""io_uring_setup, pidfd_open, statmount, keyctl, bpf, flock, io_setup: their numbers."""


def probe(live: Live) -> dict[str, bool]:
    """Every property and whether the attack on it got through."""
    attacks: dict[str, Callable[[], bool]] = {
        "network": _network,
        "processes": _fork,
        "programs": _execute,
        "privileges": _privileges,
        "other processes": _others,
        "kernel": _kernel,
        "secrets": lambda: any(map(_readable, live.secrets)),
        "environment": lambda: _environment(set(live.known)),
        "writing": lambda: any(
            map(_writable, ["/", "/dev", "/wall", "/wall/code", "/usr", "/proc/sys/kernel", *live.secrets])
        ),
        "devices": lambda: any(map(_touched, ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"])),
        "disk": lambda: _fill(live.work, live.folder_mb + 8),
        "files": lambda: _litter(live.work, live.folder_inodes + 64),
        "memory": lambda: _allocate(live.limits["RLIMIT_AS"]),
        "threads": lambda: _threads(live.limits["RLIMIT_NPROC"] + 64),
    }
    return {name: _through(attack) for name, attack in attacks.items()}


def _through(attack: Callable[[], bool]) -> bool:
    try:
        return attack()
    except (OSError, RuntimeError, MemoryError, ValueError, AttributeError):
        return False


def _network() -> bool:
    for family, kind in ((socket.AF_INET, socket.SOCK_STREAM), (socket.AF_UNIX, socket.SOCK_STREAM)):
        try:
            socket.socket(family, kind).close()
        except OSError:
            continue
        return True
    with open("/proc/self/net/dev", encoding="ascii") as file:  # what would be there if the filter were not
        return any(name.strip() != "lo" for name, colon, _ in (line.partition(":") for line in file) if colon)


def _fork() -> bool:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


def _execute() -> bool:
    """The filter refuses before anybody looks for the file; without it the file that is not there would be missed."""
    try:
        os.execve("/nowhere", ["nowhere"], {})
    except PermissionError:
        return False
    except OSError:
        return True
    return True


def _privileges() -> bool:
    if 0 in (*os.getresuid(), *os.getresgid()):
        return True
    steps: tuple[Callable[[], None], ...] = (lambda: os.setuid(0), lambda: os.chroot("/wall"))
    for step in steps:
        try:
            step()
        except OSError:
            continue
        return True
    new_user_namespace = 0x10000000
    return bool(_LIBC.unshare(new_user_namespace) == 0 or _LIBC.mount(b"tmpfs", b"/wall", b"tmpfs", 0, b"") == 0)


def _others() -> bool:
    """Processes that are not ours can be seen, read or stopped. Inside there are two: the first one, and this."""
    if os.getpid() > 9 or _LIBC.ptrace(_PTRACE_ATTACH, 1, 0, 0) == 0:
        return True
    if any(_is_there(pid) for pid in range(2, 500) if pid != os.getpid()):
        return True
    os.kill(os.getppid() or 1, signal.SIGKILL)
    return False  # the sandbox's own first process takes no signal from inside; were it dead, nobody would read this


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _kernel() -> bool:
    """Interfaces of the kernel that no lesson needs: shared memory, files without a name, io_uring, keyrings, BPF,
    descriptors of processes, and locks on files that neighbours see too. A call that fails for another reason than
    permission was not refused by the filter."""
    if hasattr(os, "memfd_create"):
        try:
            os.close(os.memfd_create("probe"))
        except OSError:
            pass
        else:
            return True
    if _LIBC.shmget(0, 4096, 0o1600) >= 0:
        return True
    return any(_is_open(number) for number in _CALLS.get(os.uname().machine, ()))


def _is_open(number: int) -> bool:
    ctypes.set_errno(0)
    return _LIBC.syscall(number, 0, 0, 0, 0, 0) >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS)


def _readable(path: str) -> bool:
    try:
        if os.path.isdir(path):
            return bool(os.listdir(path))
        with open(path, "rb") as file:
            return bool(file.read(1))
    except OSError:
        return False


def _environment(known: set[str]) -> bool:
    """Variables of whoever started the sandbox, or paths on its command line that tell where it was started from."""
    if not set(os.environ) <= known:
        return True
    names = {entry.partition(b"=")[0].decode("utf-8", "replace") for entry in _words("/proc/1/environ")}
    return not names <= known or b"--ro-bind" in _words("/proc/1/cmdline")


def _words(path: str) -> list[bytes]:
    """What a file of the first process says, where it may be read."""
    try:
        with open(path, "rb") as file:
            return [word for word in file.read().split(b"\0") if word]
    except OSError:
        return []


def _writable(path: str) -> bool:
    try:
        with open(os.path.join(path, "probe"), "xb"):
            return True
    except OSError:
        return False


def _touched(path: str) -> bool:
    """Its times are what neighbours see, too."""
    try:
        os.utime(path)
    except OSError:
        return False
    return True


def _fill(folder: str, megabytes: int) -> bool:
    """Many files, each of them small enough, that are too large together."""
    made = []
    try:
        for number in range(megabytes):
            made.append(os.path.join(folder, f"fill{number}"))
            with open(made[-1], "wb", buffering=0) as file:
                if file.write(bytes(1 << 20)) < 1 << 20:
                    return False
        return True
    finally:
        _remove(made)


def _litter(folder: str, count: int) -> bool:
    made = []
    try:
        for number in range(count):
            made.append(os.path.join(folder, f"{number}"))
            open(made[-1], "wb").close()
        return True
    finally:
        _remove(made)


def _remove(paths: list[str]) -> None:
    for path in paths:
        if os.path.exists(path):
            os.unlink(path)


def _allocate(limit: int) -> bool:
    mmap.mmap(-1, limit).close()
    return True


def _threads(count: int) -> bool:
    stop = threading.Event()
    started = []
    try:
        for _ in range(count):
            thread = threading.Thread(target=stop.wait)
            thread.start()
            started.append(thread)
        return True
    finally:
        stop.set()
        for thread in started:
            thread.join()
