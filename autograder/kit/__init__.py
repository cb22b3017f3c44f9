"""What a hidden test is written with: its kind, its visible example, its hint, and one way to compare numbers."""

from autograder.kit.marks import after, contract, example, hint, numerical, value
from autograder.kit.objects import StudentObject, apply
from autograder.kit.promises import ArrayContract, misshapen, refused, unequal, with_one
from autograder.kit.values import (
    ATOL,
    ATOL_FLOAT32,
    OUTSIDE,
    RTOL,
    asked,
    bare,
    chose,
    close,
    identical,
    is_scalar,
    lenient,
    remark,
    said,
    same,
)

__all__ = [
    "ATOL",
    "ATOL_FLOAT32",
    "OUTSIDE",
    "RTOL",
    "ArrayContract",
    "StudentObject",
    "after",
    "apply",
    "asked",
    "bare",
    "chose",
    "close",
    "contract",
    "example",
    "hint",
    "identical",
    "is_scalar",
    "lenient",
    "misshapen",
    "numerical",
    "refused",
    "remark",
    "said",
    "same",
    "unequal",
    "value",
    "with_one",
]
