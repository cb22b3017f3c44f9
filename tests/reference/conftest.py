"""Hypothesis without a deadline: a busy machine is no reason for a failure."""

from hypothesis import settings

settings.register_profile("course", deadline=None)
settings.load_profile("course")
