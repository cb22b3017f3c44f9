"""What was found out about this machine is remembered until something that it depends on has moved, and no longer."""

from __future__ import annotations

import functools
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.wall.outside import bubblewrap, distributions, doctor, importable, installed, machine, seccomp
from autograder.wall.outside.doctor import Trial
from autograder.wall.outside.policy import PACKAGES
from autograder.wall.outside.process import Broken, NoWall

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there is a wall on Linux only")

STRANGER = 65534


def forget() -> None:
    """As a new process begins."""
    for known in (doctor._way, doctor._holds_warm, importable.missing, importable.state, machine._wall):
        known.cache_clear()
    for known in (
        installed.installed,
        installed.state,
        installed._as_paths,
        distributions.modules,
        seccomp.program,
        bubblewrap.binaries,
    ):
        known.cache_clear()


@pytest.fixture(autouse=True)
def marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the marks, empty at first. Nobody else's are touched."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    forget()
    yield tmp_path / "cache" / "autograder"
    monkeypatch.undo()
    forget()


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often the sandbox is tried where a new process asks for it."""
    seen: list[Trial] = []
    real = doctor._try

    def counted(way: bubblewrap.Bubblewrap, *, warm: bool = False) -> Trial:
        seen.append(real(way, warm=warm))
        return seen[-1]

    monkeypatch.setattr(doctor, "_try", counted)

    def asked() -> int:
        forget()
        before = len(seen)
        doctor.best()
        return len(seen) - before

    return asked


def test_a_sandbox_that_held_is_not_tried_again(tries: Callable[[], int]) -> None:
    assert [tries(), tries()] == [1, 0]


def test_the_doctor_always_tries(tries: Callable[[], int]) -> None:
    assert tries() == 1
    assert next(doctor.trials()).holds
    assert tries() == 0


def test_one_process_and_many_are_two_questions(tries: Callable[[], int], marks: Path) -> None:
    assert tries() == 1
    assert doctor._holds_warm(doctor._way())
    assert len(list((marks / "sandbox").iterdir())) == 2


def use_script(patch: pytest.MonkeyPatch, folder: Path, first: str) -> None:
    """Another binary, which does this before it is the right one."""
    binary = folder / "bwrap"
    binary.write_text(f'#!/bin/sh\n{first}\nexec {bubblewrap.binaries()[0]} "$@"\n')
    binary.chmod(0o755)
    patch.setattr(bubblewrap, "binaries", functools.cache(lambda: (binary,)))


def move_filter(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setattr(seccomp, "_FORBIDDEN", {**seccomp._FORBIDDEN, "more": "getcpu"})


def move_binary(patch: pytest.MonkeyPatch, folder: Path) -> None:
    use_script(patch, folder, "")


def move_arguments(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setattr(bubblewrap, "_DEVICES", (*bubblewrap._DEVICES, "tty"))


def move_limits(patch: pytest.MonkeyPatch, folder: Path) -> None:
    read = machine._text
    patch.setattr(machine, "_KERNEL", (*machine._KERNEL, str(folder / "sysctl")))
    (folder / "sysctl").write_text("1")
    assert read(str(folder / "sysctl")) == "1"


def move_code(patch: pytest.MonkeyPatch, folder: Path) -> None:
    copied = folder / "wall"
    shutil.copytree(Path(bubblewrap.__file__).parents[1], copied, ignore=shutil.ignore_patterns("__pycache__"))
    with (copied / "inside" / "harden.py").open("a") as file:
        file.write("\n# changed\n")
    patch.setattr(machine.bubblewrap, "__file__", str(copied / "outside" / "bubblewrap.py"))


def move_temporary_files(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setattr(tempfile, "tempdir", str(folder))


def move_environment(patch: pytest.MonkeyPatch, folder: Path) -> None:
    patch.setenv("LD_LIBRARY_PATH", str(folder))


@pytest.mark.parametrize(
    "move",
    [move_filter, move_binary, move_arguments, move_limits, move_code, move_temporary_files, move_environment],
)
def test_it_is_tried_again_where_something_moved(
    tries: Callable[[], int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, move: Callable[..., None]
) -> None:
    assert tries() == 1
    move(monkeypatch, tmp_path)
    assert [tries(), tries()] == [1, 0]


def old(mark: Path) -> None:
    long_ago = time.time() - 25 * 3600
    os.utime(mark, (long_ago, long_ago))


def of_tomorrow(mark: Path) -> None:
    os.utime(mark, (time.time() + 3600,) * 2)


def open_to_others(mark: Path) -> None:
    mark.parent.chmod(0o777)


def in_a_folder_that_others_may_replace(mark: Path) -> None:
    mark.parents[2].chmod(0o777)


def a_link(mark: Path) -> None:
    mark.unlink()
    mark.symlink_to("/dev/null")


def of_somebody_else(mark: Path) -> None:
    if os.getuid():
        pytest.skip("only root can make a file of somebody else's")
    os.chown(mark, STRANGER, STRANGER)


@pytest.mark.parametrize(
    "make", [old, of_tomorrow, open_to_others, in_a_folder_that_others_may_replace, a_link, of_somebody_else]
)
def test_a_mark_that_cannot_be_trusted_is_none(
    tries: Callable[[], int], marks: Path, make: Callable[[Path], None]
) -> None:
    assert tries() == 1
    (mark,) = (marks / "sandbox").iterdir()
    make(mark)
    assert tries() == 1


def test_a_start_that_fails_is_not_believed_any_longer(
    tries: Callable[[], int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What failed may be the machine: then it is said what helps, as if nothing had been remembered."""
    broken = tmp_path / "broken"
    use_script(monkeypatch, tmp_path, f"[ -e '{broken}' ] && {{ echo 'setting up uid map' >&2; exit 1; }}")
    assert [tries(), tries()] == [1, 0]
    doctor.best().open().end()
    broken.touch()
    with pytest.raises(Broken, match=r"apparmor_restrict_unprivileged_userns(?s:.*)uid map"):
        doctor.best().open()
    with pytest.raises(NoWall):
        tries()
    broken.unlink()
    assert [tries(), tries()] == [1, 0]


@pytest.fixture
def imports(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often it is tried whether the packages can be imported, where a new process asks."""
    seen: list[str] = []
    real = importable._broken

    def counted(packages: tuple[str, ...]) -> str:
        seen.append(real(packages))
        return seen[-1]

    monkeypatch.setattr(importable, "_broken", counted)

    def asked(*packages: str) -> int:
        forget()
        before = len(seen)
        said = importable.missing(packages or PACKAGES)
        assert said == (seen[-1] if len(seen) > before else "")
        return len(seen) - before

    return asked


@pytest.fixture
def own_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module of the course's own, deep in an installed package."""
    site = tmp_path / "site-packages"
    (site / "own_tools" / "deep").mkdir(parents=True)
    (site / "own_tools" / "__init__.py").write_text("import own_tools.deep.part\n")
    (site / "own_tools" / "deep" / "part.py").write_text("")
    (site / "own_tools-1.dist-info").mkdir()
    (site / "own_tools-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: own_tools\nVersion: 1\n")
    (site / "own_tools-1.dist-info" / "RECORD").write_text("own_tools/__init__.py,,\n")
    monkeypatch.syspath_prepend(str(site))
    return site / "own_tools" / "deep" / "part.py"


def test_packages_that_could_be_imported_are_not_imported_again(imports: Callable[..., int]) -> None:
    assert [imports(), imports()] == [1, 0]


def test_a_file_that_breaks_afterwards_is_noticed(imports: Callable[..., int], own_tools: Path) -> None:
    assert [imports("own_tools"), imports("own_tools")] == [1, 0]
    own_tools.write_text("raise ImportError('gone')\n")
    assert [imports("own_tools"), imports("own_tools")] == [1, 1], "and what is broken is not remembered"
    assert "own_tools is installed here and cannot be imported" in importable.missing(("own_tools",))
    own_tools.write_text("")
    assert [imports("own_tools"), imports("own_tools")] == [1, 0]


def test_a_file_of_the_same_size_and_time_is_noticed(imports: Callable[..., int], own_tools: Path) -> None:
    own_tools.write_text("x = 1\n")
    before = own_tools.stat()
    assert imports("own_tools") == 1
    own_tools.write_text("1 / 0\n")
    os.utime(own_tools, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert imports("own_tools") == 1


def move_name(part: Path) -> None:
    part.rename(part.with_name("other.py"))


def move_time(part: Path) -> None:
    os.utime(part)


def add(part: Path) -> None:
    part.with_name("third.py").write_text("")


def replace_with_itself(part: Path) -> None:
    copy = shutil.copy2(part, part.with_name("copy"))
    os.replace(copy, part)


def add_another_package(part: Path) -> None:
    (part.parents[2] / "more-1.dist-info").mkdir()


@pytest.mark.parametrize("move", [move_name, move_time, add, replace_with_itself, add_another_package])
def test_whatever_moves_below_a_package_is_noticed(
    imports: Callable[..., int], own_tools: Path, move: Callable[[Path], None]
) -> None:
    (own_tools.parents[1] / "__init__.py").write_text("")
    before = imports("own_tools"), imports("own_tools"), installed.state(("own_tools",))
    assert before[:2] == (1, 0)
    move(own_tools)
    forget()
    assert installed.state(("own_tools",)) != before[2]
    assert [imports("own_tools"), imports("own_tools")] == [1, 0]


def test_a_version_that_is_written_in_place_is_noticed(own_tools: Path) -> None:
    folder = own_tools.parents[2] / "own_tools-1.dist-info"
    (folder / "RECORD").write_text("own_tools/__init__.py,,\nown_tools-1.dist-info/METADATA,,\n")
    forget()
    assert installed.versions(("own_tools",))["own_tools"] == "1"
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: own_tools\nVersion: 2\n")
    forget()
    assert installed.versions(("own_tools",))["own_tools"] == "2"


def test_the_list_of_what_is_installed_is_made_once(own_tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    expected = installed.installed(("own_tools",))
    monkeypatch.delattr(installed, "_found")
    forget()
    assert installed.installed(("own_tools",)) == expected
