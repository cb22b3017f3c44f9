"""The site as a web server has it, with Pyodide at hand in the place of its public address."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from website.pages import PYODIDE

LOCAL = "/pyodide/pyodide.js"


@dataclass
class Served:
    url: str = ""
    sent: int = 0
    """Bytes that went to the browser."""
    missing: list[str] = field(default_factory=list)


@contextlib.contextmanager
def served(site: Path, pyodide: Path) -> Iterator[Served]:
    """Below a folder of the host, since it has to work from any."""
    found = Served()
    handler = functools.partial(_Handler, site, pyodide, found)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}/some/folder/"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()


class _Handler(http.server.BaseHTTPRequestHandler):
    def __init__(self, site: Path, pyodide: Path, found: Served, *args: Any) -> None:
        self._site, self._pyodide, self._found = site, pyodide, found
        super().__init__(*args)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/pyodide/"):
            file = self._pyodide / path.removeprefix("/pyodide/")
        else:
            file = self._site / path.removeprefix("/some/folder/")
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            self._found.missing.append(self.path)
            self.send_error(404)
            return
        data = file.read_bytes()
        if file.name == "jupyter-lite.json":
            data = data.replace(PYODIDE.encode(), LOCAL.encode())
        self.send_response(200)
        self.send_header("Content-Type", _KINDS.get(file.suffix, "application/octet-stream"))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(data)
            self._found.sent += len(data)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".ipynb": "application/json",
    ".wasm": "application/wasm",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
