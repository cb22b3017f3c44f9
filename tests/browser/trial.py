"""Runs in Pyodide: grades a unit's functions in the browser's lane, many of them in one life."""
