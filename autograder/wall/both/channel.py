"""One end of the socket between the two sides of the wall: whole messages, replies to requests, deadlines."""

from __future__ import annotations

import contextlib
import secrets
import socket
import struct
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from autograder.wall.both.stopwatch import PATIENCE, Budget, Stopwatch
from autograder.wall.both.wire import MAX_HEADER, NO_TOKEN, PREFIX, Closed, Deadline, WireError, marked, opening

_FLYING = 32 << 10
"""Bytes of requests that may be under way at once. They must fit into the socket, since nobody reads meanwhile."""


_CREDENTIALS = struct.Struct("3i")
"""Process, user and group, as the kernel vouches for them."""

_MOMENT, _SHORTEST = 0.05, 0.01
"""Seconds until somebody who still has time is looked at for the first time, and again."""


class Channel:
    """One end of the socket pair: whole messages, each with a deadline in seconds from now."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._arrived = bytearray()
        self.stopwatch: Callable[[], Stopwatch] = Stopwatch
        """Starts the clock for each reply; one that knows the other process charges its processor time."""
        self.charged = 0.0
        """Seconds, over all replies."""

    def send(self, message: bytes, seconds: float | None = None) -> None:
        self._sock.settimeout(seconds)
        try:
            self._sock.sendall(message)
        except TimeoutError as error:
            raise Deadline("the other side does not read") from error
        except OSError as error:
            raise Closed("the other side is gone") from error

    @property
    def has_more(self) -> bool:
        """Whether more has arrived than was received."""
        return bool(self._arrived)

    def receive(self, seconds: float | None = None) -> tuple[bytes, bytes]:
        """A message's token and the whole message, not looked into yet."""
        return self._message(None if seconds is None else _Time(seconds, Stopwatch()))

    def _message(self, left: _Time | None) -> tuple[bytes, bytes]:
        self._fill(PREFIX.size, left)
        token, header_size, payload_size = opening(bytes(self._arrived[: PREFIX.size]))
        whole = PREFIX.size + header_size + payload_size
        self._fill(whole, left)
        message = bytes(memoryview(self._arrived)[:whole])
        del self._arrived[:whole]
        return token, message

    def ask_all(self, requests: Sequence[bytes], seconds: float, budget: Budget | None = None) -> Iterator[bytes]:
        """Send requests and give their replies in order, as messages not looked into yet.

        The next requests are under way while the first are answered; each reply has its own deadline, and all of them
        the budget's. Bytes that nobody asked for, or a reply to another request, are a `WireError`: an honest process
        never sends them."""
        budget = budget or Budget()
        if self._has_unread():
            raise WireError("bytes arrived that nobody asked for")
        sent = flying = 0
        waiting: deque[tuple[bytes, int]] = deque()
        while sent < len(requests) or waiting:
            batch = []
            room = flying <= _FLYING // 2
            while room and sent < len(requests) and (not waiting or flying + len(requests[sent]) <= _FLYING):
                token = secrets.token_bytes(len(NO_TOKEN))
                batch.append(marked(requests[sent], token))
                waiting.append((token, len(requests[sent])))
                flying += len(requests[sent])
                sent += 1
            if not batch and self._has_whole_message():  # nobody waits, and nothing is charged
                theirs, reply = self._message(None)
            else:
                watch = self.stopwatch()
                try:
                    if batch:
                        self.send(b"".join(batch), max(_SHORTEST, min(PATIENCE * seconds, budget.left())))
                    theirs, reply = self._message(_Time(seconds, watch, budget))
                finally:
                    self.charged += watch.charged
                    budget.forgive(watch)
            ours, size = waiting.popleft()
            flying -= size
            if theirs != ours:
                raise WireError("the reply does not belong to the request")
            yield reply

    def sender(self, seconds: float) -> int | None:
        """The number of the process that sent what arrives next, by the kernel's word; None where it gives none."""
        if not hasattr(socket, "SO_PASSCRED"):
            return None
        self._sock.settimeout(seconds)
        try:
            _, said, *_ = self._sock.recvmsg(1, socket.CMSG_SPACE(_CREDENTIALS.size), socket.MSG_PEEK)
        except OSError:
            return None  # the read that follows says what is the matter
        found = [_CREDENTIALS.unpack(data)[0] for _, kind, data in said if kind == socket.SCM_CREDENTIALS]
        return found[0] or None if found else None

    def rest(self, seconds: float) -> bytes:
        """Everything that still arrives until the other side closes, not much more than one header's worth."""
        left = _Time(seconds, Stopwatch())
        with contextlib.suppress(Closed):
            while len(self._arrived) < MAX_HEADER:
                self._arrived += self._some(left)
        return bytes(self._arrived)

    def drain(self, seconds: float) -> None:
        """Throw away what still arrives. Raises `Closed` once nobody holds the other end any more."""
        left = _Time(seconds, Stopwatch())
        while True:
            self._some(left)

    def close(self) -> None:
        self._sock.close()

    def _has_whole_message(self) -> bool:
        if len(self._arrived) < PREFIX.size:
            return False
        _, header_size, payload_size = opening(bytes(self._arrived[: PREFIX.size]))
        return len(self._arrived) >= PREFIX.size + header_size + payload_size

    def _has_unread(self) -> bool:
        self._sock.setblocking(False)
        try:
            return bool(self._arrived) or self._sock.recv(1, socket.MSG_PEEK) != b""
        except OSError:
            return False  # nothing there, or nobody: the next read will say which

    def _fill(self, size: int, left: _Time | None) -> None:
        """Wait until as many bytes are there. Memory grows with what has arrived, not with what was announced."""
        while len(self._arrived) < size:
            self._arrived += self._some(left)

    def _some(self, left: _Time | None) -> bytes:
        """What arrives next, as long as there is time left."""
        while True:
            self._sock.settimeout(None if left is None else left.until_the_next_look())
            try:
                part = self._sock.recv(1 << 18)
            except TimeoutError:
                continue
            except OSError as error:
                raise Closed("the other side is gone") from error
            if not part:
                raise Closed("the other side is gone")
            return part


class _Time:
    """What is left of the seconds that somebody has, for this and in all."""

    def __init__(self, seconds: float, watch: Stopwatch, budget: Budget | None = None) -> None:
        self._seconds, self._watch, self._budget = seconds, watch, budget or Budget()
        self._soon = True

    def until_the_next_look(self) -> float:
        """Seconds, and at the end of all of them `Deadline`."""
        if not self._soon:
            self._watch.look()
        left = min(self._seconds - self._watch.charged, self._budget.left(self._watch))
        if left <= 0:
            raise Deadline("no answer in time", waited=self._watch.waited)
        soon, self._soon = self._soon, False
        return max(_SHORTEST, min(left, _MOMENT) if soon else left)
