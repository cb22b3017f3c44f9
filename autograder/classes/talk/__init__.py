"""One page for an hour with a student: how each task stands, and three questions about the student's own code."""
