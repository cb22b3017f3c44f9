"""Nobody but a run's own processes gets in: every port on which one of them listens refuses other users."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import miniature
import pytest
from conftest import descendants
from courses import cluster

from autograder.classes import fleet
from autograder.classes.fleet import Job, Order
from autograder.nbgrader import entry as marking
from autograder.notebooks.handed_in import HandedIn

STRANGER = """
import asyncio, json, os, socket, ssl, sys
from distributed.comm import connect
from distributed.security import Security

def greet(port):
    # What answers before it has seen a certificate: Dask says hello first, a web server answers a request.
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.settimeout(3)
        line.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
        try:
            said = line.recv(1000)
        except OSError:
            return ""
        return "" if said[:1] == b"\\x15" else said.decode("latin-1")  # with this byte TLS says no

async def ask(address, security):
    try:
        line = await connect(address, timeout=5, **security.get_connection_args("client"))
        await line.write({"op": "identity", "reply": True})
        return repr(await asyncio.wait_for(line.read(), 5))
    except (OSError, ValueError, asyncio.TimeoutError):
        return ""

async def main(ports):
    secure, plain = Security.temporary(), Security()
    if os.getuid() == 0:
        os.setgroups([]); os.setgid(65534); os.setuid(65534)
    tries = {}
    for port in ports:
        tries[f"{port} hello"] = asyncio.to_thread(greet, port)
        tries[f"{port} tcp"] = ask(f"tcp://127.0.0.1:{port}", plain)
        tries[f"{port} tls"] = ask(f"tls://127.0.0.1:{port}", secure)
    return dict(zip(tries, await asyncio.gather(*tries.values())))

print(json.dumps(asyncio.run(main(json.loads(sys.argv[1])))))
"""


def answers(ports: list[int]) -> dict[str, str]:
    """What another user of this machine gets to hear, port by port; as root, a user without any rights."""
    command = [sys.executable, "-c", STRANGER, json.dumps(ports)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def doors(top: int) -> set[str]:
    """Wherever a process or one below it waits for connections: addresses as the kernel writes them, and names."""
    return {door for pid in (top, *descendants(top)) for door in _listening(pid)}


def ports(found: set[str]) -> list[int]:
    return sorted(int(door.rpartition(":")[2], 16) for door in found if not door.startswith("unix"))


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
                yield f"unix {fields[7:]}"
            if name != "unix" and fields[3] == "0A" and fields[9] in sockets:
                yield fields[1]


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def test_every_door_of_a_run_is_closed_to_other_users() -> None:
    """Fails where a scheduler, a worker or what keeps a worker answers to somebody without the run's certificate."""
    before = doors(os.getpid())
    order = Order(miniature.unit(), marking.version(miniature.unit().unit))
    job = Job("ada", "", HandedIn(json.dumps(miniature.blank()).encode()))
    with fleet.fleet(None, 2) as client:
        [marked] = fleet.stream(client, order, [job])  # so that there is a sandbox, too
        found = doors(os.getpid()) - before
        heard = answers(ports(found))
    assert marked.entry.report.status == "graded"
    assert len(heard) == 3 * 5, "a scheduler, two workers, and what keeps each of them"
    assert all(door.startswith("0100007F:") for door in found), found
    assert not {door: said for door, said in heard.items() if said}


def test_what_is_the_same_for_all_is_sent_once() -> None:
    """Fails where each task carries the assignment with the files beside it, and so up to 20 MB."""
    pickled = []

    class Counted(Order):
        def __reduce__(self):
            pickled.append(self)
            return Order, (self.assignment, self.version, self.figures, self.submissions, self.seed)

    order = Counted(miniature.unit(), marking.version(miniature.unit().unit), submissions=40)
    jobs = [Job(f"s{number}", "", HandedIn(reason="There is nothing.")) for number in range(order.submissions)]
    with fleet.fleet(None, 1) as client:
        found = list(fleet.stream(client, order, jobs))
        left = client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.worker_plugins))
    assert len(found) == 40
    assert {marked.entry.report.reason for marked in found} == {"There is nothing."}
    assert len(pickled) == 1
    assert not [name for name in left if "order" in name], "a cluster that goes on keeps nothing of it"


def test_a_stranger_is_heard_where_nothing_keeps_him_out(tmp_path: Path) -> None:
    """The control: a cluster without certificates answers the same questions."""
    with cluster(tmp_path, workers=1) as theirs:
        port = int(theirs.address.rpartition(":")[2])
        heard = answers([port])
    assert heard[f"{port} hello"]
    assert "Scheduler" in heard[f"{port} tcp"]
