"""What a lesson needs in a browser, as wheels beside the pages: no reader's browser asks anybody else for them."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent

BESIDE = ("pytest", "pluggy", "iniconfig", "comm", "platformdirs", "rich", "markdown-it-py", "mdurl")
"""Pure Python that Pyodide does not have itself."""

FROM_PYODIDE = ("numpy", "matplotlib", "ipython", "packaging", "pygments")


@dataclass(frozen=True, slots=True)
class Wheel:
    name: str
    """Of the file."""
    data: bytes


def wheels(course: Path = HOME) -> tuple[Wheel, ...]:
    """The packages, the autograder, and the course with what it chose to share."""
    return (*map(installed, BESIDE), autograder(), bundle(course))


def installed(name: str) -> Wheel:
    """A pure Python package as it is installed here, and so as the lock file pins it."""
    found = metadata.distribution(name)
    files = {
        path.as_posix(): Path(str(found.locate_file(path))).read_bytes()
        for path in found.files or ()
        if ".." not in path.parts and "__pycache__" not in path.parts and path.name not in ("RECORD", "INSTALLER")
        if path.name not in ("REQUESTED", "direct_url.json")
    }
    return _wheel(found.metadata["Name"], found.version, files)


def autograder() -> Wheel:
    """This package, with what it needs in a browser instead of what it needs elsewhere."""
    package = HOME / "autograder"
    files = {path.relative_to(HOME).as_posix(): path.read_bytes() for path in sorted(package.rglob("*.py"))}
    version = re.search(r'__version__ = "(.+)"', (package / "__init__.py").read_text(encoding="utf-8"))
    assert version
    return _made("loss-metrics-course", version[1], files, (*FROM_PYODIDE, *BESIDE))


def bundle(course: Path) -> Wheel:
    """The course as the magics look for it: what students are given, and the hidden tests where it shares them."""
    from autograder.notebooks import beside, units

    parts = {"release": sorted((course / "release").rglob("*"))}
    if units.shares_suites(course):
        parts["course"] = sorted(units.folder(course).rglob("*"))
    files = {
        f"self_study/{path.relative_to(course).as_posix()}": path.read_bytes()
        for paths in parts.values()
        for path in paths
        if path.is_file() and path.suffix not in (".md", ".pyc") and path.name != beside.OWN
    }
    for name in (units.CONFIGURATION, units.SETTINGS):
        if (course / name).is_file():
            files[f"self_study/{name}"] = (course / name).read_bytes()
    return _made("self-study", "1", {**files, "self_study/__init__.py": b""}, ())


def _made(name: str, version: str, files: Mapping[str, bytes], needs: tuple[str, ...]) -> Wheel:
    about = f"{_plain(name)}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {n}" for n in needs)]
    tags = "Wheel-Version: 1.0\nGenerator: website\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    own = {f"{about}/METADATA": "\n".join(lines).encode() + b"\n", f"{about}/WHEEL": tags.encode()}
    return _wheel(name, version, {**files, **own})


def _wheel(name: str, version: str, files: Mapping[str, bytes]) -> Wheel:
    """The files with a record of their digests, packed such that the same files give the same bytes."""
    record = f"{_plain(name)}-{version}.dist-info/RECORD"
    lines = [f"{path},sha256={_digest(data)},{len(data)}" for path, data in sorted(files.items())]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted({**files, record: "\n".join([*lines, f"{record},,"]).encode() + b"\n"}.items()):
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return Wheel(f"{_plain(name)}-{version}-py3-none-any.whl", packed.getvalue())


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
