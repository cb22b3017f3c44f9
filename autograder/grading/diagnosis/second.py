"""One short sentence about a second mistake, and the words for a name in a report about a class."""

from __future__ import annotations

from autograder.grading.diagnosis.bench import Bench
from autograder.grading.diagnosis.promise import PROMISES
from autograder.grading.diagnosis.relation import ASKS


def second_sentence(bench: Bench, name: str) -> str:
    """What to add to a hint where there is a second mistake of this name."""
    if name in PROMISES:
        return f"Your function also {PROMISES[name]}."
    known = next((one.entry.hint for one in bench.known if one.entry and one.entry.name == name), None)
    asks = known or ASKS.get(name) or next((one.asks for one in bench.all if one.name == name and one.asks), None)
    if asks is None or "{" in asks:
        return "This alone does not explain your results. Look again once it is fixed."
    return f"This alone does not explain your results. {asks}"


def words_for(name: str) -> str:
    """A name in words, for a table: what a broken promise is about, and of other names the name itself."""
    return PROMISES.get(name) or name.replace("_", " ")
