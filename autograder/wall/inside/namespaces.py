"""A sandbox of its own inside the sandbox: new user, process, mount, network, IPC and host-name namespaces."""

from __future__ import annotations

import ctypes
import os

_CLONE_NEW = {
    "user": 0x10000000,
    "process": 0x20000000,
    "mount": 0x00020000,
    "network": 0x40000000,
    "ipc": 0x08000000,
    "host name": 0x04000000,
}
_MS_RDONLY, _MS_REC, _MS_PRIVATE = 1, 0x4000, 1 << 18
_PR_SET_DUMPABLE = 4


def enter(uid: int | None) -> None:
    """Move this process into new namespaces; the next process that it starts is the first in its own.

    With `uid` it becomes that user first, as root must: the user inside is then the user outside, nobody special."""
    libc = ctypes.CDLL(None, use_errno=True)
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        # Who changes the user loses the right to write the files below /proc/self that name the new namespace's users.
        _check(libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "dumpable")
    user, group = os.getuid(), os.getgid()
    _check(libc.unshare(sum(_CLONE_NEW.values())), "new namespaces")
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/gid_map", f"{group} {group} 1")
    _write("/proc/self/uid_map", f"{user} {user} 1")


def hide_processes() -> None:
    """Cover /proc, which shows the outer sandbox's processes, with an empty folder that cannot be written to."""
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.mount(None, b"/", None, _MS_REC | _MS_PRIVATE, None), "private mounts")
    _check(libc.mount(b"tmpfs", b"/proc", b"tmpfs", _MS_RDONLY, b"size=4k,nr_inodes=1,mode=555"), "cover /proc")


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def _check(status: int, step: str) -> None:
    if status != 0:
        raise OSError(ctypes.get_errno(), f"{step}: {os.strerror(ctypes.get_errno())}")
