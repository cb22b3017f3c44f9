"""LaTeX as MathML, which a browser shows by itself: no script, and nothing from elsewhere."""

from __future__ import annotations

import functools
import re

import nh3
from math_core import LatexToMathML

from autograder.notebooks.latex import is_plain

MOST = 2_000
"""Characters of one formula. A formula that is nested some ten thousand times overflows the converter's stack."""

_CONVERTER = LatexToMathML(fancy_error=False, max_expansions=0)
_TAGS = frozenset(
    "math mrow mi mo mn ms mtext mspace mfrac msqrt mroot msub msup msubsup mmultiscripts mprescripts munder mover "
    "munderover mtable mtr mtd mstyle mpadded mphantom".split()
)
_LENGTHS = ("lspace", "rspace", "width", "height", "depth", "voffset", "minsize", "maxsize", "linethickness")
_SWITCHES = ("stretchy", "symmetric", "largeop", "movablelimits", "accent", "accentunder", "displaystyle", "fence")
_VALUES = {
    **dict.fromkeys(_LENGTHS, re.compile(r"-?\d?(\.\d+)?(em|ex|px)?")),  # never far from its own place
    **dict.fromkeys(_SWITCHES, re.compile("true|false")),
    "display": re.compile("block|inline"),
    "mathvariant": re.compile("normal"),
    "scriptlevel": re.compile(r"[+-]?\d"),
    "form": re.compile("prefix|infix|postfix"),
    "columnspan": re.compile(r"\d"),
    "style": re.compile(".*", re.DOTALL),  # of which only the alignment stays
}
_ATTRIBUTES = {tag: set(_VALUES) - ({"style"} if tag != "mtd" else set()) for tag in _TAGS}


@functools.lru_cache(maxsize=2_000)
def mathml(latex: str, *, display: bool = False) -> str | None:
    """The formula as MathML; None where it cannot be shown, or would leave its place.

    What the converter writes goes through a list of what is allowed, as everything does that came of a submission."""
    if len(latex) > MOST or not is_plain(latex):
        return None
    try:
        made = _CONVERTER.convert_with_local_state(latex.strip(), displaystyle=display)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # what it does not know, and a panic of Rust's, which is no Exception
        return None
    return nh3.clean(
        made,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        filter_style_properties={"text-align"},
        link_rel=None,
    )


def _kept(_: str, name: str, value: str) -> str | None:
    return value if _VALUES[name].fullmatch(value) else None
