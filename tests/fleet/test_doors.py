"""Nobody but a run's own processes gets in: there is no port, and other users do not reach its sockets."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import miniature
import pytest
from conftest import descendants
from courses import Course

from autograder.classes import fleet
from autograder.classes.fleet import Job, Order
from autograder.notebooks import units
from autograder.notebooks.handed_in import HandedIn

STRANGER = """
import json, os, socket, sys
os.setgroups([]); os.setgid(65534); os.setuid(65534)
heard = []
for path in json.loads(sys.argv[1]):
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(path)
        heard.append(path)
    except OSError:
        pass
print(json.dumps(heard))
"""


def heard(paths: list[str]) -> list[str]:
    """Where another user of this machine is let in."""
    command = [sys.executable, "-I", "-c", STRANGER, json.dumps(paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def doors(top: int) -> set[str]:
    """Wherever a process or one below it waits for connections: addresses as the kernel writes them, and names."""
    return {door for pid in (top, *descendants(top)) for door in _listening(pid)}


def _listening(pid: int) -> Iterator[str]:
    sockets = set()
    try:
        for entry in os.scandir(f"/proc/{pid}/fd"):
            link = os.readlink(entry.path)
            if link.startswith("socket:["):
                sockets.add(link[8:-1])
        tables = {name: Path(f"/proc/{pid}/net/{name}").read_text() for name in ("tcp", "tcp6", "unix")}
    except OSError:
        return  # it ended meanwhile
    for name, table in tables.items():
        for fields in map(str.split, table.splitlines()[1:]):
            if name == "unix" and fields[6] in sockets and int(fields[3], 16) & 0x10000:
                yield f"unix {' '.join(fields[7:])}"
            if name != "unix" and fields[3] == "0A" and fields[9] in sockets:
                yield fields[1]


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def test_a_run_has_no_port_and_its_sockets_are_its_own() -> None:
    """Fails where a scheduler, a worker or what keeps a worker listens where any user of the machine can knock: who is
    let in runs code as the one who grades, and who is not can still flood it."""
    before = doors(os.getpid())
    order = Order(miniature.unit(), units.version(miniature.unit().unit))
    job = Job("ada", "", HandedIn(json.dumps(miniature.blank()).encode()))
    with fleet.fleet(None, 2) as client:
        [marked] = fleet.stream(client, order, [job])  # so that there is a sandbox, too
        found = doors(os.getpid()) - before
        assert len(found) == 5, "a scheduler, two workers, and what keeps each of them"
        assert all(door.startswith("unix /") for door in found), found
        folder = Path(client.run_on_scheduler(lambda dask_scheduler: dask_scheduler.local_directory))
        place = next(above for above in (folder, *folder.parents) if above.name.startswith("autograder-run-"))
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        sockets = [path for path in place.iterdir() if path.is_socket()]
        assert len(sockets) == 5
        if os.getuid() == 0:
            assert heard([str(path) for path in sockets]) == []
    assert marked.entry.report.status == "graded"


@pytest.mark.skipif(os.getuid() != 0, reason="nobody but root can become a stranger")
def test_a_stranger_is_heard_where_nothing_keeps_him_out() -> None:
    """The control."""
    with socket.socket(socket.AF_UNIX) as open_to_all, contextlib.ExitStack() as stack:
        path = f"/tmp/autograder-open-{os.getpid()}"
        open_to_all.bind(path)
        stack.callback(os.unlink, path)
        os.chmod(path, 0o777)
        open_to_all.listen()
        assert heard([path]) == [path]


def test_a_temporary_folder_with_a_long_name(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets have short names only, and a name may hold what an address may not."""
    folder = tmp_path / ("long: ä%20" * 12)
    folder.mkdir()
    course.submit("ada", miniature.blank())
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    done = course.here("grade", course.unit, "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert course.scores() == {"ada": 0.0}


def test_what_is_the_same_for_all_is_sent_once() -> None:
    """Fails where each task carries the assignment with the files beside it, and so up to 20 MB."""
    pickled = []

    class Counted(Order):
        def __reduce__(self):
            pickled.append(self)
            return Order, (self.assignment, self.version, self.figures, self.submissions, self.seed)

    order = Counted(miniature.unit(), units.version(miniature.unit().unit), submissions=40)
    jobs = [Job(f"s{number}", "", HandedIn(reason="There is nothing.")) for number in range(order.submissions)]
    with fleet.fleet(None, 1) as client:
        found = list(fleet.stream(client, order, jobs))
        left = client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.worker_plugins))
    assert len(found) == 40
    assert {marked.entry.report.reason for marked in found} == {"There is nothing."}
    assert len(pickled) == 1
    assert not [name for name in left if "order" in name], "a cluster that goes on keeps nothing of it"
