"""A warm lane: one sandbox a worker, and in it a fresh fork of a warm parent for each process that is asked for."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from autograder.wall.both.channel import Channel
from autograder.wall.both.fields import Misread
from autograder.wall.both.protocol import End, Fork, Forked, Order, Ready, Reply, from_line, to_line
from autograder.wall.outside import lane
from autograder.wall.outside.bubblewrap import WORK, Bubblewrap
from autograder.wall.outside.child import Child
from autograder.wall.outside.policy import Figures, Policy
from autograder.wall.outside.process import Broken, Process


@dataclass(slots=True)
class WarmLane:
    """Opens processes in milliseconds. The parent starts with the first one, and again should it ever die."""

    way: Bubblewrap
    policy: Policy = field(default_factory=Policy)
    unsure: Callable[[], None] = lambda: None
    """What is done where a process does not start."""
    _parent: _Parent | None = None
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def open(self, *, figures: Figures = "none") -> Process:
        try:
            return self.start(self.policy.with_figures(figures)).ready(self.policy.limits.start_seconds)
        except Broken:
            self.unsure()
            raise

    def start(self, policy: Policy) -> Child:
        """A process that has not said yet whether it is ready. Raises `Broken`."""
        with self._one_at_a_time:
            if self._parent is not None:
                with contextlib.suppress(Broken):
                    return self._parent.fork(policy)
                self._parent.close()
            self._parent = _Parent(self.way, self.policy)
            return self._parent.fork(policy)

    def close(self) -> None:
        """End the parent, and with it everything that it started."""
        with self._one_at_a_time:
            if self._parent is not None:
                self._parent.close()
                self._parent = None


class _Parent:
    """The warm parent's trusted end."""

    def __init__(self, way: Bubblewrap, policy: Policy) -> None:
        self._seconds = policy.limits.start_seconds
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = lane.start_sandbox(way, replace(policy, warm=True), theirs)
        self._lock = threading.Lock()
        try:
            ready = self._hear()
        except Broken as error:
            said = lane.last_words(self._process)
            self._control.close()
            raise Broken(f"The warm sandbox did not start: {said or error}") from error
        if ready != Ready():
            self.close()
            raise Broken("The warm sandbox did not start as it should.")

    def fork(self, policy: Policy) -> Child:
        ours, theirs = lane.pair()
        with theirs:
            forked = self._order(Fork(policy.for_inside({}, WORK)), theirs.fileno())
        if not isinstance(forked, Forked) or forked.first <= 0:
            ours.close()
            raise Broken("The warm sandbox cannot make namespaces inside its own.")
        return Child(Channel(ours), lambda: self._end(forked.first))

    def close(self) -> None:
        lane.stop_process(self._process)
        self._control.close()

    def _end(self, first: int) -> None:
        with contextlib.suppress(Broken):  # a parent that is dead took the process with it
            self._order(End(first))

    def _order(self, order: Order, *descriptors: int) -> Reply:
        with self._lock:
            try:
                socket.send_fds(self._control, [to_line(order)], list(descriptors))
            except OSError as error:
                raise Broken("The warm sandbox is gone.") from error
            return self._hear()

    def _hear(self) -> Reply:
        self._control.settimeout(self._seconds)
        try:
            message = self._control.recv(1 << 16)
        except OSError as error:
            raise Broken("The warm sandbox does not answer.") from error
        if not message:
            raise Broken("The warm sandbox is gone.")
        try:
            return from_line(message, Reply)
        except Misread as error:
            raise Broken("The warm sandbox sent something that cannot be read.") from error
