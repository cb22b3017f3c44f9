"""One student's process, from the last trusted step to the first request."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from autograder.wall.both.protocol import Live, Probed, Ready, to_line

if TYPE_CHECKING:
    from autograder.wall.inside.shell import Shell


def begin(live: Live, seccomp_filter: bytes, number: int, make_shell: Callable[[], Shell] | None = None) -> None:
    """Harden this process, then answer the grader on the socket with this number until it hangs up.

    `make_shell` gives a shell that was made before; without one, it is made here."""
    if live.walled:
        from autograder.wall.inside.harden import harden

        harden(live, seccomp_filter)
    os.environ.update(live.environment)
    os.makedirs(live.work, exist_ok=True)
    os.chdir(live.work)
    if live.secrets:
        from autograder.wall.inside.probe import probe

        socket.socket(fileno=number).sendall(to_line(Probed(probe(live))))
        return
    write_font_list(live)
    from autograder.wall.both.channel import Channel
    from autograder.wall.both.wire import pack
    from autograder.wall.inside.server import serve
    from autograder.wall.inside.shell import Shell

    channel = Channel(socket.socket(fileno=number))
    shell = make_shell() if make_shell is not None else Shell()
    shell.open(figures=live.figures)
    sys.path.insert(0, "")
    channel.send(pack(Ready()))
    with open(os.devnull, "r+b") as null:
        for descriptor in (0, 1, 2):
            os.dup2(null.fileno(), descriptor)
    try:
        serve(channel, shell)
    finally:
        os._exit(0)  # at once, whatever threads a student's code has left running


def write_font_list(live: Live) -> None:
    """Matplotlib wants a configuration folder that it can write to, and takes 0.4 s where no font list is in it."""
    folder = os.environ["MPLCONFIGDIR"]
    os.makedirs(folder, exist_ok=True)
    for name, text in live.fonts.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
