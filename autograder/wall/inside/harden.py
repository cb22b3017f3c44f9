"""The last steps before a student's code: private file systems, limits, no privileges, no system calls to misuse.

This runs inside the sandbox that bubblewrap made, as its first process, and it is trusted: no byte of a student's has
been read yet. Every step either works or ends the process, so a weaker wall than asked for never stands. The parts
that are only there on Linux are bound here, on first use, since a learner's own machine need not have them.
"""

from __future__ import annotations

import ctypes
import os
import resource

from autograder.wall.both.protocol import Live

_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT, _MS_BIND = 1, 2, 4, 8, 32, 4096
_MS_TIMES = {1024: 1024, 2048: 2048, 4096: 1 << 21}
"""How times of access are kept: what statvfs says, and what mount wants to hear."""
_MS_STRICTATIME = 1 << 24
_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 4, 24, 22, 38, 47
_PR_CAP_AMBIENT_CLEAR_ALL, _SECCOMP_MODE_FILTER = 4, 2
_CAPABILITY_VERSION_3 = 0x20080522


class _FilterProgram(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def harden(live: Live, seccomp_filter: bytes) -> None:
    """Close what the orders say is closed. `seccomp_filter` is a BPF program, as libseccomp exports it."""
    libc = ctypes.CDLL(None, use_errno=True)
    mount_folder(live)
    _close_devices(libc)
    for name, limit in live.limits.items():
        resource.setrlimit(getattr(resource, name), (limit, limit))
    _drop_privileges(libc, live.uid)
    program = ctypes.create_string_buffer(seccomp_filter, len(seccomp_filter))
    descriptor = _FilterProgram(len(seccomp_filter) // 8, ctypes.cast(program, ctypes.c_void_p))
    _check(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(descriptor), 0, 0), "seccomp")


def mount_folder(live: Live) -> None:
    """The folder that can be written to, limited in size and in number of files."""
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"size={live.folder_mb}m,nr_inodes={live.folder_inodes},mode=1777".encode()
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    _check(libc.mount(b"tmpfs", live.folder.encode(), b"tmpfs", flags, options), f"mount {live.folder}")


def _close_devices(libc: ctypes.CDLL) -> None:
    """What is written to a device goes where it should, but its times and attributes are the machine's and seen by all:
    they stay as they are. Flags that the machine has set are kept, since a user may not take them away."""
    for name in os.listdir("/dev"):
        device = f"/dev/{name}"
        if not os.path.ismount(device):
            continue
        now = os.statvfs(device).f_flag
        times = sum(flag for told, flag in _MS_TIMES.items() if now & told) or _MS_STRICTATIME
        flags = now & (_MS_NOSUID | _MS_NODEV | _MS_NOEXEC) | times | _MS_RDONLY | _MS_REMOUNT | _MS_BIND
        _check(libc.mount(None, device.encode(), None, flags, None), f"remount {device}")


def _drop_privileges(libc: ctypes.CDLL, uid: int | None) -> None:
    """No capability in any set, no way to gain one, and, where root started us, another user."""
    for capability in range(64):
        if libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break  # past the last capability of this kernel
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _check(libc.capset(header, nothing), "capset")
    _check(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    _check(libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "dumpable")
    found = (ctypes.c_uint32 * 6)(*[1] * 6)
    _check(libc.capget(header, found), "capget")
    if any(found) or 0 in os.getresuid():
        raise SystemExit("the sandbox could not give up its privileges")


def _check(status: int, step: str) -> None:
    if status != 0:
        raise SystemExit(f"the sandbox failed at: {step}: {os.strerror(ctypes.get_errno())}")
