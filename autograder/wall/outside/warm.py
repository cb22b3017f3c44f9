"""A warm lane: one sandbox a worker, and in it a fresh fork of a warm parent for each process that is asked for."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.wall.both.channel import Channel
from autograder.wall.outside import lane
from autograder.wall.outside.bubblewrap import WORK, Bubblewrap
from autograder.wall.outside.lane import Broken, Child, Process
from autograder.wall.outside.policy import Figures, Policy


@dataclass(slots=True)
class WarmLane:
    """Opens processes in milliseconds. The parent starts with the first one, and again should it ever die."""

    way: Bubblewrap
    policy: Policy = field(default_factory=Policy)
    _parent: _Parent | None = None
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def open(self, *, figures: Figures = "none") -> Process:
        return self.start(self.policy.with_figures(figures)).ready(self.policy.limits.start_seconds)

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
        if ready != {"ready": True}:
            self.close()
            raise Broken("The warm sandbox did not start as it should.")

    def fork(self, policy: Policy) -> Child:
        ours, theirs = lane.pair()
        order = {"open": policy.for_inside({}, WORK)}
        del order["open"]["fonts"]  # the parent has them
        with theirs:
            first = self._order(order, theirs.fileno()).get("first")
        if not isinstance(first, int) or first <= 0:
            ours.close()
            raise Broken("The warm sandbox cannot make namespaces inside its own.")
        return Child(Channel(ours), lambda: self._end(first))

    def close(self) -> None:
        lane.stop_process(self._process)
        self._control.close()

    def _end(self, first: int) -> None:
        with contextlib.suppress(Broken):  # a parent that is dead took the process with it
            self._order({"end": first})

    def _order(self, order: dict[str, Any], *descriptors: int) -> dict[str, Any]:
        with self._lock:
            try:
                socket.send_fds(self._control, [json.dumps(order).encode()], list(descriptors))
            except OSError as error:
                raise Broken("The warm sandbox is gone.") from error
            return self._hear()

    def _hear(self) -> dict[str, Any]:
        self._control.settimeout(self._seconds)
        try:
            message = self._control.recv(1 << 16)
        except OSError as error:
            raise Broken("The warm sandbox does not answer.") from error
        if not message:
            raise Broken("The warm sandbox is gone.")
        heard: dict[str, Any] = json.loads(message)
        return heard
