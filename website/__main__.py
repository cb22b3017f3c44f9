"""`python -m website [FOLDER] [--pyodide ADDRESS]`: the site in a folder, by default `_site`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from website import pages

HOME = Path(__file__).resolve().parent.parent


def main() -> int:
    asked = argparse.ArgumentParser(prog="website", description=__doc__)
    asked.add_argument("folder", nargs="?", type=Path, default=HOME / "_site")
    asked.add_argument("--pyodide", default=pages.PYODIDE, help="where pyodide.js lies, for tests without a network")
    given = asked.parse_args()
    from sphinx.cmd.build import build_main

    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="site-") as scratch:
        source = Path(scratch).resolve() / "pages"
        source.mkdir()
        pages.fill(source, HOME, given.pyodide)
        print(f"The lessons have run, {time.monotonic() - began:.0f} s. Writing the pages.", flush=True)
        made = Path(scratch) / "html"
        failed = build_main(["-b", "html", "-q", "-d", f"{scratch}/doctrees", str(source), str(made)])
        if failed:
            return failed
        shutil.rmtree(given.folder, ignore_errors=True)
        shutil.copytree(made, given.folder, ignore=shutil.ignore_patterns(".buildinfo", "*.map"))
    (given.folder / ".nojekyll").touch()  # or GitHub Pages leaves out folders that begin with an underscore
    print(f"The site is in {given.folder}, after {time.monotonic() - began:.0f} s. Look at it: make serve-site")
    return 0


if __name__ == "__main__":
    sys.exit(main())
