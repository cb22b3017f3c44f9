"""What a hostile notebook does to the machine that grades it. The control runs the same code in the same server, only
without a wall, and sees it succeed: on things that the test itself has put there."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import descendants, left_of
from miniature import QUICK, add, cell_of, graded, lost, notebook, right, unit, wall

from autograder.notebooks.submission import merge, parse
from autograder.session.session import Session
from autograder.wall.both.protocol import DescribeName, ReadVariable, RunCell, Value
from autograder.wall.both.wire import Unencodable, pack
from autograder.wall.outside import doctor, libraries
from autograder.wall.outside.child import Child
from autograder.wall.outside.lane import UnwalledLane
from autograder.wall.outside.policy import Policy
from autograder.wall.outside.process import Gone

pytestmark = pytest.mark.usefixtures("nothing_left")


def told(lane: Any, code: str, name: str = "told") -> Any:
    """What the code found out, run in a process of this lane."""
    child = lane.open()
    try:
        run = child.ask(RunCell(code), 20)
        assert run.raised is None, run.raised
        return child.ask(ReadVariable(name), 20).value
    finally:
        child.end()


def both(code: str) -> tuple[Any, Any]:
    """What the code found out behind the wall, and without one."""
    return told(wall(), code), told(UnwalledLane(), code)


class TestReading:
    def test_course_gradebook_submissions_home_environment_and_processes(self, tmp_path, monkeypatch):
        """Everything that a submission might like to read lies in plain sight without a wall, and is not there with."""
        secret = "a secret that only the grader may know"
        paths = [
            tmp_path / name for name in ("gradebook.db", "submitted/ben/01-bce/01-bce.ipynb", "source/01-bce.ipynb")
        ]
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(secret)
        os.chmod(tmp_path, 0o755)
        monkeypatch.setenv("GRADEBOOK_PASSWORD", secret)
        package = Path(sys.modules["autograder"].__file__ or "").resolve().parent
        paths += [
            package / "notebooks" / "units.py",
            package.parent / "course" / "01-bce",
            package.parent / "source" / "01-bce",
        ]
        paths += [Path("/etc/passwd"), Path("/etc/hostname"), Path("/home"), Path("/var")]
        code = f"""
import os
told = []
for path in {[str(path) for path in paths]!r}:
    try:
        told.append(path if os.path.isdir(path) and os.listdir(path) or open(path).read(1) else "")
    except OSError:
        pass
told += [value for value in os.environ.values() if "secret" in value]
for entry in os.listdir("/proc") if os.path.isdir("/proc") else ():
    if entry.isdigit():
        for name in ("environ", "cmdline", "maps", "mem"):
            try:
                with open(f"/proc/{{entry}}/{{name}}", errors="replace") as file:
                    told += [name] if {secret!r} in file.read(100_000) else []
            except OSError:
                pass
"""
        walled, open_ = both(code)
        assert walled == []
        assert {str(path) for path in paths[:6]} <= set(open_)
        assert secret in open_

    def test_importing_the_reference_the_suites_or_the_rest_of_us(self):
        code = """
import importlib
told = []
ours = ("autograder.notebooks.units", "autograder.kit", "autograder.session.session")
for name in (*ours, "nbgrader", "sklearn", "scipy"):
    try:
        importlib.import_module(name)
        told.append(name)
    except ImportError:
        pass
"""
        walled, open_ = both(code)
        assert walled == []
        assert {"autograder.notebooks.units", "autograder.kit"} <= set(open_)

    def test_what_is_there_is_what_the_docs_say(self):
        """Every file outside of the wall's own folders lies in one of those that docs/instructors.md names."""
        code = """
import os
told, waiting = [], ["/"]
while waiting:
    folder = waiting.pop()
    for entry in os.scandir(folder):
        if entry.path in LISTED or entry.path in ("/dev", "/proc", "/wall", "/tmp"):
            continue
        if entry.is_dir(follow_symlinks=False):
            waiting.append(entry.path)
        else:
            told.append(entry.path)
hidden = [path for path in HIDDEN if os.path.isdir(path) and os.listdir(path)]
"""
        lib = libraries.interpreter().parent.parent / "lib"
        listed = [
            "/lib",
            "/lib64",
            "/usr/lib",
            "/usr/lib64",
            str(lib),
            "/etc/ld.so.cache",
            str(libraries.interpreter()),
        ]
        code = f"LISTED, HIDDEN = {listed!r}, {list(map(str, libraries.site_folders()))!r}\n{code}\ntold += hidden"
        assert told(wall(), code) == []
        assert told(UnwalledLane(), "import os\ntold = os.listdir('/')")

    def test_host_paths_in_what_the_first_process_was_started_with(self, monkeypatch):
        """Fails where bubblewrap's options are on its command line, or its environment is the launcher's."""
        monkeypatch.setenv("MY_TOKEN", "x")
        code = """
told = ""
for path in ("/proc/1/cmdline", "/proc/1/environ", "/proc/self/environ"):
    try:
        told += open(path).read()
    except OSError:
        pass
"""
        seen = told(wall(), code)
        assert str(Path(__file__).resolve().parents[2]) not in seen
        assert "MY_TOKEN" not in seen
        assert "--ro-bind" not in seen

    def test_no_open_file_but_the_socket(self):
        """A descriptor that was left open would be a way out, or a place to write a report to."""
        code = """
import os
told = []
for number in range(256):
    try:
        told.append([number, os.fstat(number).st_mode])
    except OSError:
        continue
"""
        numbers, modes = zip(*told(wall(), code), strict=True)
        sockets = [mode for mode in modes if mode & 0o170000 == 0o140000]
        files = [mode for mode in modes if mode & 0o170000 == 0o100000]
        assert len(sockets) == 1
        assert files == []
        assert {0, 1, 2} <= set(numbers)


class TestWriting:
    def test_anywhere_outside(self, tmp_path):
        target = tmp_path / "outside"
        os.chmod(tmp_path, 0o777)
        places = [
            str(target),
            "/x",
            "/usr/x",
            "/dev/x",
            "/dev/shm/x",
            "/wall/x",
            "/wall/code/x",
            "/proc/sys/kernel/core_pattern",
        ]
        code = f"""
import os, sys
told = []
for path in {places!r} + [os.path.join(folder, "planted.py") for folder in sys.path if folder]:
    try:
        os.close(os.open(path, os.O_WRONLY | (0 if path.startswith("/proc") else os.O_CREAT | os.O_EXCL)))
        told.append(path)
    except OSError:
        pass
"""
        assert told(wall(), code) == []
        assert not target.exists()
        assert told(UnwalledLane(), code.replace(str(places), str(places[:1])).replace("if folder]", "if False]")) == [
            str(target)
        ]

    def test_the_next_student_finds_nothing_of_the_last_one(self, aim):
        """Start-up files, modules that shadow others, settings: all of it is gone with the sandbox."""
        plant = """
import os, site
for folder in (os.path.expanduser("~"), os.environ["IPYTHONDIR"] + "/profile_default/startup", ".", "/tmp"):
    os.makedirs(folder, exist_ok=True)
    for name in ("lesson.py", "numpy.py", "sitecustomize.py", "x.pth", "nbgrader_config.py", "00.py", "a.py"):
        with open(os.path.join(folder, name), "w") as file:
            file.write("raise SystemExit('planted')")
told = len(os.listdir("."))
"""
        assert told(wall(), plant) >= 7
        assert told(wall(), "import os\ntold = os.listdir('.')") == []
        its, name, _ = aim
        assert lost(graded(notebook(its, **{name: plant + right(its)[name]}))) == {}
        assert lost(graded(notebook(its))) == {}

    def test_the_disk_and_its_inodes(self):
        code = """
import os
told = [0, 0]
try:
    for number in range(300):
        with open(f"fill{number}", "wb") as file:
            told[0] += file.write(bytes(1 << 20))
except OSError:
    pass
for number in range(300):
    if os.path.exists(f"fill{number}"):
        os.unlink(f"fill{number}")
try:
    for number in range(4000):
        open(f"many{number}", "w").close()
        told[1] += 1
except OSError:
    pass
"""
        walled, open_ = both(code)
        limits = Policy().limits
        assert walled[0] <= limits.folder_mb << 20
        assert walled[1] <= limits.folder_inodes
        assert open_ == [300 << 20, 4000]


class TestNetwork:
    def test_a_listener_on_this_machine_hears_nothing(self):
        """Connections, datagrams, names, abstract sockets: not one call of the kind is there."""
        heard: list[str] = []
        with socket.socket() as server, socket.socket(socket.AF_UNIX) as local:
            server.bind(("127.0.0.1", 0))
            server.listen()
            server.settimeout(0.2)
            local.bind("\0attacks-" + str(os.getpid()))
            local.listen()
            local.settimeout(0.2)
            code = f"""
import socket
told = []
addresses = [("127.0.0.1", {server.getsockname()[1]}), "\\0attacks-{os.getpid()}"]
for family, address in zip((socket.AF_INET, socket.AF_UNIX), addresses):
    try:
        with socket.socket(family) as client:
            client.connect(address)
            told.append(str(family))
    except OSError:
        pass
try:
    one, other = socket.socketpair(socket.AF_UNIX)  # allowed: it reaches nobody
    one.sendto(b"x", "\\0attacks-{os.getpid()}")
    told.append("sendto")
except OSError:
    pass
"""

            def listen() -> None:
                for listener in (server, local):
                    try:
                        listener.accept()[0].close()
                        heard.append(str(listener.family))
                    except TimeoutError:
                        pass

            assert told(wall(), code) == []
            listen()
            assert heard == []
            assert len(told(UnwalledLane(), code)) == 2
            listen()
            assert len(heard) == 2


class TestProcesses:
    def test_no_fork_no_program_and_threads_have_an_end(self):
        """A bounded fork bomb. Without a wall each of ten works; behind it none does, by any road."""
        code = """
import os, subprocess, sys, threading, time
told = [0, 0, 0, 0]
for _ in range(10):
    try:
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        told[0] += 1
    except OSError:
        pass
nothing = [sys.executable, "-c", ""]
for call in (lambda: subprocess.run(nothing, check=True), lambda: os.posix_spawn(nothing[0], nothing, {})):
    try:
        pid = call()
        if isinstance(pid, int):
            os.waitpid(pid, 0)
        told[1] += 1
    except OSError:
        pass
told[2] = os.system("true") == 0
stop = threading.Event()
try:
    for _ in range(200):
        threading.Thread(target=stop.wait, daemon=True).start()
        told[3] += 1
except RuntimeError:
    pass
stop.set()
"""
        walled, open_ = both(code)
        assert walled[:3] == [0, 0, False]
        assert walled[3] < Policy().limits.threads
        assert open_ == [10, 2, True, 200]

    def test_a_daemon_does_not_outlive_the_grading(self, tmp_path, aim):
        """Without a wall it does: the control sees it, and ends it."""
        os.chmod(tmp_path, 0o777)
        mark = tmp_path / "alive"
        code = f"""
import os, time
told = -1
try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(3, 100):
                try:
                    os.close(number)
                except OSError:
                    pass
            while True:
                open({str(mark)!r}, "a").close()
                time.sleep(0.05)
        os._exit(0)
    told = os.wait()[0]
except OSError:
    pass
"""
        before = descendants(os.getpid())
        assert told(wall(), code) == -1
        its, name, _ = aim
        assert lost(graded(notebook(its, **{name: code + right(its)[name]}))) == {}
        assert left_of(os.getpid(), before) == set()
        assert not mark.exists()
        assert told(UnwalledLane(), code) > 0
        outlived = left_of(os.getpid(), before, patience=0.3)
        for pid in outlived:
            os.kill(pid, signal.SIGKILL)
        assert outlived
        assert mark.exists()

    def test_a_thread_that_goes_on_after_the_answer_is_dead_when_the_grading_is(self):
        code = (
            "import threading\n\n\ndef on():\n    while True: pass\n\n\nthreading.Thread(target=on).start()\ntold = 1"
        )
        before = descendants(os.getpid())
        assert told(wall(), code) == 1
        assert left_of(os.getpid(), before) == set()

    def test_signals_and_tracing(self):
        """Somebody else's process on this machine, started by the test, is out of reach in every way."""
        with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as victim:
            code = f"""
import ctypes, os, signal
libc = ctypes.CDLL(None, use_errno=True)
told = []
for number in {[victim.pid, os.getpid()]!r}:
    try:
        os.kill(number, 0)
        told.append("seen")
    except OSError:
        pass
    if libc.ptrace(16, {victim.pid}, 0, 0) == 0:  # attach
        libc.waitpid({victim.pid}, 0, 0)
        libc.ptrace(17, {victim.pid}, 0, 0)  # and let go
        told.append("traced")
try:
    os.kill({victim.pid}, signal.SIGTERM)
    told.append("ended")
except OSError:
    pass
try:
    os.kill(1, signal.SIGKILL)
    os.kill(-1, signal.SIGTERM) if {victim.pid} not in (0, 1) and os.getpid() < 10 else None
except OSError:
    pass
"""
            signal_all = told_or_gone(wall(), code)
            assert signal_all in ([], "gone")
            assert victim.poll() is None
            unwalled = code.replace("os.kill(1, signal.SIGKILL)", "pass")
            assert {"seen", "ended"} <= set(told(UnwalledLane(), unwalled))
            victim.wait(10)

    def test_a_sandbox_outlives_the_thread_that_asked_for_it(self):
        """`--die-with-parent` means the thread that started it. Fails where that is the caller's."""
        made: list[Child] = []
        thread = threading.Thread(target=lambda: made.append(wall().open()))  # type: ignore[arg-type]
        thread.start()
        thread.join()
        time.sleep(0.3)
        try:
            assert made[0].ask(DescribeName("print"), 10).callable is False
        finally:
            made[0].end()

    def test_a_grader_that_is_killed_leaves_no_sandbox(self, tmp_path):
        """Busy ones, which do not notice that nobody listens any more. Fails without `--die-with-parent`."""
        code = (
            "import sys, threading, time\nfrom autograder.wall.outside import doctor\n"
            "children = [doctor.best().open(), doctor.fastest().open()]\n"
            "endless = {'op': 'run', 'source': 'while True: pass'}\n"
            "for child in children:\n    threading.Thread(target=child.ask, args=(endless, 60), daemon=True).start()\n"
            "time.sleep(0.5)\nprint('open', flush=True)\ntime.sleep(60)"
        )
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
        grader = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment)
        assert grader.stdout is not None
        assert grader.stdout.readline() == b"open\n"
        below = descendants(grader.pid)
        assert len(below) >= 6
        grader.kill()
        grader.wait()
        grader.stdout.close()
        end = time.monotonic() + 5
        while (left := {pid for pid in below if is_running(pid)}) and time.monotonic() < end:
            time.sleep(0.02)
        for pid in left:
            os.kill(pid, signal.SIGKILL)  # this test started them, and found that nobody else ends them
        assert not left


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def told_or_gone(lane: Any, code: str) -> Any:
    try:
        return told(lane, code)
    except Gone:
        return "gone"


class TestSystemCalls:
    def test_calls_by_the_old_road_are_no_way_round_the_filter(self):
        """32-bit calls have other numbers. The filter ends a process that makes one: here it is the whole notebook."""
        if os.uname().machine != "x86_64":
            pytest.skip("the old calls are the x86 family's own")
        code = """
import ctypes, mmap
# mov eax, 20 (getpid of the 32-bit calls); int 0x80; ret
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))
told = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
"""
        assert told_or_gone(wall(), code) == "gone"

    def test_calls_of_the_x32_kind_are_no_way_round_the_filter(self):
        """The same calls once more, under numbers with one bit more, where the kernel has them."""
        if os.uname().machine != "x86_64":
            pytest.skip("the x32 calls are the x86 family's own")
        code = "import ctypes\ntold = ctypes.CDLL(None).syscall(0x40000000 | 39)"
        assert told_or_gone(wall(), code) == "gone"
        assert told(UnwalledLane(), code) != 0

    REFUSED = (
        "bpf cachestat fadvise64 fanotify_init flock fsopen inotify_init1 io_uring_enter io_uring_register "
        "io_uring_setup kcmp keyctl listmount memfd_create memfd_secret mincore mlock mlock2 mount_setattr "
        "move_mount name_to_handle_at open_by_handle_at open_tree perf_event_open pidfd_getfd pidfd_open "
        "process_madvise process_vm_readv process_vm_writev ptrace readahead remap_file_pages sched_setaffinity "
        "sched_setattr sched_setscheduler setns setpriority shmget statmount sync_file_range syncfs unshare "
        "userfaultfd"
    )

    def test_what_no_lesson_needs_of_the_kernel_is_refused_before_anybody_looks_at_the_arguments(self):
        """With arguments that make no sense: whoever looks at them says something else than that it is not allowed."""
        import pyseccomp

        numbers = {name: pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) for name in self.REFUSED.split()}
        code = f"""
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
told = []
for name, number in {numbers!r}.items():
    if number >= 0:
        ctypes.set_errno(0)
        libc.syscall(number, -1, -1, -1, -1, -1, -1)
        told.append([name, errno.errorcode.get(ctypes.get_errno())])
"""
        walled, open_ = (dict(map(tuple, found)) for found in both(code))
        assert len(walled) > 25
        assert set(walled.values()) == {"EPERM"}, walled
        assert [name for name, error in open_.items() if error not in ("EPERM", "ENOSYS")]

    def test_locks_leases_and_notices_on_a_file_by_any_spelling(self):
        """Each of them can be seen by a neighbour who has the same read-only file open."""
        if os.uname().machine != "x86_64":
            pytest.skip("written down for one machine; the filter is built the same way for all")
        code = """
import ctypes, fcntl, os, struct
libc = ctypes.CDLL(None, use_errno=True)
shared, own = os.open(os.__file__, os.O_RDONLY), os.open("own", os.O_RDWR | os.O_CREAT)
lock = ctypes.create_string_buffer(struct.pack("hhlli", fcntl.F_RDLCK, 0, 0, 0, 0), 64)
told = []
for command in (6, 7, 37, 38, 1024, 1026, 1035, 1036, 9, 16):
    for number in (command, command | 1 << 32, command | 1 << 63):
        if command != 1024 or number == command:
            done = libc.syscall(72, own, ctypes.c_ulong(number), lock)
            told += [number] * (done >= 0)
            fcntl.fcntl(own, fcntl.F_SETFD, fcntl.fcntl(own, fcntl.F_GETFD))
try:
    fcntl.flock(shared, fcntl.LOCK_EX | fcntl.LOCK_NB)
    told.append("flock")
except OSError:
    pass
os.close(fcntl.fcntl(shared, fcntl.F_DUPFD_CLOEXEC, 9))
"""
        walled, open_ = both(code)
        assert walled == []
        assert {6, 6 | 1 << 32, 37, "flock"} <= set(open_)

    def test_nobody_asks_or_tells_the_kernel_what_of_a_shared_file_lies_in_memory(self):
        """By a call whose other uses are needed: told by its argument, in any spelling of it."""
        code = """
import ctypes, mmap, os
libc = ctypes.CDLL(None, use_errno=True)
libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_ulong)
shared = os.open(os.__file__, os.O_RDONLY)
page = libc.mmap
page.restype, page.argtypes = ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long)
told, mapped = [], page(None, 4096, 1, 1, shared, 0)
for advice in (3, 12, 20, 21, 22, 25):
    for number in (advice, advice | 1 << 32):
        told += [f"advice {number}"] * (libc.madvise(mapped, 4096, number) == 0)
for name, use in {
    "drop": lambda: os.posix_fadvise(shared, 0, 0, os.POSIX_FADV_DONTNEED),
    "peek": lambda: os.preadv(shared, [bytearray(9)], 0, os.RWF_NOWAIT),
    "read": lambda: os.preadv(shared, [bytearray(9)], 0),
    "give back": lambda: mmap.mmap(-1, 1 << 22).madvise(mmap.MADV_DONTNEED),
    "large": lambda: mmap.mmap(-1, 1 << 22).madvise(mmap.MADV_HUGEPAGE),
    "reserve": lambda: os.posix_fallocate(os.open("own", os.O_RDWR | os.O_CREAT), 0, 9),
}.items():
    try:
        use()
        told.append(name)
    except OSError:
        pass
"""
        walled, open_ = both(code)
        assert set(walled) <= {"read", "give back", "large", "reserve"}
        assert {"read", "give back", "reserve"} <= set(walled)
        assert {"drop", "peek", "advice 3", f"advice {20 | 1 << 32}"} <= set(open_)

    def test_root_is_nobody_inside(self):
        """Fails where root's sandbox has a user namespace: the kernel would still take its processes for root's."""
        code = """
import os
told = [*os.getresuid(), *os.getresgid(), len(os.getgroups())]
try:
    open("/proc/sys/kernel/core_pattern", "r+").close()
    told.append("core_pattern")
except OSError:
    pass
for step, *values in ((os.setuid, 0), (os.setgroups, [0]), (os.chroot, "."), (os.mknod, "node", 0o20666, 0x101)):
    try:
        step(*values)
        told.append("privileged")
    except OSError:
        pass
"""
        seen = told(wall(), code)
        assert len(seen) == 7, seen
        assert 0 not in seen[:6]


class TestMemory:
    def test_memory_is_bounded_however_it_is_asked_for(self):
        small = replace(wall(), policy=Policy(limits=replace(Policy().limits, memory_mb=512)))  # type: ignore[type-var]
        code = """
import mmap, os
hoard, told = [], 0
try:
    while told < 640:
        hoard.append(bytearray(16 << 20))
        told += 16
except MemoryError:
    pass
hoard.clear()
shared = 0
try:
    while shared < 640:
        hoard.append(mmap.mmap(-1, 16 << 20))
        shared += 16
except (OSError, MemoryError):
    pass
hoard.clear()
told = [told, shared]
"""
        walled = told(small, code)
        assert max(walled) <= 512
        assert told(UnwalledLane(), code) == [640, 640]

    def test_values_that_the_grader_keeps_are_bounded(self, aim):
        """Each test keeps what its visible call returned. Forty of the largest must not add up to gigabytes."""
        its, name, _ = aim
        result = graded(notebook(its, **{name: f"def {name}(*_):\n    return np.zeros(50 << 17)"}))
        assert "a value that is too large" in cell_of(result, name).message


class TestProtocol:
    """The socket to the grader is the one thing that a student's process has. These hold it in their hands."""

    SOCKET = """
import os, socket, stat


def _kind(number):
    try:
        return stat.S_ISSOCK(os.fstat(number).st_mode)
    except OSError:
        return False


_number = next(number for number in range(3, 256) if _kind(number))
"""

    @pytest.mark.parametrize(
        ("unit", "one", "other"), [("01-bce", "kl_bernoulli", "binary_entropy"), ("02-rmse", "mae", "gaussian_nll")]
    )
    def test_replies_that_were_sent_before_they_were_asked_for(self, unit, one, other):
        """Sent from the cell and from the function: each time the process is ended, and others keep their points."""
        forged = pack(Value(0.5))
        cell = self.SOCKET + f"os.write(_number, {forged!r})\n"
        function = (
            self.SOCKET + f"def {other}(q, *_):\n    os.write(_number, {forged!r} * 3)\n    return 0 * np.array(q)\n"
        )
        made = notebook(unit, **{one: f"{cell}def {one}(q, p): return 0", other: function})
        result = graded(made)
        assert result.report.status == "graded"
        assert lost(result).keys() == {one, other}
        assert {score for _, score in lost(result).values()} == {0.0}

    def test_one_that_answers_in_the_servers_place(self, aim):
        """It reads the request itself and may say anything: it is believed as far as its values are right."""
        taking_over = (
            self.SOCKET
            + """
def NAME(q, *_):
    from autograder.wall.both.channel import Channel
    from autograder.wall.both.wire import encode
    import socket
    channel = Channel(socket.socket(fileno=_number))
    import sys
    frame = sys._getframe()
    while "token" not in frame.f_locals:
        frame = frame.f_back
    token = frame.f_locals["token"]
    channel._arrived = frame.f_locals["channel"]._arrived
    while True:
        channel.send(encode(REPLY, token))
        token, _ = channel.receive()
"""
        )
        its, name, other = aim
        replies = (
            "['Value', [0.5] * len(q)]",
            "['Value']",
            "5",
            "['Raised', 7, 1, '', '']",
            "['CellRan', [[[]]], None]",
            "['Raised', 'x' * 9999, False, 'y', '\\x1b[2J']",
        )
        for reply in replies[name == "rmse" :: 2]:  # half of them on each kind of lane
            code = taking_over.replace("REPLY", reply).replace("NAME", name)
            result = graded(notebook(its, **{name: code}))
            assert result.report.status == "graded"
            assert cell_of(result, name).score == 0
            assert "\x1b" not in result.report.json()
        if reply == replies[-1]:  # of the right form: it answered for the other functions as well, and earned that
            assert cell_of(result, other).score == 0

    def test_one_that_raises_where_it_was_asked_for_an_answer(self, aim):
        """Fails where a forged error in the reply to another question leaves the grader."""
        raising = (
            self.SOCKET
            + """
from autograder.wall.both.protocol import Raised, ReadVariable
from autograder.wall.inside import server

_said = server._reply
server._reply = lambda shell, request: (
    Raised("Boo", True, "", "") if isinstance(request, ReadVariable) else _said(shell, request)
)
"""
        )
        its, name, _ = aim
        result = graded(add(notebook(its), raising))
        assert result.report.status == "graded"
        answers = [task.name for task in unit(its).tasks if task.kind == "answer"]
        assert {cell_of(result, answer).score for answer in answers} == {0}
        assert cell_of(result, name).state == "passed"

    def test_an_endless_reply_ends_with_the_call(self, aim):
        trickle = (
            self.SOCKET
            + """
def NAME(*_):
    import time

    while True:
        os.write(_number, b"L")
        time.sleep(0.05)
"""
        )
        began = time.monotonic()
        its, name, _ = aim
        result = graded(notebook(its, **{name: trickle.replace("NAME", name)}))
        assert cell_of(result, name).score == 0
        assert time.monotonic() - began < 3 * QUICK.call_seconds + 10

    def test_a_request_that_cannot_be_sent_is_not_the_students_fault(self, aim):
        """A suite that asks with a value that cannot cross is at fault itself: no state of the student's, no points."""
        its, name, _ = aim
        inputs, right_value = (([0.5],), np.log(2)) if name == "binary_entropy" else (([0.5], [0.25]), 0.25)
        cells, _ = parse(json.dumps(notebook(its)).encode())
        with Session(wall(), merge(cells, unit(its)), unit(its).files, QUICK) as session:
            with pytest.raises(Unencodable):
                session.call(name, (np.array([1j]),), {})
            assert np.allclose(session.call(name, inputs, {}), right_value)

    def test_a_cell_that_reads_the_socket_dry(self):
        """Sooner or later it gets a request before the server does: nobody answers, and the deadline ends it."""
        eating = (
            self.SOCKET
            + """
import threading

threading.Thread(target=lambda: [os.read(_number, 9) for _ in range(99)], daemon=True).start()
"""
        )
        child = wall().open()
        try:
            child.ask(RunCell(eating), 10)
            with pytest.raises(Gone):
                [child.ask(DescribeName("x"), 1.0) for _ in range(500)]
        finally:
            child.end()


def test_matplotlib_finds_its_font_list_and_builds_none():
    """Fails without the list that is handed in: half a second more for each sandbox."""
    code = """
import logging
told = []


class Listen(logging.Handler):
    def emit(self, record):
        told.append(record.getMessage())


logger = logging.getLogger("matplotlib.font_manager")
logger.setLevel(logging.INFO)
logger.addHandler(Listen())
import matplotlib.font_manager
"""
    said = told(wall(), code)
    assert not [line for line in said if "generated new fontManager" in line]
    bare = doctor.best()  # a warm parent has loaded its fonts long before
    removed = code.replace(
        "import matplotlib.font_manager",
        "import os, shutil\nshutil.rmtree(os.environ['MPLCONFIGDIR'])\nimport matplotlib.font_manager",
    )
    assert [line for line in told(bare, removed) if "generated new fontManager" in line]
