"""Real processes are killed, a real disk is full: nothing is lost, and nobody is graded twice."""

from __future__ import annotations

import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import miniature
import pytest
from conftest import command_of, descendants
from courses import ROOT, Course, cluster, until

from autograder.classes import fleet

CLASS = tuple(f"s{number:02d}" for number in range(6))


@pytest.fixture
def filled(course: Course) -> Course:
    """A class of which every third member has answered nothing."""
    for number, student in enumerate(CLASS):
        course.submit(student, miniature.blank() if number % 3 == 0 else miniature.notebook())
    return course


def expected(course: Course) -> dict[str, float]:
    return {student: 0.0 if number % 3 == 0 else course.most for number, student in enumerate(CLASS)}


def done(course: Course) -> list[str]:
    """Who is in the ledger, once somebody is."""
    return sorted(course.ledger())


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    return [
        pid for pid in descendants(process.pid) if "spawn_main" in command_of(pid) and "bwrap" not in command_of(pid)
    ]


def test_a_class_is_graded_though_a_worker_is_killed(filled: Course) -> None:
    process = filled.start("--workers", "2")
    until(lambda: len(done(filled)) >= 2, process)
    os.kill(workers_of(process)[0], signal.SIGKILL)
    said, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    assert filled.scores() == expected(filled)
    summary = "6 of 6 submissions: 4 with all automatic points, 2 with some lost, 0 not graded."
    assert summary in " ".join(said.split())
    assert "not-attempted" in said


def test_a_killed_command_leaves_no_process_and_is_finished_by_the_next(filled: Course) -> None:
    process = filled.start("--workers", "2")
    until(lambda: len(done(filled)) >= 2, process)
    below = descendants(process.pid)
    process.kill()
    process.communicate()
    until(lambda: not any(os.path.exists(f"/proc/{pid}") and command_of(pid) for pid in below), seconds=10)
    before = filled.ledger()
    assert 2 <= len(before) < len(CLASS)
    result = filled.grade_apart("--workers", "1")
    assert result.returncode == 0, result.stderr
    assert filled.scores() == expected(filled)
    after = filled.ledger()
    assert all(after[student]["report"]["seed"] == entry["report"]["seed"] for student, entry in before.items())
    left = {path.name for path in Path(filled.environment["TMPDIR"]).iterdir()}
    assert {name for name in left if not name.startswith("jupyter-clean-cfg-")} == set(), "Jupyter's come from a test"


DEAF = """
from autograder.classes import fleet


def busy():
    print("busy", flush=True)
    return 3**80_000_000 % 7  # without a moment in which anything else of this process runs


if __name__ == "__main__":
    with fleet.fleet(None, 1) as client:
        client.submit(busy).result()
"""


def test_a_worker_that_hears_nothing_dies_with_its_command(tmp_path: Path) -> None:
    """Fails where a worker has to notice by itself that the command was killed: it may be busy with one long step."""
    script = tmp_path / "deaf.py"
    script.write_text(DEAF)
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    assert process.stdout.readline() == "busy\n"
    below = descendants(process.pid)
    process.kill()
    process.wait()
    process.stdout.close()
    until(lambda: not any(command_of(pid) not in ("", "gone") for pid in below), seconds=5)


def test_who_is_finished_is_in_the_gradebook_while_another_still_runs(course: Course) -> None:
    """Fails where a result is written down when the next one arrives only."""
    course.submit("early", miniature.blank())
    course.submit("late", miniature.add(miniature.notebook(), "import time\ntime.sleep(30)"))
    process = course.start("--workers", "1")
    until(lambda: "early" in course.ledger(), process)
    until(lambda: "early" in course.scores(), process, 15)
    assert "late" not in course.ledger()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)


def test_ctrl_c_ends_in_one_sentence(filled: Course) -> None:
    """As a terminal sends it: to all processes of the command."""
    process = filled.start("--workers", "2")
    until(lambda: len(done(filled)) >= 2, process)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert re.fullmatch(r"(\d+) of 6 are graded; run the same command to go on\.\n", errors), errors
    assert int(errors.split()[0]) == len(done(filled)) < len(CLASS)
    assert len(set(done(filled)) - filled.scores().keys()) <= 1, "what is graded is written, but for the one in hand"
    assert filled.grade().returncode == 0
    assert filled.scores() == expected(filled)


def imports(pid: int) -> bool:
    """Whether this is a worker that has begun to import what it needs."""
    try:
        return "spawn_main" in command_of(pid) and "_multiarray_umath" in Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return False


def test_ctrl_c_while_the_workers_start_ends_in_one_sentence(filled: Course) -> None:
    """Fails where a worker that still imports what it needs prints a traceback, or --force is promised to go on."""
    process = filled.start("--workers", "2", "--force")
    until(lambda: any(map(imports, descendants(process.pid))), process)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert errors.startswith("0 of 6 are graded; with --force the same command begins anew"), errors
    assert "go on" not in errors


def test_a_killed_scheduler_is_told_in_a_sentence(filled: Course, tmp_path: Path) -> None:
    folder = tmp_path / "cluster"
    folder.mkdir()
    with cluster(folder, workers=1) as theirs:
        process = filled.start("--scheduler", theirs.address)
        until(lambda: len(done(filled)) >= 1, process)
        theirs.scheduler.kill()
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "The scheduler is gone. What was graded is kept" in errors
    assert "Traceback" not in errors
    before = filled.ledger()
    assert before
    assert set(filled.scores()) == set(before)
    result = filled.grade()
    assert result.returncode == 0, result.stderr
    assert filled.scores() == expected(filled)


def test_no_scheduler_is_told_in_a_sentence(filled: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleet, "_ANSWER_SECONDS", 1.0)
    result = filled.grade("--scheduler", "tcp://127.0.0.1:9")
    assert result.returncode == 1
    assert "No scheduler answers at tcp://127.0.0.1:9" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_scheduler_and_two_workers_that_share_no_folder(filled: Course, tmp_path: Path) -> None:
    folder = tmp_path / "cluster"
    folder.mkdir()
    with cluster(folder) as theirs:
        result = filled.grade("--scheduler", theirs.address)
        assert all(process.poll() is None for process in [theirs.scheduler, *theirs.workers]), "not ours to stop"
    assert result.returncode == 0, result.stderr
    assert filled.scores() == expected(filled)


def test_a_cluster_with_tls_takes_whoever_has_a_certificate(filled: Course, tmp_path: Path) -> None:
    """As docs/instructors.md says it, command by command."""
    folder = tmp_path / "cluster"
    folder.mkdir()
    guide = (ROOT / "docs" / "instructors.md").read_text()
    openssl = [line.removeprefix("$ ") for line in guide.splitlines() if line.startswith("$ openssl ")]
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    assert len(openssl) == 3
    for line in openssl:
        subprocess.run(shlex.split(line), cwd=folder, check=True, capture_output=True)
    settings = {
        "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true",
        "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(folder / "ca.pem"),
    }
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        settings[f"DASK_DISTRIBUTED__COMM__TLS__{role}__CERT"] = str(folder / "cert.pem")
        settings[f"DASK_DISTRIBUTED__COMM__TLS__{role}__KEY"] = str(folder / "key.pem")
    assert all(name.rpartition("TLS__")[2].rpartition("__")[2] in guide for name in settings)
    with cluster(folder, workers=1, environment=settings) as theirs:
        assert theirs.address.startswith("tls://")
        stranger = filled.grade_apart("--scheduler", theirs.address)
        assert stranger.returncode == 1
        assert "needs certificates" in stranger.stderr
        assert not filled.ledger()
        filled.environment.update(settings)
        result = filled.grade_apart("--scheduler", theirs.address)
    assert result.returncode == 0, result.stderr
    assert filled.scores() == expected(filled)


def test_a_submission_that_ends_its_worker_is_the_only_one_not_graded(course: Course, tmp_path: Path) -> None:
    """A notebook of ten million empty lists: each costs two bytes in the file and far more once it is read. Its
    neighbours, who travelled in the same task, are not blamed."""
    students = tuple(f"s{number:02d}" for number in range(16))  # twice as many as there are tasks for one worker
    for student in students:
        course.submit(student, miniature.blank())
    course.submit("s05", b'{"cells": [' + b"[]," * (10 << 20) + b"[]]}")
    folder = tmp_path / "cluster"
    folder.mkdir()
    with cluster(folder, workers=1, memory="600MiB") as theirs:
        result = course.grade("--scheduler", theirs.address)
    assert result.returncode == 1, "the grader failed, so there is something left to do"
    assert course.scores() == {student: None if student == "s05" else 0.0 for student in students}
    assert "ended the grader's own process" in course.ledger()["s05"]["report"]["reason"]
    assert "s05" in result.stdout
    assert "ended the grader's own process" in " ".join(result.stdout.split())


@pytest.fixture
def small_disk(filled: Course) -> Iterator[Course]:
    """The course on a file system of its own, with room for a few of its results."""
    moved = filled.root.with_name("disk")
    moved.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", moved], capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        subprocess.run(["cp", "-r", f"{filled.root}/.", moved], check=True)
        yield replace(filled, root=moved)
    finally:
        subprocess.run(["umount", "-l", moved], check=True)


def test_a_full_disk_is_told_in_a_sentence_and_room_is_all_it_needs(small_disk: Course) -> None:
    filler = small_disk.root / "filler"
    state = os.statvfs(small_disk.root)
    filler.write_bytes(b"x" * (state.f_bavail * state.f_frsize - (400 << 10)))
    result = small_disk.grade()
    assert result.returncode == 1, result.stdout
    assert "disk is full" in result.stderr
    assert "Traceback" not in result.stderr
    assert len(small_disk.ledger()) < len(CLASS)
    assert not list(small_disk.root.rglob("*.part"))
    filler.unlink()
    result = small_disk.grade()
    assert result.returncode == 0, result.stderr
    assert small_disk.scores() == expected(small_disk)


def test_files_that_may_grow_no_further_are_a_full_disk_too(filled: Course) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    result = filled.grade_apart("--workers", "1", preexec_fn=limit)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "run the same command again" in result.stderr
    assert filled.grade().returncode == 0
    assert filled.scores() == expected(filled)


def test_two_commands_at_a_time_do_not_mix(filled: Course) -> None:
    process = filled.start("--workers", "1")
    until(lambda: done(filled), process)
    process.send_signal(signal.SIGSTOP)  # so that it cannot be through before the other one has looked
    result = filled.grade()
    process.send_signal(signal.SIGCONT)
    assert result.returncode == 1
    assert "Another `autograder grade` is working on this assignment" in result.stderr
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    assert filled.scores() == expected(filled)
