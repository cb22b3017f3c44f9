"""What grading many submissions costs: `python -m benchmarks.speed --help`. Not part of what is installed."""
