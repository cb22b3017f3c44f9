"""One end of the socket between the two sides of the wall: whole messages, replies to requests, deadlines."""

from __future__ import annotations

import contextlib
import secrets
import socket
import time
from collections import deque
from collections.abc import Iterator, Sequence

from autograder.wire import MAX_HEADER, NO_TOKEN, PREFIX, Closed, Deadline, WireError, marked, opening

_FLYING = 32 << 10
"""Bytes of requests that may be under way at once. They must fit into the socket, since nobody reads meanwhile."""


class Channel:
    """One end of the socket pair: whole messages, each with a deadline in seconds from now."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._arrived = bytearray()

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
        end = None if seconds is None else time.monotonic() + seconds
        self._fill(PREFIX.size, end)
        token, header_size, payload_size = opening(bytes(self._arrived[: PREFIX.size]))
        whole = PREFIX.size + header_size + payload_size
        self._fill(whole, end)
        message = bytes(memoryview(self._arrived)[:whole])
        del self._arrived[:whole]
        return token, message

    def ask_all(self, requests: Sequence[bytes], seconds: float) -> Iterator[bytes]:
        """Send requests and give their replies in order, as messages not looked into yet.

        The next requests are under way while the first are answered; each reply has its own deadline. Bytes that nobody
        asked for, or a reply to another request, are a `WireError`: an honest process never sends them."""
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
            end = time.monotonic() + seconds
            if batch:
                self.send(b"".join(batch), seconds)
            theirs, reply = self.receive(max(0.0, end - time.monotonic()))
            ours, size = waiting.popleft()
            flying -= size
            if theirs != ours:
                raise WireError("the reply does not belong to the request")
            yield reply

    def rest(self, seconds: float) -> bytes:
        """Everything that still arrives until the other side closes, not much more than one header's worth."""
        end = time.monotonic() + seconds
        with contextlib.suppress(Closed):
            while len(self._arrived) < MAX_HEADER:
                self._arrived += self._some(end)
        return bytes(self._arrived)

    def drain(self, seconds: float) -> None:
        """Throw away what still arrives. Raises `Closed` once nobody holds the other end any more."""
        end = time.monotonic() + seconds
        while True:
            self._some(end)

    def close(self) -> None:
        self._sock.close()

    def _has_unread(self) -> bool:
        self._sock.setblocking(False)
        try:
            return bool(self._arrived) or self._sock.recv(1, socket.MSG_PEEK) != b""
        except OSError:
            return False  # nothing there, or nobody: the next read will say which

    def _fill(self, size: int, end: float | None) -> None:
        """Wait until as many bytes are there. Memory grows with what has arrived, not with what was announced."""
        while len(self._arrived) < size:
            self._arrived += self._some(end)

    def _some(self, end: float | None) -> bytes:
        left = None if end is None else end - time.monotonic()
        if left is not None and left <= 0:
            raise Deadline("no answer in time")
        self._sock.settimeout(left)
        try:
            part = self._sock.recv(1 << 18)
        except TimeoutError as error:
            raise Deadline("no answer in time") from error
        except OSError as error:
            raise Closed("the other side is gone") from error
        if not part:
            raise Closed("the other side is gone")
        return part
