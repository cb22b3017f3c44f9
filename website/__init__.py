"""Builds the course's website, where each lesson also runs in the reader's browser: `make site`."""
