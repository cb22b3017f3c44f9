"""The commands on a real terminal, which is theirs to command and nobody else's."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import miniature
import pytest
from courses import UNIT, Course

TAKE = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
"""Makes the terminal the one of this session, as a shell has it: `/dev/tty` is then this terminal."""

OWN = re.compile(r"\x1b\[(?:[0-9;]*m|\?25[lh]|[12]K|[0-9]*A)|\r")
"""What the commands themselves say to a terminal: colours, and a line written over."""

HOSTILE = """
import os, sys

told = "\\x1b]0;owned\\x07\\x1b[2J\\x1b[6n\\x9b31mMARK\\x1b]8;;http://127.0.0.1\\x1b\\\\link\\u202e\\r\\n"
print(told, file=sys.stderr)
print(told)
reached = []
for way in ("/dev/tty", "/dev/console", "/proc/1/fd/1", "/proc/self/fd/2", "/dev/stderr", "/dev/pts/0"):
    try:
        with open(way, "w") as terminal:
            reached += [way] * terminal.isatty()
            terminal.write(told)
    except OSError:
        pass
for number in range(64):
    try:
        reached += [number] * os.isatty(number)
    except OSError:
        pass


class Evil(Exception):
    pass


Evil.__name__ = Evil.__qualname__ = told[:60]


def binary_entropy(q):
    os.write(2, told.encode())
    raise Evil(told + repr(reached))


def kl_bernoulli(q, p):
    return told


bce_is_symmetric = told
del bernoulli_log_likelihood
"""


def said_to_a_terminal(command: list[str], cwd: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Exit status of the command, and all that reached the terminal it ran on."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 200, 0, 0))
    environment = {**os.environ, **environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE, *command],
        cwd=cwd,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said, end = b"", time.monotonic() + 180
    try:
        while time.monotonic() < end:
            if select.select([ours], [], [], 1)[0]:
                try:
                    said += os.read(ours, 1 << 16)
                except OSError:  # nobody holds the other end any more
                    break
        return process.wait(10), said.decode()
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def commands_of_others(said: str) -> list[str]:
    """What commands a terminal, or turns or hides text, and is none of ours."""
    left = OWN.sub("", said)
    return [
        repr(left[max(0, m.start() - 30) : m.end() + 20])
        for m in re.finditer("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", left)
    ]


def test_the_control_sees_what_is_sent(tmp_path: Path) -> None:
    code = "import os\nprint(os.isatty(1))\nopen('/dev/tty', 'w').write('\\x1b]0;owned\\x07')"
    _, said = said_to_a_terminal([sys.executable, "-c", code], tmp_path, {})
    assert "True" in said
    assert len(commands_of_others(said)) == 2


@pytest.mark.parametrize("command", ["check", "grade"])
def test_no_command_of_a_student_reaches_the_terminal(course: Course, command: str) -> None:
    made = miniature.notebook(bernoulli_log_likelihood=f"{miniature.right()['bernoulli_log_likelihood']}\n{HOSTILE}")
    for name in ("binary_entropy", "kl_bernoulli", "bce_is_symmetric"):
        made["cells"].remove(miniature.find(made, name))
    made["metadata"]["kernelspec"] = {"language": "\x1b]0;owned\x07", "name": "x", "display_name": "x"}
    course.submit("ada", made)
    course.submit("\x1b]0;owned\x07", made)
    course.submit("[red]bob[_]", json.dumps({"cells": "\x1b]0;owned\x07"}).encode())
    (course.root / "submitted" / "carl" / UNIT).mkdir(parents=True)
    (course.root / "submitted" / "carl" / UNIT / "\x1b]0;owned\x07.ipynb").symlink_to("/etc/passwd")
    notebook = str(course.root / "submitted" / "ada" / UNIT / f"{UNIT}.ipynb")
    arguments = {"check": ["check", notebook], "grade": ["grade", UNIT, "--workers", "1"]}[command]
    status, said = said_to_a_terminal(course.command(*arguments), course.root, course.environment)
    assert status == 1, said
    assert "\x1b[" in said, "it is in colour: the commands take this for a terminal"
    assert commands_of_others(said) == []
    assert ("MARK" in said) == (command == "check")
    assert "[]" in said or command == "grade", "no way leads to the terminal"
