"""Many submissions at once: a cluster of worker processes, on this machine or on others.

The assignment goes to each worker once, and a task carries its submissions' bytes, so that a worker needs this package
and nothing else. Student bytes are decoded in the worker; what comes back are our own records. A task may run twice,
and may end its worker: neither loses a submission.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from typing import Any

import dask
from distributed import (
    Client,
    Future,
    KilledWorker,
    Nanny,
    Scheduler,
    SpecCluster,
    Worker,
    WorkerPlugin,
    as_completed,
    get_worker,
)
from distributed.comm.core import CommClosedError
from distributed.security import Security

from autograder.classes import transport
from autograder.classes.scratch import scratch
from autograder.grading.mark import mark, ungraded
from autograder.nbgrader import entry
from autograder.nbgrader.entry import Marked
from autograder.notebooks import units
from autograder.notebooks.assignment import Assignment
from autograder.notebooks.handed_in import HandedIn
from autograder.wall.outside import doctor, importable, private
from autograder.wall.outside.policy import Figures
from autograder.wall.outside.process import NoWall

MOST, MOST_BYTES = 20, 4 << 20
"""Submissions in one task, by number and by size: the cluster's own work is a small share of it, and little is lost
where a worker is. A small class is divided further, so that every worker has something to do."""

_WAIT_SECONDS = 120.0
"""How long a cluster may be without any worker."""

_ANSWER_SECONDS = 15.0
"""How long a scheduler may take to answer."""

_PR_SET_PDEATHSIG = 1

_START = "dask worker ADDRESS --nthreads 1 --nworkers -1"

_SETTINGS = {
    "distributed.scheduler.allowed-failures": 1,
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.comm.timeouts.connect": "10s",
    "distributed.comm.retry.count": 0,
    "distributed.admin.large-graph-warning-threshold": "1GB",
    # Dask would keep the last thousand messages for its developers, and with them what thousands handed in.
    "distributed.admin.low-level-log-length": 10,
    "distributed.logging.distributed": "critical",
}


class FleetLost(RuntimeError):
    """The cluster is gone, or cannot do this. What was graded is kept. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Job:
    """One submission on its way to a worker."""

    student: str
    key: str
    handed_in: HandedIn


@dataclass(frozen=True, slots=True)
class Order:
    """What is the same for all submissions of a run."""

    assignment: Assignment
    version: str
    figures: Figures = "own"
    submissions: int = MOST
    """How many there may be in all."""
    seed: int = field(default_factory=lambda: secrets.randbits(63))
    """Of the hidden inputs: the same for a whole run, so that a test need not look at the same replies twice."""


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def fleet(scheduler: str | None, workers: int | None) -> Iterator[Client]:
    """A client of the scheduler at this address, or else of a cluster of processes that lives as long as this."""
    with dask.config.set(_SETTINGS), contextlib.ExitStack() as stack:
        _silence()
        if scheduler is None:
            if trouble := private.trouble():
                raise FleetLost(trouble)
            folder = str(stack.enter_context(scratch()))
            # By itself Dask takes a folder of a well-known name beside it, which another user may have made.
            stack.enter_context(dask.config.set({"temporary-directory": folder}))
            cluster = _processes_here(workers or cores(), folder)
            stack.callback(_quietly, cluster.close)
            client = Client(cluster)
        else:
            client = _client_of(scheduler)
        stack.callback(_quietly, client.close)
        yield client


def stream(
    client: Client, order: Order, jobs: Iterable[Job], *, meanwhile: Callable[[], object] = lambda: None
) -> Iterator[Marked]:
    """Each submission's result, as soon as it is there; `meanwhile` is called again and again while none is. Raises
    `FleetLost` and `NoWall`.

    Only as many submissions are read as keep the workers busy. Those whose task ended its worker, several times over,
    are tried again one by one when nothing else runs, so that none is blamed for its neighbour's fault."""
    suspects: list[Job] = []
    share = max(1, min(MOST, order.submissions // (4 * max(1, _threads(client)))))
    with _told(client, order) as name:
        yield from _stream(client, name, _batches(jobs, share), suspects, meanwhile)
        for job in suspects:
            alone: list[Job] = []
            yield from _stream(client, name, iter([(job,)]), alone, meanwhile)
            for poison in alone:
                reason = "Grading this submission ended the grader's own process, each time it was tried. Look into it."
                yield entry.marked(
                    poison.student, poison.key, ungraded(order.assignment, reason, final=False), order.version
                )


_Results = list[Marked] | str
"""What comes of a task. A sentence instead of results where this worker cannot grade at all."""


def mark_all(name: str, jobs: tuple[Job, ...]) -> _Results:
    """What a worker does."""
    told = get_worker().plugins.get(name)
    if not isinstance(told, _Told):
        return "was not told what to grade"
    order = told.order
    if units.version(order.assignment.unit) != order.version:
        return "has another version of this package. Install the same one as here"
    if missing := importable.missing(order.assignment.packages):
        return f"cannot grade this course: {missing}"
    try:
        lane = doctor.fastest(order.assignment.packages)  # made once in each worker process, and warm from then on
    except NoWall as error:
        return f"cannot keep student code behind a wall. {error}"
    return [
        entry.marked(
            job.student,
            job.key,
            mark(order.assignment, job.handed_in, lane, seed=order.seed, figures=order.figures),
            order.version,
        )
        for job in jobs
    ]


class _Told(WorkerPlugin):
    """Brings the order to each worker once, also to one that comes later or comes again."""

    def __init__(self, order: Order) -> None:
        self.name = f"autograder-order-{secrets.token_hex(8)}"
        self.order = order


@contextlib.contextmanager
def _told(client: Client, order: Order) -> Iterator[str]:
    """The workers know this order, by a name."""
    told = _Told(order)
    with _explained():
        for tries_left in (2, 1, 0):
            try:
                client.register_plugin(told)
                break
            except OSError:  # a worker that is just ending
                if not tries_left or client.status != "running":
                    raise
                time.sleep(1)
    try:
        yield told.name
    finally:
        with contextlib.suppress(Exception):
            if client.status == "running":
                client.unregister_worker_plugin(told.name)


class _Closed:
    """A part of a cluster into which nobody else has a way.

    It has no web server, which Dask gives to each and which asks nobody for a certificate. And it does not look for
    modules where it writes: once that folder is gone, another user could make one of its name."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        before = list(sys.path)
        super().__init__(*arguments, **options)
        sys.path[:] = before

    def start_http_server(self, *_: object, **__: object) -> None:
        pass


class _Scheduler(_Closed, Scheduler):
    pass


class _Nanny(_Closed, Nanny):
    pass


class _Worker(_Closed, Worker):
    """Ctrl-C is for the command. A terminal sends it to all processes, and each worker would print a traceback.

    With the command each worker dies, and with that its sandboxes, even one that is too busy to notice by itself."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        signal.signal(signal.SIGINT, lambda *_: None)  # and not SIG_IGN, which students' processes would inherit
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        super().__init__(*arguments, **options)


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Ctrl-C waits until this is over, and is blocked for good in the threads and processes that are started here."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _processes_here(workers: int, folder: str) -> SpecCluster:
    """A scheduler in this process, and workers in processes of their own.

    Any user of this machine could reach a port, and who is let in can run code as the one who grades. So there is
    none: they talk over sockets in this folder, which is nobody else's."""
    common = {"host": transport.host(folder), "protocol": transport.PROTOCOL, "security": Security()}
    options = {
        **common,
        "worker_class": _Worker,
        "nthreads": 1,
        "memory_limit": 1.0 / workers,
        "local_directory": folder,
        "env": {"TMPDIR": folder},  # a worker is ended without a chance to tidy up
        "silence_logs": logging.CRITICAL,
    }
    # Where this starts with the first process instead, it lets Ctrl-C through to all of them.
    resource_tracker.ensure_running()
    try:
        with _deaf():
            return SpecCluster(
                scheduler={"cls": _Scheduler, "options": {**common, "port": 0, "dashboard": False}},
                workers={number: {"cls": _Nanny, "options": options} for number in range(workers)},
                security=Security(),
                silence_logs=logging.CRITICAL,
            )
    except (OSError, ValueError) as error:
        raise FleetLost(f"The worker processes could not be started: {error}.") from error


def _client_of(scheduler: str) -> Client:
    try:
        return Client(scheduler, timeout=_ANSWER_SECONDS, set_as_default=True)
    except TypeError as error:  # an address that begins with tls://, and no certificates
        raise FleetLost(f"{scheduler} needs certificates: see docs/instructors.md on TLS.") from error
    except (OSError, ValueError) as error:
        sentence = f"No scheduler answers at {scheduler}. Start one with: dask scheduler"
        raise FleetLost(sentence) from error


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """What goes wrong between here and the workers, as `FleetLost`."""
    try:
        yield
    except (TimeoutError, CommClosedError, CancelledError, asyncio.CancelledError, OSError) as error:
        if isinstance(error, OSError) and not isinstance(error, CommClosedError | TimeoutError):
            raise
        raise FleetLost(
            "The scheduler is gone. What was graded is kept. Run the same command again for the rest."
        ) from error
    except ModuleNotFoundError as error:
        raise FleetLost(f"A worker has no module {error.name!r}: a worker needs this package installed.") from error


def _stream(
    client: Client,
    name: str,
    batches: Iterator[tuple[Job, ...]],
    suspects: list[Job],
    meanwhile: Callable[[], object],
) -> Iterator[Marked]:
    running: dict[Future[_Results], tuple[Job, ...]] = {}
    done = as_completed(loop=client.loop)
    try:
        with _explained():
            while True:
                room = 2 * max(1, _threads(client)) - len(running)
                for _, batch in zip(range(room), batches, strict=False):
                    future = client.submit(mark_all, name, batch, pure=False)
                    running[future] = batch
                    done.add(future)
                if not running:
                    return
                future = _next(client, done, meanwhile)
                batch = running.pop(future)
                try:
                    result = future.result()
                except KilledWorker:
                    suspects.extend(batch)
                    continue
                if isinstance(result, str):
                    raise FleetLost(f"A worker {result}. Nothing was graded there.")
                yield from result
    finally:
        for future in running:
            with contextlib.suppress(Exception):
                future.release()


def _next(client: Client, done: as_completed, meanwhile: Callable[[], object]) -> Future[_Results]:
    """The next task that has ended, as long as there is anybody who could end one."""
    looked, manned = 0.0, time.monotonic()
    while not done.has_ready():
        if client.status != "running":
            raise CommClosedError("the scheduler does not answer")
        if (now := time.monotonic()) - looked > 2:
            looked = now
            if _threads(client):
                manned = now
            elif now - manned > _WAIT_SECONDS:
                raise FleetLost(f"The scheduler has had no workers for {_WAIT_SECONDS:g} seconds. Start some: {_START}")
        meanwhile()
        time.sleep(0.01)
    return next(done)


def _threads(client: Client) -> int:
    """How many tasks the workers that are there now can run at a time."""
    threads: int = client.scheduler_info(n_workers=0)["total_threads"]
    return threads


def _batches(jobs: Iterable[Job], most: int) -> Iterator[tuple[Job, ...]]:
    batch: list[Job] = []
    size = 0
    for job in jobs:
        batch.append(job)
        size += len(job.handed_in.data)
        if len(batch) >= most or size >= MOST_BYTES:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


def _silence() -> None:
    """What goes wrong with a cluster is told in sentences of ours. Its own log, each logger with a level of its own,
    would fill the terminal with tracebacks about processes that are gone."""
    for name in ("asyncio", "tornado.application", *logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("asyncio", "distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _quietly(close: Callable[[], object]) -> None:
    with contextlib.suppress(Exception):
        close()
