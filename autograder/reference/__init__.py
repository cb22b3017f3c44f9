"""The reference solutions: one module a unit, named like the unit without its number. NumPy only.

They say what right means. The tests hold them to scikit-learn and SciPy, and the hidden suites hold students to them.
"""
