"""Grades into a learning management system: the file that it exported itself, with one column filled."""
