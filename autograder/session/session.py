"""One submission's life beyond the wall: its cells are run once, then its functions are called.

A cell or a call that hangs, or ends the process, costs itself and nothing else: the process is made anew, the other
cells run again, and the guilty one is left out. Whoever was running when the process ended need not be the guilty one:
`Inquest` finds out.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeVar

import numpy as np

from autograder.notebooks.submission import Submission
from autograder.notebooks.syntax import only_uses
from autograder.session import bytecode, reply
from autograder.session.dialogue import (
    Call,
    CellRun,
    Ended,
    Held,
    Lost,
    NotThere,
    OutOfTime,
    Timeout,
    Unusable,
    call_of,
)
from autograder.session.inquest import Inquest
from autograder.session.kept import LIVES, Kept, holds, swapped
from autograder.session.outputs import Cleaner
from autograder.wall.both.objects import Thing
from autograder.wall.both.protocol import (
    Described,
    DescribeName,
    Done,
    NameFunctions,
    PutFiles,
    ReadVariable,
    Reply,
    RunCell,
    TraceCall,
    Traced,
    UseObject,
)
from autograder.wall.both.stopwatch import Budget
from autograder.wall.both.wire import Unencodable, pack
from autograder.wall.outside import process as beyond
from autograder.wall.outside.policy import Figures, Limits
from autograder.wall.outside.process import Broken, Gone, Lane, Process, TooSlow, Waited

_QUICK_SECONDS = 1.0
"""What cells or calls may have taken before the next ones are sent one at a time, as somebody waits for each."""

_CELLS_AT_ONCE = 8
"""So many cells are under way at once, for as long as they are quick."""

_PART_BYTES = 1 << 19
_PART_FILES = 100
"""What is sent of an assignment's files at a time."""

_KEPT_BYTES = 8 << 20
"""Replies that are kept until they are asked for. No process is asked for more at once."""

_MOST_VALUE = 1 << 20
"""Bytes of a value that a call gives. A lesson's largest array has some 100 kB."""

_MOST_ANSWER = 64 << 10
"""Bytes of an answer, which is kept. A number or a letter has a few hundred."""


_Found = TypeVar("_Found")


class Session:
    """Runs a submission in processes of a lane. Use as a context manager, so that none of them outlives it.

    Answers and descriptions are asked for once and remembered. So whatever of them is shown to the student was said
    before the first hidden input was sent, and cannot hold one."""

    def __init__(
        self,
        lane: Lane,
        submission: Submission,
        files: Mapping[str, bytes],
        limits: Limits,
        *,
        figures: Figures = "none",
        functions: Collection[str] = (),
        lesson: Collection[str] = (),
    ) -> None:
        """`functions` are the names whose results are values, however they are written. `lesson` are the texts of the
        cells that are not the student's: what they give a name of the student's is not what the functions find there,
        and where a function has hung or ended Python, they do not call it again."""
        self._lane = lane
        self._functions = tuple(functions)
        self._lesson = frozenset(lesson)
        self._spoilt: set[str] = set()
        self._submission = submission
        self._files = files
        self._limits = limits
        self._figures = figures
        self._process: Process | None = None
        self._left_out: set[int] = set()
        self._inquest = Inquest()
        self._stopped: dict[str, type[Timeout] | type[Ended]] = {}
        self._spent: dict[str, float] = defaultdict(float)
        self._charged = 0.0
        self._ahead: dict[bytes, deque[bytes]] = defaultdict(deque)
        self._held: dict[str, Held] = {}
        self._described: dict[str, Described] = {}
        self._starts = 0
        self._life = 0
        self._one_by_one = False
        self._waited_for: set[str] = set()
        self._waited: set[int] = set()
        self._sleeps = False
        self._budget = Budget(limits.submission_seconds)
        self._cleaner = Cleaner()
        self.runs: dict[int, CellRun] = {}
        self.unasked: set[str] = set()
        """The names that were not asked about any more, since all of the submission together took too long."""

    def __enter__(self) -> Session:
        try:
            self.load()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None

    def load(self) -> None:
        """Run the cells, and run them again without the one that ended the process, until a process is left standing
        or the submission's time is up.

        Raises `Ended` where that takes more processes than the limits allow."""
        first = not self.runs
        while self._budget.left() > 0:
            if self._starts > self._limits.restarts:
                raise Ended(f"Python ended or hung {self._starts} times while this notebook ran")
            self._starts += 1
            self._life = next(LIVES)
            self._inquest.begins()
            self._ahead.clear()  # what was kept may be about objects that are gone
            self._process = self._lane.open(figures=self._figures if first else "none")
            try:
                named = [NameFunctions(self._functions)] if self._functions else []
                for request in (*named, *map(PutFiles, _parts(self._files))):
                    if self._process.ask(request, self._limits.start_seconds) != Done():
                        raise Gone("the process did not take them")
            except (Gone, Unencodable) as error:
                raise Broken(f"The assignment's files could not be put into the sandbox: {error}.") from error
            if self._run_cells(self._process, keep=first):
                return
        self.__exit__()
        self.runs = {**dict.fromkeys(self._waiting(), CellRun("left out")), **self.runs}

    def call(self, name: str, args: tuple[object, ...], kwargs: Mapping[str, object], *, after: bool = False) -> Any:
        """What the function returns, or with `after` its positional arguments as they are after the call.

        An object of a student's own class comes back as `Kept`, and may be among the arguments of another call. Raises
        StudentError or StudentValueError, Timeout, Ended, NotThere."""
        there = self._there((args, dict(kwargs)))
        call = call_of(name, *there, after=after)
        waiting = self._ahead.get(call.request)
        if not waiting and name in self._stopped:
            raise self._stopped[name](name)
        if waiting:
            return self._kept(name, waiting.popleft())
        return self._kept(name, self._made(name, call.request, once=holds((args, dict(kwargs)), Kept)))

    def use(
        self, kept: Kept, what: str, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, after: bool = False
    ) -> Any:
        """What an object's method returns, or what comes of one of `OPERATIONS`. Raises what `call` raises."""
        name = f"{kept.whose}.{what}"
        if name in self._stopped:
            raise self._stopped[name](name)
        it, own, named = self._there((kept, args, dict(kwargs)))
        return self._kept(kept.whose, self._made(name, pack(UseObject(it, what, own, named, after)), once=True))

    def ahead(self, calls: Sequence[Call]) -> tuple[bytes, ...] | None:
        """Make calls that will be asked for next, all at once, and keep the replies until then.

        Returns the replies, not looked into yet; None where not all came, and soon, or where the functions are known to
        be slow. What was kept before is forgotten. Which call hangs or ends the process nobody can say yet, so from
        there on each is made by itself, when it is asked for."""
        return self._all_at_once([(call.name, call.request) for call in calls])

    def _all_at_once(self, asked: Sequence[tuple[str, bytes]]) -> tuple[bytes, ...] | None:
        self._ahead.clear()
        names = {name for name, _ in asked}
        slow = any(
            name in self._stopped or name in self._waited_for or self._spent[name] > _QUICK_SECONDS for name in names
        )
        if slow or self._one_by_one:
            return None
        try:
            process = self._alive()
        except TooSlow:
            return None
        at_most = min(_QUICK_SECONDS, self._limits.call_seconds)
        arriving = process.ask_all([request for _, request in asked], at_most, self._budget)
        replies: list[bytes] = []
        spent, room = self._spent.copy(), _KEPT_BYTES
        began = latest = process.charged
        try:
            for (name, request), message in zip(asked, arriving, strict=True):
                before, latest = latest, process.charged
                self._spent[name] += latest - before
                if latest - began > _QUICK_SECONDS:
                    process.end()
                    raise TooSlow
                room -= len(message)
                if room < 0:
                    process.end()
                    raise Gone("more was returned than is kept")
                self._ahead[request].append(message)
                replies.append(message)
        except Gone:
            self._process, self._spent, self._one_by_one = None, spent, True
            self._ahead.clear()
            return None
        return tuple(replies)

    def first(self, name: str, requests: Sequence[bytes]) -> tuple[bytes, ...] | None:
        """Make calls of one function before anything else is asked of it. Returns the replies, not looked into yet.

        None where not all came, and soon. That says nothing against other functions, and costs this one nothing but
        that it is asked one call at a time from then on."""
        before, self._one_by_one = self._one_by_one, False
        spent = self._spent.copy()
        replies = self._all_at_once([(name, request) for request in requests])
        if self._one_by_one:
            self._waited_for.add(name)
        self._one_by_one, self._spent = before, spent
        self._ahead.clear()
        return replies

    def trace(self, about: str, request: TraceCall) -> Traced:
        """What came of a call that was watched, `about` being the name to stop at where it hangs or ends Python.

        Raises Timeout, Ended, NotThere."""
        message = self._made(about, pack(request), once=False)
        if len(message) > _MOST_VALUE:
            raise Ended(about)
        return self._read_about(about, message, reply.traced)

    def answer(self, name: str) -> Any:
        """The value of a variable, as it was when it was first asked for. Raises NotThere, Timeout, Ended."""
        held = self.held(name)
        if held.failed is not None:
            raise held.failed(name)
        return held.value

    def held(self, name: str) -> Held:
        """What a variable held when it was first asked for."""
        if name not in self._held:
            try:
                message = self._ask(name, pack(ReadVariable(name)))
                value = swapped(self._read_about(name, message, reply.held), Thing, lambda _: Unusable("other"))
                self._held[name] = Held(value if len(message) <= _MOST_ANSWER else Unusable("too large"))
            except (NotThere, Timeout, Ended) as error:
                self._held[name] = Held(failed=type(error))
        return self._held[name]

    def describe(self, name: str) -> Described:
        """What is known of the name, as it was when this was first asked. A name that only looking at ends Python, or
        takes for ever, counts as one that can be called, and every call of it says so."""
        if name not in self._described:
            try:
                message = self._ask(name, pack(DescribeName(name)))
                self._described[name] = self._read_about(name, message, reply.described)
            except (Timeout, Ended):
                self._described[name] = Described(callable=True)
        return self._described[name]

    def _there(self, values: Any) -> Any:
        """The values as they are sent. Raises `Lost` for an object whose process is not there any more."""

        def thing(kept: Kept) -> Thing:
            if self._process is None or kept.life != self._life:
                raise Lost(kept.whose)
            return kept.thing

        return swapped(values, Kept, thing)

    def _kept(self, name: str, message: bytes) -> Any:
        """What a reply gives. Objects are known by the process that they live in."""
        if len(message) > _MOST_VALUE:
            return Unusable("too large")
        value = self._read_about(name, message, reply.returned)
        return swapped(value, Thing, lambda thing: Kept(thing, self._life, name))

    def _ask(self, name: str, request: bytes, *, once: bool = False) -> bytes:
        """The reply to a request about this name. One that hangs or ends the process is not asked about again."""
        try:
            return self._reply(name, request, once=once)
        except Gone as error:
            if isinstance(error, TooSlow) and self._budget.left() <= 0:
                self.__exit__()
                self.unasked.add(name.partition(".")[0])
                raise OutOfTime(name) from error
            raise self._stop(name, error) from error

    def _made(self, name: str, request: bytes, *, once: bool) -> bytes:
        """The reply to this call, not looked into yet."""
        before = self._charged
        message = self._ask(name, request, once=once)
        self._spent[name] += self._charged - before
        if self._spent[name] > self._limits.function_seconds:
            self._stopped[name] = Timeout
        return message

    def _reply(self, name: str, request: bytes, *, once: bool) -> bytes:
        """The reply to a request, not looked into yet. Raises `Gone`.

        A process that waited more than it worked may have waited for others, and is asked once more before that costs
        anything. Where it waits again it is one that sleeps, and nobody who sleeps is given so much time twice. What is
        asked of an object can be asked `once` only, since the object goes with its process."""
        waited = False
        while True:
            try:
                message = self._asked(request)
            except Waited as error:
                if self._sleeps or waited:
                    self._sleeps = True
                    raise
                if once:
                    self._process, self._sleeps = None, True
                    raise Lost(name) from error
                waited = True
            except TooSlow:
                raise
            except Gone:
                if once or not self._inquest.goes_on(name):
                    raise
            else:
                self._blame(self._inquest.guilty(name))
                return message
            self._process = None

    def _blame(self, cells: Iterable[int]) -> None:
        """These cells have ended Python, and run no more."""
        self._left_out.update(cells)
        self.runs.update(dict.fromkeys(cells, CellRun("ended")))

    def _asked(self, request: bytes) -> bytes:
        process = self._alive()
        before = process.charged
        try:
            (message,) = process.ask_all([request], self._limits.call_seconds, self._budget)
        finally:
            self._charged += process.charged - before
        return message

    def _read_about(self, name: str, message: bytes, look: Callable[[Reply], _Found]) -> _Found:
        """What a reply about this name says. A process that sends what is no reply to it is ended."""
        try:
            return look(beyond.read(message))
        except Gone as error:
            raise self._stop(name, error) from error

    def _alive(self) -> Process:
        """Raises `TooSlow` where the submission's time is up."""
        if self._process is None:
            self.load()
        if self._process is None or self._budget.left() <= 0:
            raise TooSlow("the time of the whole submission is up")
        return self._process

    def _stop(self, name: str, error: Gone) -> Timeout | Ended:
        """What to raise now and ever after where this name ended its process."""
        self.__exit__()
        self._stopped[name] = Timeout if isinstance(error, TooSlow) else Ended
        return self._stopped[name](name)

    def _run_cells(self, process: Process, *, keep: bool) -> bool:
        """Run every cell that may run. Returns False where the process did not survive one of them."""
        waiting = self._waiting()
        at_once = _CELLS_AT_ONCE
        while waiting:
            # A cell that has begun has its full time, so that none is ended for another's.
            if keep and self._budget.spent > self._limits.load_seconds:
                self.runs = {**dict.fromkeys(waiting, CellRun("left out")), **self.runs}
                return True
            at_once = 1 if self._inquest.careful else at_once
            some, waiting = waiting[:at_once], waiting[at_once:]
            before = process.charged
            survived = self._run_some(process, some, keep=keep)
            if not survived:
                return False
            at_once = _CELLS_AT_ONCE if process.charged - before < _QUICK_SECONDS else 1
        return True

    def _waiting(self) -> list[int]:
        """The cells that are to run."""
        left_out = self._left_out | self._inquest.left_out | self._not_again()
        return [
            index
            for index, cell in enumerate(self._submission.cells)
            if cell.type == "code" and cell.runs and cell.source.strip() and index not in left_out
        ]

    def _not_again(self) -> set[int]:
        """The lesson's own cells that call what a cell hung with, or ended with, before."""
        if not self._spoilt:
            return set()
        cells = [(index, cell.source) for index, cell in enumerate(self._submission.cells)]
        return {
            index
            for index, source in cells
            if source in self._lesson and self._called(source) & self._spoilt and only_uses(source)
        }

    def _called(self, source: str) -> set[str]:
        return {name for name in self._functions if re.search(rf"\b{re.escape(name)}\b", source)}

    def _run_some(self, process: Process, some: Sequence[int], *, keep: bool) -> bool:
        sources = [self._submission.cells[index].source for index in some]
        requests = [pack(RunCell(source, self._inquest.careful, source in self._lesson)) for source in sources]
        threads = process.threads if self._inquest.careful else 0
        replies = process.ask_all(requests, self._limits.cell_seconds, self._budget)
        for index in some:
            try:
                printed, raised = reply.ran(beyond.read(next(replies)))
            except Gone as error:
                process.end()
                in_time = self._budget.left() > 0
                if isinstance(error, Waited) and in_time:
                    if not self._sleeps and index not in self._waited:
                        self._waited.add(index)  # and is tried again before that costs anything
                        return False
                    self._sleeps = True
                if not isinstance(error, TooSlow) and self._inquest.goes_on(index):
                    return False
                state: Literal["timeout", "ended"] = "timeout" if isinstance(error, TooSlow) else "ended"
                self._left_out.add(index)
                self._spoilt |= self._called(self._submission.cells[index].source)
                for other in self._not_again():
                    self.runs.setdefault(other, CellRun("not again"))
                if in_time or index not in self.runs:
                    self.runs[index] = CellRun(state)
                return False
            if keep or index not in self.runs:
                outputs = self._cleaner.clean(printed)
                self.runs[index] = CellRun("raised" if raised else "ran", outputs, raised)
            if self._inquest.careful:
                self._blame(self._inquest.guilty(index))
                if process.threads > threads:
                    self._inquest.leaves_threads(index)
        return True


def told(message: bytes, call: Call) -> Any:
    """What a reply that came ahead says, once somebody wants to know. Raises as `Session.call` does."""
    if len(message) > _MOST_VALUE:
        return Unusable("too large")
    try:
        return swapped(reply.returned(beyond.read(message)), Thing, lambda _: Unusable("other"))
    except Gone as error:
        raise Ended(call.name) from error


def _parts(files: Mapping[str, bytes]) -> Iterator[dict[str, np.ndarray]]:
    """The assignment's files, and the bytecode of those that are Python, in pieces that fit into a message each."""
    part: dict[str, np.ndarray] = {}
    room = _PART_BYTES
    for name, data in {**files, **bytecode.of(files)}.items():
        for start in range(0, max(1, len(data)), _PART_BYTES):
            piece = np.frombuffer(data, np.uint8)[start : start + _PART_BYTES]
            if part and (name in part or piece.size > room or len(part) >= _PART_FILES):
                yield part
                part, room = {}, _PART_BYTES
            part[name] = piece
            room -= piece.size
    if part:
        yield part
