"""What nbgrader_config.py files of earlier versions name: the classes of `autograder.nbgrader.plugin`, and a step.

Such a file would stop at a name that is gone, and nbgrader would go on without a wall."""

from autograder.nbgrader.plugin import GradeSubmission, SaveReport, SubmissionExporter

__all__ = ["GradeSubmission", "SaveReport", "SubmissionExporter", "folder"]


class folder:
    """`from autograder import folder`."""

    @staticmethod
    def stand_in(submitted: str) -> None:
        """Folders without a notebook are submissions by now, and nothing has to be put there."""
