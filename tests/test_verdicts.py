"""The committed page is about the catalogue and the right ways that are committed with it. Counts only: cheap."""

from __future__ import annotations

import re

from benchmarks.naming import variations
from benchmarks.verdicts import DOCS, counts

PAGE = (DOCS / "verdicts.md").read_text()


def test_the_page_counts_what_there_is():
    rows = {}
    for topic, function, *cells in re.findall(r"^\| (\w+) \| `(\w+)` \|(.*)\|(.*)\|(.*)\|(.*)\|$", PAGE, re.MULTILINE):
        rows[topic, function] = [re.findall(r"\d+", cell) for cell in cells]
    expected = {(topic, function): [[str(n), str(n)] for n in numbers] for topic, function, *numbers in counts()}
    assert rows == expected, "run `python -m benchmarks.verdicts`"


def test_the_page_counts_the_variations():
    assert f"\n{len(variations())} wrong implementations" in PAGE, "run `python -m benchmarks.verdicts`"


def test_no_wrong_name_and_no_survivor_on_the_page():
    (named,) = re.findall(r"^\| all \| \d+ \| (\d+) of (\d+) .*\| (\d+) of (\d+) \| (\d+) \|$", PAGE, re.MULTILINE)
    right, known, unnamed, unknown, wrong = map(int, named)
    assert right >= 0.95 * known
    assert unnamed == unknown
    assert wrong == 0
    (score,) = re.findall(r"^\| \*\*all\*\* \| \d+ \| \d+ \| \d+ \| (\d+) \| 100.0% \|$", PAGE, re.MULTILINE)
    assert score == "0"
