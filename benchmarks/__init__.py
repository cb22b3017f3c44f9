"""How good the grader's verdicts are, in numbers: `python -m benchmarks.verdicts`. Not part of what is installed."""
