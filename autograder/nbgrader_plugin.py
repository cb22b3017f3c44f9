"""The name that nbgrader_config.py files of earlier versions have for `autograder.nbgrader.plugin`."""

from autograder.nbgrader.plugin import GradeSubmission, SaveReport, SubmissionExporter

__all__ = ["GradeSubmission", "SaveReport", "SubmissionExporter"]
