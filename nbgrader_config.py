"""How nbgrader works in this course.

An assignment with hidden tests, course/NAME/suite.py, is one notebook, NAME/NAME.ipynb, and is graded behind the wall.
Autograding it refuses with a sentence rather than guess a grade: hidden tests that its own solution does not pass;
release/ and gradebook that do not agree; a machine on which student code cannot be kept behind a wall. An assignment
without hidden tests is graded by nbgrader itself.
"""

c = get_config()  # noqa: F821  (nbgrader puts it there)

c.CourseDirectory.course_id = "loss-metrics"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError  # YOUR CODE HERE: replace this line"}

# ---- The autograder: the lines from here on are the same in every course. ----
# Names only, and nothing that could fail before they are set. nbgrader goes on with settings of its own where this file
# stops, and would run student code without a wall; where it cannot import what a name stands for, it stops.
c.Autograde.exporter_class = "autograder.nbgrader.plugin.SubmissionExporter"
c.GenerateFeedback.exporter_class = "autograder.nbgrader.pages.FeedbackPage"
c.HTMLExporter.preprocessors = ["autograder.nbgrader.pages.Guard"]
# A released notebook carries a digest of its graded cells, so that somebody's work in it is not taken for the original.
c.GenerateAssignment.preprocessors.append("autograder.nbgrader.seal.Seal")
# Feedback and the formgrader show what students wrote: cleaned, and in pages that tell the browser what they may run.
try:
    from autograder.nbgrader import exchange, pages

    pages.configure(c)
    exchange.configure(c, __file__)  # a folder in this course, where nobody has named another one
except Exception as error:
    print(f"The autograder cannot be used, so nothing is graded: {type(error).__name__}: {error}")

# The lesson's own figures are named in an autograded notebook, not drawn: they are much of the time that grading takes.
# What students draw themselves is always there. To have all: c.SubmissionExporter.figures = "all"
