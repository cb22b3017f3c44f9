"""Fills a folder with what Sphinx makes the site of: units, lessons to run, docs, and the front page."""

from __future__ import annotations

import io
import json
import re
import shutil
import sys
import zipfile
from pathlib import Path

from website import units, wheels

PYODIDE = "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/pyodide.js"
"""The one address outside of the site that a lesson asks. A page that is only read asks nobody."""

HERE = Path(__file__).resolve().parent

_DOCS = tuple("self-paced students instructors authors security verdicts mutants performance ../CONTRIBUTING".split())

_EXTENSION = Path(sys.prefix, "share", "jupyter", "labextensions", "@jupyterlite", "pyodide-kernel-extension")

_KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"


def fill(folder: Path, course: Path, pyodide: str = PYODIDE) -> None:
    names = units.names(course)
    shutil.copyfile(HERE / "conf.py", folder / "conf.py")
    (folder / "site.json").write_text(json.dumps({"course": str(course)}), encoding="utf-8")
    shutil.copytree(HERE / "static", folder / "_static")
    made = units.pages(course, names, folder / "_scratch")
    for name, page in made.items():
        _write(folder / "units" / f"{name}.ipynb", json.dumps(page))
    for name in names:
        _lesson(folder, course, name)
    _write(folder / "lessons" / "try" / "try.ipynb", json.dumps(units.exercise(), indent=1))
    _lite(folder, course, pyodide)
    shutil.copytree(course / "docs", folder / "docs")
    shutil.copyfile(course / "CONTRIBUTING.md", folder / "CONTRIBUTING.md")
    claims = (course / "course" / "claims.md").read_text(encoding="utf-8")
    claims = re.sub(r"\]\((\d\d-\w+)/\1\.md", r"](units/\1.ipynb", claims)
    _write(folder / "claims.md", claims)
    _write(folder / "index.md", _front(course, names, made, claims))
    _write(folder / "units" / "index.md", _contents("The units", names))
    _write(folder / "docs" / "index.md", _contents("For readers, instructors and authors", _DOCS))
    shutil.rmtree(folder / "_scratch", ignore_errors=True)


def _lesson(folder: Path, course: Path, name: str) -> None:
    """What the browser opens, and the same as a file to take away."""
    place = folder / "lessons" / name
    for path in sorted((course / "release" / name).rglob("*")):
        if path.is_file() and path.suffix not in (".ipynb", ".pyc") and path.name != "predictions.json":
            target = place / path.relative_to(course / "release" / name)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    _write(place / f"{name}.ipynb", json.dumps(units.lesson(course, name), indent=1))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((course / "release" / name).rglob("*")):
            if path.is_file() and path.suffix != ".pyc" and path.name != "predictions.json":
                archive.write(path, f"{name}/{path.relative_to(course / 'release' / name)}")
    target = folder / "_extra" / "notebooks" / f"{name}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(packed.getvalue())


def _lite(folder: Path, course: Path, pyodide: str) -> None:
    """JupyterLite's own settings, and the wheels that it looks for here before it asks anybody."""
    place = folder / "_lite"
    place.mkdir()
    for wheel in wheels.wheels(course):
        (place / wheel.name).write_bytes(wheel.data)
    build = {
        "LiteBuildConfig": {
            "no_sourcemaps": True,
            "ignore_sys_prefix": ["federated_extensions"],  # those of other packages ask for a server
            "federated_extensions": [str(_EXTENSION)],
        },
        "PipliteAddon": {"piplite_urls": [str(path) for path in sorted(place.glob("*.whl"))]},
    }
    _write(place / "build.json", json.dumps(build))
    settings = {
        "appName": "Loss metrics",
        "exposeAppInBrowser": True,
        "litePluginSettings": {_KERNEL: {"pyodideUrl": pyodide, "disablePyPIFallback": True}},
    }
    _write(place / "jupyter-lite.json", json.dumps({"jupyter-lite-schema-version": 0, "jupyter-config-data": settings}))


def _front(course: Path, names: tuple[str, ...], made: dict[str, units.Notebook], claims: str) -> str:
    listed = "\n".join(
        f"{number}. [{units.title(course, name)}](units/{name}.ipynb)" for number, name in enumerate(names, 1)
    )
    text = (HERE / "front.md").read_text(encoding="utf-8")
    return (
        text.replace("{UNITS}", listed)
        .replace("{CLAIMS}", "\n".join(re.findall(r"^\| (?:no\.|1|6|9) \|.*|^\|-.*", claims, re.MULTILINE)))
        .replace("{WORLDS}", _worlds(made))
        .replace("{FIRST}", names[0])
    )


def _contents(title: str, pages: tuple[str, ...]) -> str:
    return "\n".join([f"# {title}\n", "```{toctree}", ":maxdepth: 2\n", *pages, "```\n"])


def _worlds(made: dict[str, units.Notebook]) -> str:
    """The picture of the six worlds, with its text alternative: what waits for the guess of that name."""
    for page in made.values():
        for cell in page["cells"]:
            for output in cell.get("outputs", ()) if 'after="worlds"' in "".join(cell["source"]) else ():
                if shown := re.search(r"<img [^>]*>", "".join(output.get("data", {}).get("text/html", ""))):
                    return shown[0]
    raise LookupError("no unit draws six worlds")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
