"""LaTeX that somebody else wrote: whether it is mathematics that stays in its place.

What a browser's MathJax knows, and what its packages add, is more than anybody can list, and some of it defines, links,
styles, loads or moves without bounds. So a list says what may stay: the mathematics of a course such as this.
"""

from __future__ import annotations

import re
from html import unescape

_COMMANDS = frozenset(
    """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi omicron pi varpi rho
varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
ell hbar imath jmath Re Im wp aleph partial nabla infty emptyset varnothing prime degree angle top bot
forall exists nexists neg lnot not land lor wedge vee therefore because checkmark square blacksquare Box qed dagger

frac dfrac tfrac cfrac sqrt binom dbinom tbinom over choose sum prod coprod int iint iiint oint
bigcup bigcap bigvee bigwedge bigoplus bigotimes limits nolimits displaystyle textstyle scriptstyle scriptscriptstyle
log ln lg exp sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth lim limsup liminf max min sup inf arg det
dim ker gcd deg hom Pr mod bmod pmod operatorname

cdot cdots ldots dots dotsc dotsb vdots ddots times div pm mp ast star circ bullet oplus ominus otimes oslash odot cup
cap setminus smallsetminus le leq leqslant lt ge geq geqslant gt ll gg ne neq equiv approx approxeq sim simeq cong
propto asymp doteq coloneqq triangleq in notin ni subset subseteq subsetneq supset supseteq mid nmid parallel perp
models vdash prec preceq succ succeq colon to gets mapsto leftarrow rightarrow leftrightarrow Leftarrow Rightarrow
Leftrightarrow longleftarrow longrightarrow longmapsto Longleftarrow Longrightarrow Longleftrightarrow iff implies
impliedby uparrow downarrow updownarrow Uparrow Downarrow nearrow searrow swarrow nwarrow hookrightarrow xrightarrow
xleftarrow

hat widehat tilde widetilde bar overline underline vec dot ddot check breve acute grave mathring overbrace underbrace
overrightarrow overleftarrow overset underset stackrel substack boxed cancel phantom hphantom

left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm lvert rvert lVert rVert vert
Vert langle rangle lfloor rfloor lceil rceil lbrace rbrace lbrack rbrack backslash

text textbf textit textrm textsf texttt textnormal mbox mathrm mathbf mathit mathsf mathtt mathnormal mathcal mathbb
mathfrak mathscr boldsymbol bm pmb rm bf it cal
quad qquad space enspace thinspace medspace thickspace negthinspace
begin end tag notag nonumber hline newline cr
""".split()
)
_ENVIRONMENTS = frozenset(
    "align aligned alignat alignedat array bmatrix Bmatrix cases dcases rcases eqnarray equation flalign gather "
    "gathered matrix multline pmatrix smallmatrix split vmatrix Vmatrix".split()
)
_MARKS = frozenset(" \t\r\n!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
"""What may follow a stroke by itself: spaces, brackets, new rows, and what Markdown protects with one."""

_SHORT = 2
_STROKE = re.compile(r"(\\*)\\([A-Za-z]+|.|\Z)", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(?:begin|end)(?![A-Za-z])(?!\s*\{([A-Za-z]+)\*?\})")
_NAMED = re.compile(r"\\(?:begin|end)\s*\{([A-Za-z]+)\*?\}")
_COLUMNS = re.compile(r"\\begin\s*\{array\}(?!\s*(?:\[[tcb]\]\s*)?\{[lcr|\s]{0,40}\})")
_ROW = re.compile(r"\\(?:\\|newline|cr) ?\*? ?\[ ?([-+]? ?[\d.,]+ ?[A-Za-z]{2}) ?\]")
_SMALL = re.compile(r"\d(?:\.\d+)? ?(?:em|ex|mm)|\d{1,2}(?:\.\d+)? ?(?:pt|px|mu)")
_BACK = re.compile(r"\\(?:!|negthinspace)")
_MOST_BACK = 12
"""Each leads back by a sixth of an em."""

_DELIMITED = re.compile(r"\$[^$]*\$|\\[(\[]|\\begin(?![A-Za-z])")


def is_plain(latex: str, *, of_markdown: bool = False) -> bool:
    """Whether every command in it is on the list. What Markdown has been through may have `\\x` for the `\\\\x`
    that begins a row with the letter x, and no command of one or two letters reaches anywhere."""
    for match in _STROKE.finditer(latex):
        before, word = match[1], match[2]
        if not (word in _COMMANDS or word in _MARKS or not word or (len(word) <= _SHORT and (of_markdown or before))):
            return False
    if _ENVIRONMENT.search(latex) or _COLUMNS.search(latex) or len(_BACK.findall(latex)) > _MOST_BACK:
        return False
    if not all(match[1] in _ENVIRONMENTS for match in _NAMED.finditer(latex)):
        return False
    return all(_SMALL.fullmatch(row[1]) for row in _ROW.finditer(re.sub(r"\s+", " ", latex)))


def is_plain_in(text: str, *, of_markdown: bool = False) -> bool:
    """The same of what in a text may be mathematics: no formula goes on beyond an empty line."""
    return all(
        is_plain(part, of_markdown=of_markdown)
        for part in re.split(r"\n\s*\n", text)
        if "\\" in part and _DELIMITED.search(part)
    )


def readings(source: str) -> set[str]:
    """A text as it was typed, and as a browser reads it: `&#92;` is a stroke."""
    return {source, unescape(source)}
