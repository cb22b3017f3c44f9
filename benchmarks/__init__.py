"""What grading costs, measured: `python -m benchmarks --help`."""
