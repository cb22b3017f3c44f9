"""An autograder that keeps a student's code on the other side of a wall."""

__version__ = "0.1.0"
