"""The autograded folders of an assignment: the page of each submission, and what nbgrader puts beside it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.notebooks.folder import Submitted


def page_digest(page: bytes) -> str:
    return hashlib.sha256(page).hexdigest()


@dataclass(frozen=True, slots=True)
class Autograded:
    """Where the pages are, or will be."""

    assignment: str
    place: Callable[[str], Path]
    """The folder of a student."""
    beside: Mapping[str, bytes]
    """What lies in source/ beside the notebook."""
    file_mode: int
    folder_mode: int

    def page(self, student: str) -> Path:
        """The autograded notebook."""
        return self.place(student) / f"{self.assignment}.ipynb"

    def digest(self, student: str) -> str:
        """Of the notebook that lies there, by whatever it was made; nothing where there is none."""
        try:
            return page_digest(self.page(student).read_bytes())
        except OSError:
            return ""

    def write(self, student: str, submitted: Submitted, page: str) -> None:
        """Write the folder anew, whole or not at all."""
        target = self.place(student)
        target.parent.mkdir(parents=True, exist_ok=True)
        files = {**self.beside, **submitted.sidecars} if submitted.timed else {}
        made = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{self.assignment}-"))
        try:
            for relative, data in {**files, self.page(student).name: page.encode()}.items():
                path = made / relative
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                path.chmod(self.file_mode)
            made.chmod(self.folder_mode)
            if target.exists():
                shutil.rmtree(target)
            made.rename(target)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
