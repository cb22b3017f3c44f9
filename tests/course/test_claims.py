"""The table of claims: who says what, what is true, and a section in which the reader can find out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

COURSE = Path(__file__).parents[2] / "course"
TEXTS = ("Shah", "Nicepick", "Lesson")
VERDICTS = ("correct", "incomplete", "misleading")
COLUMNS = ("no", "sentence", "who", "verdict", "better", "number", "where")
LINK = re.compile(r"\[(?P<heading>.+)\]\((?P<path>[^#)]+)#(?P<anchor>[^)]+)\)")


def claims() -> list[dict[str, str]]:
    text = (COURSE / "claims.md").read_text(encoding="utf-8")
    rows = [re.split(r" \| ", line.strip("| ")) for line in text.splitlines() if re.match(r"\| \d+ \|", line)]
    assert all(len(row) == len(COLUMNS) for row in rows), [row[0] for row in rows if len(row) != len(COLUMNS)]
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def anchor(heading: str) -> str:
    """The anchor that GitHub and JupyterLab's preview give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def sections(lesson: Path) -> dict[str, str]:
    """Each heading of a lesson and what stands below it, deeper headings included."""
    text = lesson.read_text(encoding="utf-8")
    code = [match.span() for match in re.finditer(r"(?ms)^```.*?^```", text)]
    found = [
        (len(match[1]), match[2], match.end())
        for match in re.finditer(r"(?m)^(#{2,6}) (.+)$", text)
        if not any(start < match.start() < end for start, end in code)
    ]
    ends = [next((end for level, _, end in found[i + 1 :] if level <= found[i][0]), None) for i in range(len(found))]
    return {title: text[start:end] for (_, title, start), end in zip(found, ends, strict=True)}


ALSO_PRINTED = (  # word for word in one of the three texts, beyond what the table quotes
    "Binary cross-entropy can range from 0 to infinity, with a lower value indicating a better model performance",
    "making big errors count more",
    "a measure of the average magnitude of the errors made by the model in its predictions",
    "is commonly used as the loss function",
    "more sensitive to small changes in the predicted probability distribution, while RMSE is more sensitive "
    "to large errors in the predicted values",
    "it provides a differentiable loss function for gradient-based optimization algorithms",
    "Your model has a training MSE of 0.01 but a validation MSE of 0.5. Is it good?",
    "Using MSE for classification or cross-entropy for regression leads to poor training",
)
SAID_IN_AN_EXERCISE = re.compile(r"colleague|A manager says")


def test_quotation_marks_stand_around_what_was_printed_or_what_somebody_in_an_exercise_says():
    """A paraphrase between quotation marks would be refuted instead of the sentence that was written."""
    printed = " ".join([*re.findall("“([^”]+)”", (COURSE / "claims.md").read_text(encoding="utf-8")), *ALSO_PRINTED])
    loose = []
    for lesson in sorted(COURSE.glob("0*/0*.md")):
        prose = re.sub(r"(?ms)^```.*?^```", "", lesson.read_text(encoding="utf-8"))
        for line in prose.splitlines():
            for quoted in re.findall('"([^"]+)"', line):
                known = quoted.rstrip(".,;?").lower() in printed.lower() or quoted == "stay where you are"
                if len(quoted.split()) >= 4 and not known and not SAID_IN_AN_EXERCISE.search(line):
                    loose.append((lesson.stem, quoted))
    assert loose == []


every_claim = pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim["no"])


def test_every_claim_has_a_row():
    assert [int(claim["no"]) for claim in claims()] == list(range(1, 34))


def test_every_verdict_is_one_of_three():
    assert {claim["verdict"] for claim in claims()} == set(VERDICTS)


@every_claim
def test_a_quotation_has_a_source_and_nothing_else_has_quotation_marks(claim):
    quoted = "“" in claim["sentence"]
    assert (claim["who"] in TEXTS) == quoted, f"{claim['sentence']}: {claim['who']}"
    assert quoted or claim["who"] == "often said" or re.match(rf"implied by ({'|'.join(TEXTS)})", claim["who"])


@every_claim
def test_the_link_leads_to_a_section(claim):
    link = LINK.fullmatch(claim["where"])
    lesson = COURSE / link["path"]
    assert lesson.is_file(), f"claim {claim['no']} links to {link['path']}, which is not there"
    assert link["heading"] in sections(lesson), f"claim {claim['no']}: no heading '{link['heading']}'"
    assert link["anchor"] == anchor(link["heading"])


@every_claim
def test_the_section_asks_first_and_then_shows(claim):
    """A recorded prediction or a graded question, and a figure, a table or printed numbers."""
    link = LINK.fullmatch(claim["where"])
    section = sections(COURSE / link["path"])[link["heading"]]
    assert re.search(r"(?m)^predict\(|BEGIN SOLUTION", section), f"'{link['heading']}' asks for no prediction"
    assert re.search(r"(?m)^\s*(show|table|print)\(|^\|[-:| ]+\|$", section), f"'{link['heading']}' shows nothing"
