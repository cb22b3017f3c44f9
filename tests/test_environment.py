"""The two doors, pip's and conda's, lead to the same place."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def normal(text: str) -> tuple[str, str, str]:
    requirement = Requirement(text)
    return canonicalize_name(requirement.name), str(requirement.specifier), str(requirement.marker or "")


def test_environment_yml_has_the_names_and_ranges_of_pyproject():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    (from_pip,) = [entry["pip"] for entry in conda if isinstance(entry, dict)]
    plain = [entry for entry in conda if isinstance(entry, str) and entry != "pip"]
    theirs = {normal(entry) for entry in plain + from_pip if entry != "-e ."}
    ours = {normal(text) for text in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]}
    ours.add(("python", str(Requirement("python" + PROJECT["requires-python"]).specifier), ""))
    assert theirs == ours


LOCKS = pytest.mark.parametrize(("file", "extra"), [("requirements.lock", "dev"), ("requirements-site.lock", "site")])


@LOCKS
def test_the_lock_pins_every_dependency_with_a_hash_and_names_no_address(file, extra):
    lock = (ROOT / file).read_text(encoding="utf-8")
    pinned = {canonicalize_name(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"][extra]
    assert {canonicalize_name(Requirement(text).name) for text in wanted} <= pinned
    for entry in re.split(r"\n(?=[A-Za-z0-9])", lock):
        assert "--hash=sha256:" in entry, entry
    assert "://" not in lock


@LOCKS
def test_the_lock_is_within_the_ranges(file, extra):
    lock = (ROOT / file).read_text(encoding="utf-8")
    for text in PROJECT["dependencies"] + PROJECT["optional-dependencies"][extra]:
        requirement = Requirement(text)
        versions = re.findall(rf"^{re.escape(canonicalize_name(requirement.name))}==([^\s;\\]+)", lock, re.MULTILINE)
        assert versions, text
        assert all(requirement.specifier.contains(version) for version in versions), text


def imported(folder: str) -> Iterator[tuple[str, str]]:
    """The first names of what the modules in a folder import, each with its file."""
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((alias.name.partition(".")[0], path.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0], path.name


@pytest.mark.parametrize("folder", ["autograder", "course", "benchmarks", "tests"])
def test_what_is_imported_is_declared(folder):
    """What another package happens to bring along may be gone with its next version."""
    wanted = PROJECT["dependencies"] + (
        PROJECT["optional-dependencies"]["dev"] if folder not in ("autograder", "course") else []
    )
    declared = {canonicalize_name(Requirement(text).name) for text in wanted}
    installed = packages_distributions()
    assert len(installed) > 50
    missing = {
        (module, file)
        for module, file in imported(folder)
        if module in installed
        and module != "autograder"
        and not declared & set(map(canonicalize_name, installed[module]))
    }
    assert missing == set()
