"""`python -m benchmarks.verdicts` measures the grader's verdicts and writes docs/verdicts.md and docs/mutants.md.

About three minutes of one core. The mutation score needs `pip install cosmic-ray`; without it that part of the page
stays as it was, and so does the part about functions by another hand where no folder of them is given:

    python -m benchmarks.verdicts --sealed FOLDER --judged FILE --only-foreign
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks import foreign, mutation
from benchmarks.naming import SEEDS as NAMING_SEEDS
from benchmarks.naming import measured, variations
from benchmarks.seeds import Spread, spread, summary
from benchmarks.table import table
from benchmarks.ways import ways
from benchmarks.written import catalogued, graded_functions, mistakes, right_ways

DOCS = Path(__file__).parents[1] / "docs"
SEEDS = range(50)
KINDS = ("value", "numerical", "contract")
FOREIGN = "## Functions by another hand"
MARK = "## The reference, changed by machine"


def counts() -> list[tuple[str, str, int, int, int, int]]:
    """For each function: right ways, and known mistakes of each kind. Cheap, so that a test can compare the page."""
    rows = []
    for topic, function in graded_functions():
        kinds = Counter(entry.breaks for entry in mistakes(topic, function))
        ways = [way for owner, _, way in right_ways(topic) if owner == function]
        rows.append((topic, function, len(ways), *(kinds[kind] for kind in KINDS)))
    return rows


def accepted_and_rejected(found: Sequence[Spread]) -> str:
    """How many of the right ways kept full marks, and how many of the mistakes lost points, on all seeds."""
    rows, sums = [], Counter()
    for topic, function in graded_functions():
        own = [one for one in found if one.way.function == function]
        right = [one for one in own if one.way.right]
        accepted = sum(not any(one.kinds) for one in right)
        row: list[object] = [topic, f"`{function}`", f"{accepted} of {len(right)}"]
        sums.update(accepted=accepted, ways=len(right))
        for kind in KINDS:
            broken = [one for one in own if one.way.breaks == kind]
            rejected = sum(all(kind in failed for failed in one.kinds) for one in broken)
            row.append(f"{rejected} of {len(broken)}")
            sums.update({kind: rejected, f"{kind}s": len(broken)})
        rows.append(row)
    whole = [f"**{sums[kind]} of {sums[f'{kind}s']}**" for kind in KINDS]
    rows.append(["**all**", "", f"**{sums['accepted']} of {sums['ways']}**", *whole])
    return table(("topic", "function", "right ways accepted", *(f"{kind} mistakes rejected" for kind in KINDS)), rows)


def named() -> str:
    """What the diagnosis said of wrong implementations from outside of the catalogue."""
    rows = []
    said = measured()
    for topic in (*dict.fromkeys(n.variation.topic for n in said), "all"):
        own = [n for n in said if topic in ("all", n.variation.topic)]
        known = [n for n in own if n.variation.right]
        verdicts = Counter(n.verdict for n in own)
        share = f"{verdicts['right']} of {len(known)} ({verdicts['right'] / len(known):.0%})" if known else "–"
        unknown = f"{verdicts['nothing missed']} of {len(own) - len(known)}"
        rows.append([topic, len(own) // len(NAMING_SEEDS), share, unknown, verdicts["wrong"]])
    return table(
        ("topic", "wrong implementations", "known mistakes named rightly", "unknown ones left unnamed", "wrong names"),
        rows,
    )


def mutated() -> tuple[str, str]:
    """The mutation score, and the list of changes that nobody who keeps to the contract can notice."""
    rows, listed, known, sums = [], [], mutation.known(), Counter()
    for module in (*catalogued(), "inputs"):
        verdicts: Counter[str] = Counter()
        for mutant in mutation.mutants(module):
            verdict: str = mutation.judge(mutant, catalogued() if module == "inputs" else (module,))
            reason = known.get(module, {}).get(mutant.words)
            if verdict == "survived" and reason:
                verdict = "equivalent"
                listed.append([module, f"`{mutant.before}`", f"`{mutant.after}`", reason])
            verdicts[verdict] += 1
        sums.update(verdicts)
        rows.append([module, *_score(verdicts)])
    rows.append(["**all**", *_score(sums)])
    head = ("reference module", "changes", "killed", "equivalent, with a reason", "survived", "score")
    return table(head, rows), table(("module", "line", "changed to", "why it is equivalent"), listed)


def _score(verdicts: Counter[str]) -> tuple[object, ...]:
    survived = verdicts["survived"] + verdicts["fault"]
    real = verdicts["killed"] + survived
    return verdicts.total(), verdicts["killed"], verdicts["equivalent"], survived, f"{verdicts['killed'] / real:.1%}"


def by_another_hand(options: argparse.Namespace) -> str:
    """The tables of the folders that were given, the sealed one first."""
    parts, sheets = [], []
    for words, folder in (
        ("Sealed: looked at once, for this table", options.sealed),
        ("Used to develop with", options.developed),
    ):
        if folder is not None:
            said = foreign.judge(foreign.cases(folder))
            parts.append(f"### {words}\n\n{foreign.tables(said, foreign.judged(options.judged))}")
            sheets.append(f"# {words}\n\n{foreign.sheet(said)}")
    if options.sealed is not None:
        parts.append(f"### What the sealed half says\n\n{ACCOUNT.strip()}")
    if options.sheet is not None:
        options.sheet.write_text("\n\n".join(sheets))
    return "\n\n".join(parts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sealed", type=Path, help="a folder of functions that nobody developed with")
    parser.add_argument("--developed", type=Path, help="a folder of functions that were developed with")
    parser.add_argument("--judged", type=Path, help="a file of lines: ID NAME right, or ID NAME wrong")
    parser.add_argument("--sheet", type=Path, help="write each code with what was said of it, for a person to judge")
    parser.add_argument("--only-foreign", action="store_true", help="leave the rest of the page as it is")
    options = parser.parse_args()
    page = DOCS / "verdicts.md"
    before = page.read_text() if page.exists() else ""
    above, _, below = before.partition(MARK)
    kept, another = (
        below.strip(),
        by_another_hand(options) or above.partition(FOREIGN)[2].strip() or "Not measured yet.",
    )
    if options.only_foreign:
        above = above.partition(FOREIGN)[0].rstrip()
        page.write_text(f"{above}\n\n{FOREIGN}\n\n{another}\n\n{MARK}\n\n{kept}\n")
        print(f"Wrote {page.name} in {DOCS.name}/.")
        return 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = [spread(way) for way in ways()]
    if importlib.util.find_spec("cosmic_ray"):
        score, equivalent = mutated()
        (DOCS / "mutants.md").write_text(MUTANTS.format(table=equivalent))
        kept = MUTATION.format(seeds=len(mutation.SEEDS), table=score).strip()
    elif not kept:
        print("cosmic-ray is not installed (pip install cosmic-ray), so the page has no mutation score.")
    text = PAGE.format(
        seeds=len(SEEDS),
        verdicts=accepted_and_rejected(found),
        steady=summary(found),
        variations=len(variations()),
        naming_seeds=len(NAMING_SEEDS),
        named=named(),
    )
    page.write_text(f"{text.rstrip()}\n\n{FOREIGN}\n\n{another}\n\n{MARK}\n\n{kept}\n")
    print(f"Wrote {page.name} and, with cosmic-ray, mutants.md in {DOCS.name}/.")
    return 0


PAGE = """# How good the verdicts are

Written by `python -m benchmarks.verdicts`. The tests in `tests/units/` and `tests/diagnosis/` hold the project
to these numbers.

## Right answers accepted, wrong answers rejected

Right implementations are written as differently as people write: loops, masks, `math`, generators, classes, recursion,
float32 results. Known mistakes are those of `course/*/misconceptions.py`. Accepted means full marks, and rejected means
that a test of the kind that the mistake breaks fails, each on all of {seeds} random seeds. Here and below the hidden
tests are called in one process, without the wall; the numbers that they draw are those of a real run.

{verdicts}

## The same code, the same grade

Whatever kind of case decides a test is among its cases on every seed; random is only what must not be known. Measured
on the functions of the table above and on the variations below, and by `autograder prove UNIT --seeds 50` for one unit;
`python -m benchmarks.seeds FOLDER` takes functions by another hand as well.

{steady}

With the functions by another hand (both halves, measured once, before their names were judged): 1792 functions, 21834
verdicts, 50 seeds: 23 verdicts differ from seed to seed (0.11%), 14 scores by more than 2% of the points, and 0 names.
The kinds of calls that decide these verdicts have been among the fixed cases of their tests since. Measured again, with
25 seeds, for the ten functions that they belong to, in all the ways to write them that are at hand (651 ways, 7672
verdicts): no verdict, no score and no name differs. The goal was at most 0.1% of the verdicts, no score and no name.

The name of a mistake comes from the replies to fixed probes, which no seed changes. What a mistake with a tolerance in
it can still change is a borderline: a small number added to a logarithm that is as large as the tolerance of 1e-6.

## What the diagnosis says as it was meant to

{variations} wrong implementations that are not in the catalogue: other code for the same mistake, two mistakes at once,
mistakes that nobody wrote down, nonsense. Each with {naming_seeds} seeds. They were written by those who wrote the
diagnosis: a table to notice what breaks, and not a measure of how often it finds something in a class, which is the
next section's. A relation to the right result and a broken promise are found by computing and not counted as a wrong
name; a known mistake that was not made is.

{named}

What a name costs, in the trusted process of a warm worker, says `python -m benchmarks.naming_cost`: a median of 11 ms
for a wrong function, and less than 21 ms for 95 % of them, on a busy machine; the first failure of a function that a
worker sees takes some 190 ms, in which its hypotheses are made.
"""

ACCOUNT = """
The functions were written from the contract and the lessons by a hand that had not seen the diagnosis, the catalogue or
the suites, each with a sentence on what somebody who writes it believes. One half was read while the diagnosis was
written. The other half was sealed until the diagnosis stood as it does in this table, and nothing in the diagnosis was
changed between its first run and this one. (Three hidden tests were, for the section on seeds, and the sealed half was
run again for it.) Each name of both halves was then judged, with the code and the hint beside it, by a second other
hand, who wrote neither the functions nor the diagnosis. Wrong means that the sentence is untrue of this code, or leads
to a part of it that is right.

The goal was 90 % named or described rightly, and 0.5 % named wrongly. The first is reached, the second is not. The
names of the sealed half that were wrong are of these kinds:

- A promise's name read off the wrong call: `cuts_to_the_shorter` where unequal lengths do raise and a column is taken
  for a vector; `accepts_nan` where nan is refused and infinity is not; `accepts_unknown_option` where unknown ones are
  refused and equal targets are not; `another_shape` where None stands in the place of nan.
- More said than was asked: `always_raises` where all ordinary probes raise and simpler calls do not; `ignores_argument`
  and `too_small` where one pair of calls, or one sign, stood for all; `certain` where one call with a probability of 1
  was wrong for another reason.
- Two mistakes whose replies are equal on the probes, or equal within the tolerance: `ratio` for a small number in a
  denominator, `logarithm_of_an_underflowed_share` for an exponential that overflows, `difference_wraps_around` where
  the square wraps back.
- `extreme_input` where the type loses digits everywhere, and a formula that was right but printed without its brackets.

What is read off the replies to a few fixed calls can be true of all of them and untrue of the function. So a sentence
has to be tried on further calls before it is said.

After the judgement the kinds of wrong names were fixed in this way. A third hand judged the 28 names that had changed,
by running each function: 27 are right, and one, a single mistake whose results equal those of two, is wrong (its
sentence now says that it takes two changes to explain the results, and no longer that there are two mistakes). With
these, 329 of 339 names of the sealed half are right, none is wrong and 10 functions have none; of the other half 338 of
340 are right and one is wrong. This is no accuracy: the functions have been read by now. Three of the 28 were followed
by a sentence about something else, as a broken promise left the word to the test that failed first; such a promise now
asks a question of its own.
"""

MUTATION = """\
Each change that cosmic-ray's operators can make in the reference, and each statement left out, plays the student.
A change is killed if it loses points on each of {seeds} seeds. The changes that survive are listed in
[mutants.md](mutants.md) with the reason why nobody who keeps to the contract can notice them.

{table}
"""

MUTANTS = """# Changes of the reference that change nothing

Written by `python -m benchmarks.verdicts`; the reasons stand in `benchmarks/equivalent.toml`.

{table}
"""

if __name__ == "__main__":
    sys.exit(main())
