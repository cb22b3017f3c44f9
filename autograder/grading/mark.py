"""One submission, from its bytes to what is kept of it. Everything that grades goes through `mark`.

Whatever happens on the way (a file that breaks its reader, a page that cannot be written, a mistake of ours) costs that
one submission: it comes back as an ungraded Report, and never as an exception.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from autograder import report
from autograder.grading.grade import Graded, grade, with_one_task
from autograder.notebooks.assignment import Assignment
from autograder.notebooks.handed_in import HandedIn
from autograder.notebooks.submission import Submission, Unreadable
from autograder.report import Report
from autograder.wall.outside.policy import Figures, Limits
from autograder.wall.outside.process import Lane
from autograder.words import one_line


@dataclass(frozen=True, slots=True)
class Mark:
    """What one submission came to."""

    report: Report
    page: str = ""
    """The autograded notebook, as nbgrader writes it. Always text that a file can hold."""
    unanswered: tuple[str, ...] = ()
    """The cells for answers that are as they were given out: nbgrader comments on them and gives them zero."""
    final: bool = True
    """False where the grader was at fault: such a submission is graded again next time."""


def mark(
    assignment: Assignment,
    handed_in: HandedIn,
    lane: Lane,
    *,
    seed: int | None = None,
    figures: Figures = "none",
    limits: Limits | None = None,
    only: str | None = None,
    paged: bool = True,
) -> Mark:
    """Grade what was handed in, or `only` one task of it, and write its page unless nobody wants one."""
    try:
        submission = handed_in.read(assignment)
        asked = assignment if only is None else with_one_task(assignment, only)
        graded = grade(asked, submission, lane, seed=seed, figures=figures, limits=limits)
        final = graded.report.status == "graded"
        if not paged:
            return Mark(graded.report, final=final)
        from autograder.grading import page  # which needs nbformat, and only a page does

        made = page.written(assignment, submission, graded)
        return Mark(graded.report, made.text, made.unanswered, final)
    except Unreadable as error:
        return ungraded(assignment, str(error), paged=paged)
    except Exception as error:
        logging.getLogger(__name__).exception("a submission could not be marked")
        reason = f"The grader failed at this file ({type(error).__name__}). A person has to look into it."
        return ungraded(assignment, reason, final=False, paged=paged)


def ungraded(assignment: Assignment, reason: str, *, final: bool = True, paged: bool = True) -> Mark:
    """No points, a sentence that says why, and the assignment's own notebook in the place of what was handed in."""
    failed = report.ungraded(assignment.name, one_line(reason, 500), max_score=assignment.most)
    if not paged:
        return Mark(failed, final=final)
    from autograder.grading import page

    made = page.written(assignment, Submission(cells=assignment.cells), Graded(failed))
    return Mark(failed, made.text, final=final)
