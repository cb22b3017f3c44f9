"""Hidden pytest suites: one module a unit, one class of tests per points-carrying cell.

A class is named after the cell that it grades, ``Test_rmse`` for the cell ``test_rmse``, and a test's docstring is
the sentence that a student reads when the test fails.  See `autograder.kit` for what a test may use.
"""
