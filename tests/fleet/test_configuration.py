"""A configuration that cannot be read ends our commands before they change anything."""

from __future__ import annotations

import miniature
import pytest
from courses import Course

BROKEN = {
    "a syntax error": ("c.CourseDirectory.course_id = (\n", "line {after}", "SyntaxError: '(' was never closed"),
    "an error": ("raise ValueError('no such term')\n", "line {after}", "ValueError: no such term"),
    "an end": ("import sys\nsys.exit(0)\n", "", "SystemExit: 0"),
    "a wrong type": ("c.CourseDirectory.course_id = 5\n", "", "TraitError: The 'course_id' trait"),
    "a wrong type for one command": ("c.Autograde.force = 'perhaps'\n", "", "TraitError: The 'force' trait"),
}


@pytest.mark.parametrize("command", ["grade", "feedback"])
@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_configuration_is_one_sentence(course: Course, command: str, what: str) -> None:
    """Fails where a run goes on with nbgrader's own settings: it erased penalties for late work, and said so to
    nobody."""
    added, line, error = BROKEN[what]
    course.submit("ada", miniature.blank())
    configuration = course.root / "nbgrader_config.py"
    before = configuration.read_text()
    configuration.write_text(before + added)
    files = {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file()}
    done = course.here(command, miniature.UNIT, "--workers", "1")
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert "nbgrader_config.py" in done.stderr
    assert line.format(after=before.count("\n") + 1) in done.stderr
    assert error in done.stderr
    assert {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file()} == files
