"""How a run's own processes talk to each other: over sockets that are files in the run's private folder.

The kernel lets nobody else knock, where any user of a machine can reach a port, and can flood it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from distributed.comm.registry import backends
from distributed.comm.tcp import MAX_BUFFER_SIZE, TCP, BaseTCPBackend, BaseTCPConnector, BaseTCPListener
from tornado.iostream import IOStream, StreamClosedError
from tornado.netutil import bind_unix_socket
from tornado.tcpserver import TCPServer

PROTOCOL = "file"
_PREFIX = f"{PROTOCOL}://"
_LONGEST = 100
"""Bytes of a path that a socket's name may have on every system."""

_BACKLOG = 2048


def host(folder: str) -> str:
    """What to say for a host, so that sockets are made in this folder."""
    return quote(folder)


class _Comm(TCP):
    def _read_extra(self) -> None:
        """There is nothing to know of the other side: it is one of us."""


class _Listener(BaseTCPListener):
    prefix = _PREFIX
    comm_class = _Comm
    encrypted = True  # there is nobody who could listen

    def _get_server_args(self, **_: Any) -> dict[str, Any]:
        return {}

    async def _prepare_stream(self, stream: IOStream, _: str) -> IOStream:
        return stream

    async def start(self) -> None:
        place = Path(unquote(self.ip), secrets.token_hex(8))
        self.bound_address = (quote(str(place)), None)
        self.tcp_server = TCPServer(max_buffer_size=int(MAX_BUFFER_SIZE))
        setattr(self.tcp_server, "handle_stream", self._handle_stream)  # noqa: B010  # as distributed itself does it
        with _short(place) as name:
            self.tcp_server.add_socket(bind_unix_socket(name, backlog=_BACKLOG))

    async def _handle_stream(self, stream: IOStream, _: Any) -> None:
        await super()._handle_stream(stream, self.bound_address)


class _Connector(BaseTCPConnector):
    comm_class = _Comm
    prefix = _PREFIX
    encrypted = True

    async def connect(self, address: str, deserialize: bool = True, **_: Any) -> TCP:
        stream = IOStream(socket.socket(socket.AF_UNIX), max_buffer_size=int(MAX_BUFFER_SIZE))
        with _short(Path(unquote(address))) as name:
            try:
                await stream.connect(name)
            except StreamClosedError as error:
                raise OSError(f"nobody is at {address}") from error
        return _Comm(stream, _PREFIX, _PREFIX + address, deserialize)


class _Backend(BaseTCPBackend):
    _connector_class = _Connector
    _listener_class = _Listener

    def get_address_host(self, loc: str) -> str:
        return "localhost"

    def get_address_host_port(self, loc: str) -> tuple[str, int]:
        return "localhost", 0

    def resolve_address(self, loc: str) -> str:
        return loc

    def get_local_address_for(self, loc: str) -> str:
        return loc


backends[PROTOCOL] = _Backend()


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """A name of this path that a socket may have, while this lasts."""
    if len(os.fsencode(path)) <= _LONGEST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
