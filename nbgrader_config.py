"""How nbgrader works in this course. A copy of this file makes any course folder work the same way.

One assignment is one notebook, NAME/NAME.ipynb, and has a hidden suite, course/NAME/suite.py. Autograding anything else
refuses with a sentence rather than guess a grade: an assignment without a suite, or with one that its own solution does
not pass; release/ and gradebook that do not agree; a machine on which student code cannot be kept behind a wall.
"""

import glob
import os

from autograder.nbgrader import pages

c = get_config()  # noqa: F821  (nbgrader puts it there)

c.CourseDirectory.course_id = "loss-metrics"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError  # YOUR CODE HERE: replace this line"}

# A released notebook carries a digest of its graded cells, so that somebody's work in it is not taken for the original.
c.GenerateAssignment.preprocessors.append("autograder.nbgrader.seal.Seal")

# Autograding, from the command line and from the formgrader's button, is the same as `autograder check`: the notebook
# runs behind the wall, and the gradebook gets the Report's points instead of what a cell happens to print.
c.Autograde.exporter_class = "autograder.nbgrader.plugin.SubmissionExporter"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader.plugin.GradeSubmission",
    "autograder.nbgrader.plugin.SaveReport",
    "nbgrader.preprocessors.AssignLatePenalties",
]

# Of a submission only the notebook is taken. Whatever lies beside it (a planted module, a link to a classmate's work, a
# huge file) is never copied, since a folder that is ignored is not looked into. The first four are nbgrader's own.
_submitted = os.path.join(glob.escape(os.path.dirname(os.path.abspath(__file__))), "submitted", "*", "*")
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", _submitted]

# Feedback and the formgrader show what students wrote: cleaned, and in pages that tell the browser what they may run.
pages.configure(c)

# The lesson's own figures are named in an autograded notebook, not drawn: they are much of the time that grading takes.
# What students draw themselves is always there. To have all: c.SubmissionExporter.figures = "all"
