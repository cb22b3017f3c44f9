"""Tries, from inside a hardened sandbox, what a hostile submission would try first. Standard library only.

Each probe returns True where the attack got through. An error of any kind means that the wall held.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

_LIBC = ctypes.CDLL(None, use_errno=True)


def probe(policy: dict[str, Any]) -> dict[str, bool]:
    """Every property and whether the attack on it got through."""
    work, secrets = policy["work"], policy["secrets"]
    folder_mb, folder_inodes = policy["folders"][0][1:]
    attacks: dict[str, Callable[[], bool]] = {
        "network": _network,
        "processes": _fork,
        "programs": _execute,
        "privileges": _privileges,
        "other processes": _others,
        "kernel": _kernel,
        "secrets": lambda: any(map(_readable, secrets)),
        "environment": _environment,
        "writing": lambda: any(
            map(_writable, ["/", "/dev", "/wall", "/wall/code", "/usr", "/proc/sys/kernel", *secrets])
        ),
        "disk": lambda: _fill(work, folder_mb + 8),
        "files": lambda: _litter(work, folder_inodes + 64),
        "memory": lambda: _allocate(policy["limits"]["RLIMIT_AS"]),
        "threads": lambda: _threads(policy["limits"]["RLIMIT_NPROC"] + 64),
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
    return False


def _fork() -> bool:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return True


def _execute() -> bool:
    """A program that cannot be run comes back with an error; one that runs ends this process, which counts as well."""
    os.execve("/proc/self/exe", ["python", "-c", "pass"], {})
    return True


def _privileges() -> bool:
    if 0 in (*os.getresuid(), *os.getresgid()):
        return True
    for step in (lambda: os.setuid(0), lambda: os.chroot("/tmp"), lambda: os.unshare(0x10000000)):  # a user namespace
        try:
            step()
        except (OSError, AttributeError):
            continue
        return True
    return _LIBC.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, b"") == 0


def _others() -> bool:
    """Processes that are not ours can be seen, stopped or read."""
    seen = {int(name) for name in os.listdir("/proc") if name.isdigit()} if os.path.isdir("/proc") else set()
    if len(seen) > 3 or _LIBC.ptrace(16, 1, 0, 0) == 0:
        return True
    os.kill(os.getppid() or 1, signal.SIGKILL)
    return False  # the sandbox's own first process takes no signal from inside; were it dead, nobody would read this


def _kernel() -> bool:
    """Interfaces of the kernel that no lesson needs: io_uring, keyrings, BPF, shared memory, files without a name."""
    if hasattr(os, "memfd_create"):
        try:
            os.close(os.memfd_create("probe"))
        except OSError:
            pass
        else:
            return True
    return _LIBC.shmget(0, 4096, 0o1600) >= 0


def _readable(path: str) -> bool:
    try:
        if os.path.isdir(path):
            return bool(os.listdir(path))
        with open(path, "rb") as file:
            return bool(file.read(1))
    except OSError:
        return False


def _environment() -> bool:
    if os.environ.get("AUTOGRADER_CANARY"):
        return True
    with open("/proc/1/environ", "rb") as file:
        return b"AUTOGRADER_CANARY" in file.read()


def _writable(path: str) -> bool:
    try:
        with open(os.path.join(path, "probe"), "xb"):
            return True
    except OSError:
        return False


def _fill(folder: str, megabytes: int) -> bool:
    path = os.path.join(folder, "fill")
    try:
        with open(path, "wb", buffering=0) as file:
            for _ in range(megabytes):
                if file.write(bytes(1 << 20)) < 1 << 20:
                    return False
        return True
    finally:
        os.unlink(path)


def _litter(folder: str, count: int) -> bool:
    made = []
    try:
        for number in range(count):
            made.append(os.path.join(folder, f"{number}"))
            open(made[-1], "wb").close()
        return True
    finally:
        for path in made:
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
