"""The filter on system calls: no new processes or programs, no network, no looking at others, no kernel machinery."""

from __future__ import annotations

import errno
import functools
import tempfile
from collections.abc import Iterator
from typing import Any

_FORBIDDEN = {
    "new processes and programs": "fork vfork execve execveat",
    "other processes": "ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_open pidfd_getfd "
    "pidfd_send_signal process_mrelease",
    "network": "socket connect bind listen accept accept4",
    "namespaces and mounts": "unshare setns mount umount umount2 pivot_root chroot move_mount open_tree fsopen fsmount "
    "fsconfig fspick mount_setattr",
    "channels to neighbours by files that both can see": "flock inotify_init inotify_init1 inotify_add_watch "
    "inotify_rm_watch",
    "what of a shared file lies in memory": "cachestat mincore fadvise64 fadvise64_64 arm_fadvise64_64 readahead "
    "sync_file_range sync_file_range2 remap_file_pages mlock mlock2",
    "more of the machine than its share": "sched_setaffinity sched_setattr sched_setparam sched_setscheduler "
    "setpriority ioprio_set sync syncfs",
    "privileges": "setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset personality",
    "kernel": "bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register keyctl add_key "
    "request_key init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff syslog acct "
    "quotactl quotactl_fd iopl ioperm modify_ldt vhangup nfsservctl lookup_dcookie settimeofday clock_settime "
    "clock_adjtime adjtimex sethostname setdomainname",
    "counted for the whole machine": "io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents timer_create",
    "memory and queues outside the limits": "memfd_create memfd_secret shmget shmat shmctl shmdt msgget msgsnd msgrcv "
    "msgctl semget semop semctl semtimedop mq_open mq_unlink mbind migrate_pages move_pages set_mempolicy mlockall",
    "files by other ways": "open_by_handle_at name_to_handle_at fanotify_init mknod mknodat",
}

_NEWER = range(424, 512)
"""Calls that came after 2019, which have one number on every architecture. A library that does not know one cannot
forbid it by its name, and nobody has looked at those to come."""
_NEWER_ALLOWED = {436, 437, 439, 441, 449, 452, 454, 455, 456, 462}
"""close_range, openat2, faccessat2, epoll_pwait2, futex_waitv, fchmodat2, three more of futex, mseal."""

_CLONE_THREAD = 0x00010000
_CLONE_NEW = 0x7E020000 | 0x80
"""Every flag of clone that asks for a new namespace."""
_AF_UNIX = 1

_FCNTL = {0, 1, 2, 3, 4, 1030, 1032}
"""All of fcntl that is needed: duplicate, the flags of a descriptor and of a file, the size of a pipe. Locks, leases,
notices and hints belong to the file and are seen by everybody who has it open, read-only or not."""


_MADVISE = {0, 4, 8, 10, 11, 14, 15, 16, 17}
"""All of madvise that is needed: nothing special, give memory back, what a fork and a dump hold, and huge pages. Other
advice moves pages of shared files into memory or out of it, or lets the kernel merge memory with a neighbour's."""


class NoSeccomp(RuntimeError):
    """The filter cannot be built here. The message says what to install."""


@functools.cache
def program() -> bytes:
    """The filter as a BPF program for this machine's architecture. Raises `NoSeccomp`."""
    try:
        import pyseccomp
    except (ImportError, RuntimeError, OSError) as error:
        raise NoSeccomp(
            "The library libseccomp is missing. Install it (Debian and Ubuntu: apt-get install libseccomp2; "
            "Fedora: dnf install libseccomp)."
        ) from error
    refuse = pyseccomp.ERRNO(errno.EPERM)
    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    for names in _FORBIDDEN.values():
        for name in names.split():
            _add(rules, refuse, name)
    # Threads are allowed, processes and namespaces are not. The flags of clone3 lie in memory, where a filter cannot
    # look, so it does not exist here, as little as other new calls, and the C library falls back to clone.
    forbidden = {
        pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) for name in " ".join(_FORBIDDEN.values()).split()
    }
    for number in sorted(set(_NEWER) - _NEWER_ALLOWED - forbidden):
        rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), number)
    _add(rules, refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _CLONE_THREAD, 0))
    for bit in range(32):
        if _CLONE_NEW >> bit & 1:
            _add(rules, refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, 1 << bit, 1 << bit))
    # An event loop wakes itself up through a pair of connected sockets; those reach nobody else.
    _add(rules, refuse, "socketpair", pyseccomp.Arg(0, pyseccomp.NE, _AF_UNIX))
    _add(rules, refuse, "ioctl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, 0x5412))  # TIOCSTI
    # Python reads and writes by these as well, without a flag. One of the flags is to read what lies in memory only.
    for name in ("preadv2", "pwritev2"):
        _add(rules, refuse, name, pyseccomp.Arg(5, pyseccomp.NE, 0))
    for name, place, allowed in (("fcntl", 1, _FCNTL), ("madvise", 2, _MADVISE)):
        for mask, value in _all_but(allowed):
            _add(rules, refuse, name, pyseccomp.Arg(place, pyseccomp.MASKED_EQ, mask, value))
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _all_but(allowed: set[int]) -> Iterator[tuple[int, int]]:
    """Masks and values that together match each number of 32 bits but these. The kernel looks at no further bits."""
    waiting = [(0, 0, 31)]
    while waiting:
        mask, value, bit = waiting.pop()
        if not any(number & mask == value for number in allowed):
            yield mask, value
        elif bit >= 0:
            waiting += [(mask | 1 << bit, value | one << bit, bit - 1) for one in (0, 1)]


def _add(rules: Any, action: int, name: str, *arguments: object) -> None:
    import pyseccomp

    number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
    if number != -1:  # else a call that this libseccomp does not know
        rules.add_rule(action, number, *arguments)
