"""One submission's life beyond the wall: what hangs or dies costs itself, and nothing outlives the session."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from dataclasses import replace

import pytest
from conftest import descendants, left_of
from miniature import QUICK, add, blank, notebook, unit, wall

from autograder.notebooks.submission import Submission, merge, parse
from autograder.session.dialogue import (
    Call,
    Ended,
    NotThere,
    OutOfTime,
    StudentError,
    StudentValueError,
    Timeout,
    call_of,
)
from autograder.session.session import Session
from autograder.wall.both.protocol import RunCell
from autograder.wall.both.stopwatch import PATIENCE, Budget
from autograder.wall.outside.child import Child
from autograder.wall.outside.process import Broken

pytestmark = pytest.mark.usefixtures("nothing_left")

CODE = """
import os, time

asked = []
answer = [1.5, "b"]


def fine(x, *, scale=1):
    asked.append(x)
    return [x * scale, len(asked)]


def refuses(x):
    raise ValueError("no")


def breaks(x):
    return {}[x]


def hangs(x):
    while True:
        pass


def ends(x):
    os._exit(1)


def changes(x):
    x[0] = 9
    return object()


def works(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return "done"


def slow(x):
    works(0.3)


def sleeps(x):
    time.sleep(60)
"""


def submission(*cells: str) -> Submission:
    made = blank()
    made["cells"] = []
    for cell in cells:
        add(made, cell)
    return Submission(cells=parse(json.dumps(made).encode())[0])


def session(*cells: str, **limits: float) -> Session:
    return Session(wall(), submission(*cells), {}, replace(QUICK, **limits))


def test_calls_answers_and_what_they_come_to():
    with session(CODE, call_seconds=0.7, function_seconds=0.8) as ours:
        assert ours.call("fine", (2,), {"scale": 3}) == [6, 1]
        assert ours.answer("answer") == [1.5, "b"]
        assert ours.describe("fine").parameters == ("x", "scale")
        assert ours.describe("answer").callable is False
        with pytest.raises(StudentValueError) as refused:
            ours.call("refuses", (1,), {})
        assert isinstance(refused.value, ValueError)
        with pytest.raises(StudentError) as broken:
            ours.call("breaks", (1,), {})
        assert not isinstance(broken.value, ValueError)
        assert (broken.value.raised.kind, broken.value.raised.line) == ("KeyError", "return {}[x]")
        assert ours.call("changes", ([1, 2],), {}, after=True) == ([9, 2],)
        assert ours.call("changes", ([1, 2],), {}).category == "other"
        for ask in (lambda: ours.call("nowhere", (), {}), lambda: ours.answer("nowhere")):
            with pytest.raises(NotThere):
                ask()
        # One that hangs, ends Python, or takes too long over all its calls is not asked again, and only that one.
        for name, error in (("hangs", Timeout), ("ends", Ended)):
            for _ in range(2):
                with pytest.raises(error):
                    ours.call(name, (1,), {})
        with pytest.raises(Timeout):
            [ours.call("slow", (1,), {}) for _ in range(9)]
        assert ours.call("fine", (2,), {}) == [2, 1], "a process made anew has run the cells, and nothing else"


def test_answers_are_what_they_were_when_first_asked_for():
    """Fails where they are read anew: a function could put what it was asked into one."""
    with session("answer = 1\n\n\ndef f(x):\n    global answer\n    answer = x\n    f.__signature__ = None") as ours:
        assert ours.answer("answer") == 1
        assert ours.describe("f").parameters == ("x",)
        ours.call("f", (0.123,), {})
        assert ours.answer("answer") == 1
        assert ours.describe("f").parameters == ("x",)


def test_a_cell_that_ends_python_is_left_out_and_the_rest_runs_again():
    with session("a = 1", "import os; os._exit(1)", "b = 2", "while True: pass", "c = 3", cell_seconds=0.7) as ours:
        assert [ours.answer(name) for name in "abc"] == [1, 2, 3]
        assert [ours.runs[index].state for index in range(5)] == ["ran", "ended", "ran", "timeout", "ran"]


NO_STREAM = """
class NoStream:
    def __getattribute__(self, name):
        raise SystemExit


sys.stdout = sys.stderr = NoStream()
"""
HARMLESS = (
    "import os, signal, sys, threading, time\nsys.stdout = None",
    "sys.stderr = None",
    NO_STREAM,
    "sys.stdout.close = sys.excepthook = None\nprint('said')\nsys.displayhook = None",
    "get_ipython().run_cell = None",
    "signal.setitimer(signal.ITIMER_REAL, 0.05)",
    "import faulthandler\nfaulthandler.dump_traceback_later(0.05, exit=True, file=open(os.devnull, 'w'))",
    "def tick():\n    while True: time.sleep(0.01)\n\n\nthreading.Thread(target=tick, daemon=True).start()",
    "time.sleep(0.1)\na = 1",
)
BREAKING = (
    "get_ipython().run_cell_async = None",
    "type(get_ipython()).__mro__[1].run_cell = None\nget_ipython().compile = None",
    "import numpy\nnumpy.frombuffer = None",
    "os._exit(1)",
    "threading.Timer(0.05, os._exit, (0,)).start()",
)


def test_what_one_cell_breaks_costs_no_other():
    """Fails where the process keeps what it needs in a student's reach, and where whoever dies of it is left out."""
    cells = [*HARMLESS, *BREAKING, "time.sleep(0.2)\nb = 2"]
    with session(*cells) as ours:
        states = [ours.runs[index].state for index in range(len(cells))]
        assert states.pop(2) == "raised", "whatever flushes the stream within this cell meets its SystemExit"
        assert states == ["ran"] * (len(HARMLESS) - 1) + ["ended"] * len(BREAKING) + ["ran"]
        assert [ours.answer(name) for name in "ab"] == [1, 2]
        assert any("said" in str(output.data) for output in ours.runs[3].outputs)


def test_a_thread_that_ends_python_costs_its_cell_and_not_the_function_that_runs_meanwhile():
    bomb = "import os, threading\nthreading.Timer(0.4, os._exit, (0,)).start()"
    with session(
        bomb, "import os, time\n\n\ndef f():\n    time.sleep(0.6)\n    return 1", "def ends():\n    os._exit(1)"
    ) as ours:
        assert ours.call("f", (), {}) == 1
        assert [ours.runs[index].state for index in range(3)] == ["ended", "ran", "ran"]
        with pytest.raises(Ended):
            ours.call("ends", (), {})
        assert ours.call("f", (), {}) == 1


def test_too_many_restarts_leave_no_process():
    before = descendants(os.getpid())
    ours = session(*["import os; os._exit(1)"] * 4, restarts=2)
    with pytest.raises(Ended):
        ours.__enter__()
    assert ours._process is None
    assert left_of(os.getpid(), before) == set()


def test_an_error_on_the_way_leaves_no_process(monkeypatch):
    """Fails where a session that could not begin keeps its process: nobody would end it."""
    ours = session("a = 1")

    def stumble(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(ours, "_run_cells", stumble)
    with pytest.raises(KeyboardInterrupt):
        ours.__enter__()
    assert ours._process is None


def test_files_that_do_not_fit_are_the_graders_fault():
    ours = Session(wall(), submission("a = 1"), {"large.npy": bytes(80 << 20)}, QUICK)
    with pytest.raises(Broken):
        ours.__enter__()


def test_the_assignments_files_are_ours_and_not_the_students():
    made = add(notebook(), "open('lesson.py', 'w').write('planted = 1')", before="setup")
    merged = merge(parse(json.dumps(made).encode())[0], unit())
    with Session(wall(), merged, unit().files, QUICK) as ours:
        index = next(index for index, cell in enumerate(merged.cells) if cell.id == "setup")
        assert ours.runs[index].state == "raised", (
            "it planted a file over ours, in its own sandbox and for itself alone"
        )
    with Session(wall(), submission("from lesson import figure"), unit().files, QUICK) as ours:
        assert ours.runs[0].state == "ran"


def calls(name: str, *arguments: object) -> list[Call]:
    return [call_of(name, (argument,), {}) for argument in arguments]


def test_calls_made_ahead_are_made_once_and_in_order():
    with session(CODE) as ours:
        replies = ours.ahead(calls("fine", 5, 6, 5))
        assert len(replies) == 3
        assert ours.answer("asked") == [5, 6, 5]
        assert [ours.call("fine", (x,), {})[1] for x in (5, 5, 6)] == [1, 3, 2], "each gets the reply to such a call"
        assert ours.call("fine", (5,), {}) == [5, 4], "whoever asks once more asks the function"
        ours.ahead(calls("fine", 7))
        ours.ahead(calls("fine", 8))
        assert ours.call("fine", (7,), {})[1] == 7, "what was kept before is forgotten"


def test_what_stops_one_call_made_ahead_leaves_those_before_it():
    """The state is that of calls made one by one: right at first, ended at last."""
    stops = "def f(x):\n    import os\n    while x == 1: pass\n    return os._exit(1) if x == 2 else x"
    for last, error in ((1, Timeout), (2, Ended)):
        with session(stops, call_seconds=0.7) as ours:
            assert ours.ahead(calls("f", 3, 4, last, 5)) is None
            assert [ours.call("f", (x,), {}) for x in (3, 4)] == [3, 4]
            for x in (last, 5):
                with pytest.raises(error):
                    ours.call("f", (x,), {})
            assert ours.ahead(calls("f", 3)) is None, "nobody asks it again"


def test_after_a_failure_no_more_calls_are_made_ahead():
    """Each failure costs a process, and a submission has only so many of them."""
    with session(CODE + "\n\ndef ends(x):\n    os._exit(1)", call_seconds=0.7) as ours:
        assert ours.ahead(calls("ends", 1)) is None
        assert ours.ahead(calls("fine", 1)) is None
        assert ours.call("fine", (1,), {}) == [1, 1]


def test_calls_made_ahead_that_take_long_are_given_up_and_charged_to_nobody(monkeypatch):
    monkeypatch.setattr("autograder.session.session._QUICK_SECONDS", 0.5)
    with session(CODE, "works(1.0)", function_seconds=1.5) as ours:
        assert ours.ahead(calls("slow", *range(9))) is None
        assert ours.call("slow", (8,), {}) == ours.call("slow", (8,), {}), "nor is what it takes to run the cells again"
        with pytest.raises(Timeout):
            [ours.call("slow", (8,), {}) for _ in range(6)]
        assert ours.call("fine", (1,), {}) == [1, 1]


def test_a_slow_function_is_not_asked_in_vain(monkeypatch):
    monkeypatch.setattr("autograder.session.session._QUICK_SECONDS", 0.2)
    with session(CODE) as ours:
        ours.call("slow", (1,), {})
        assert ours.ahead(calls("slow", 2)) is None


def test_replies_made_ahead_are_kept_within_bounds(monkeypatch):
    monkeypatch.setattr("autograder.session.session._KEPT_BYTES", 100_000)
    with session("import numpy as np\nasked = []\n\n\ndef f(n):\n    asked.append(n)\n    return np.zeros(n)") as ours:
        assert ours.ahead(calls("f", 1, 50_000, 2)) is None
        assert [len(ours.call("f", (n,), {})) for n in (1, 50_000, 2)] == [1, 50_000, 2]
        assert ours.answer("asked")[:3] == [1, 50_000, 2]


def test_cells_are_quick_together_and_slow_alone():
    """However many are under way at once, each has its own time, and the guilty one is found."""
    cells = [f"n = {number}" for number in range(20)]
    with session(*cells, "while True: pass", "m = n", cell_seconds=0.7) as ours:
        assert [run.state for run in ours.runs.values()].count("ran") == 21
        assert ours.runs[20].state == "timeout"
        assert ours.answer("m") == 19


def test_a_process_is_made_anew_as_often_as_the_limits_say_and_no_more():
    """Each of two cells ends its process, and for the first end nobody is blamed: it takes four processes."""
    ending = ("import os\nos._exit(1)", "import os\nos._exit(2)", "a = 1")
    with session(*ending, restarts=3) as ours:
        assert ours.answer("a") == 1
    with pytest.raises(Ended):
        session(*ending, restarts=2).__enter__()


def test_an_answer_that_is_too_large_to_keep():
    with session("import numpy as np\nlarge, small = np.zeros(20_000), np.zeros(100)") as ours:
        assert ours.answer("large").category == "too large"
        assert ours.answer("small").shape == (100,)


def test_what_could_not_be_answered_is_said_again_and_kept_as_no_exception():
    with session("a = 1") as ours:
        said = []
        for _ in range(3):
            with pytest.raises(NotThere) as caught:
                ours.answer("b")
            said.append(caught.value)
        assert len(set(map(id, said))) == 3


def processes_of(ours: Session, monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """The processes that are opened from now on."""
    opened, lane = [], ours._lane

    class Watched:
        def open(self, **how):
            opened.append(lane.open(**how))
            return opened[-1]

    monkeypatch.setattr(ours, "_lane", Watched())
    return opened


def test_who_sleeps_comes_to_an_end_and_only_the_first_is_asked_once_more(monkeypatch):
    with session(CODE, "def naps(x):\n    time.sleep(60)", call_seconds=0.4) as ours:
        opened = processes_of(ours, monkeypatch)
        for name, processes in (("sleeps", 1), ("naps", 2)):
            began = time.monotonic()
            with pytest.raises(Timeout):
                ours.call(name, (1,), {})
            assert time.monotonic() - began > 0.4 * PATIENCE
            assert len(opened) == processes, "one more process for what was asked once more, or for who is next"
        assert ours.call("fine", (2,), {}) == [2, 1]


def test_who_works_comes_to_an_end_at_once(monkeypatch):
    with session(CODE, call_seconds=0.4) as ours:
        opened = processes_of(ours, monkeypatch)
        with pytest.raises(Timeout):
            ours.call("hangs", (1,), {})
        assert opened == []


def held_up(process: Child, seconds: float) -> threading.Timer:
    """From then on the process gets no processor, as if all were busy with others."""
    timer = threading.Timer(seconds, os.kill, (process.pid, signal.SIGSTOP))
    timer.start()
    return timer


def test_a_call_that_was_held_up_is_made_again_before_it_costs_anything():
    with session(CODE, call_seconds=0.9) as ours:
        timer = held_up(ours._process, 0.2)
        assert ours.call("works", (0.6,), {}) == "done"
        timer.join()
        assert ours.call("works", (0.0,), {}) == "done"


def test_a_cell_that_was_held_up_is_run_again_before_it_costs_anything():
    class HeldUpOnce:
        opened = 0

        def open(self, **how):
            process = wall().open(**how)
            self.opened += 1
            if self.opened == 1:
                held_up(process, 0.3).join()
            return process

    lane = HeldUpOnce()
    cells = submission("a = 1", CODE, "works(0.2)", "b = 2")
    with Session(lane, cells, {}, replace(QUICK, cell_seconds=0.9)) as ours:
        assert lane.opened == 2
        assert [run.state for run in ours.runs.values()] == ["ran"] * 4
        assert ours.answer("b") == 2


class Sluggish:
    """A lane where to start a process takes long, and to end one takes long."""

    def __init__(self, start: float, end: float) -> None:
        self.start, self.end, self.opened = start, end, 0

    def open(self, **how):
        time.sleep(self.start)
        self.opened += 1
        child = wall().open(**how)
        stop = child.stop

        def stop_late() -> None:
            time.sleep(self.end)
            stop()

        child.stop = stop_late
        return child


NINE = "import os, time\n" + "\n".join(f"def f{n}(how):\n    exec(how)" for n in range(9))


@pytest.mark.parametrize(
    ("what", "lane"),
    [
        ("end = time.process_time() + 0.8\nwhile time.process_time() < end: pass", Sluggish(0, 0)),
        ("os._exit(1)", Sluggish(0.8, 0)),
        ("os._exit(1)", Sluggish(0, 0.8)),
    ],
    ids=["working", "starting", "ending"],
)
def test_all_that_a_submission_causes_has_one_budget(what, lane):
    """Many functions, each within its own limit: what they take, and what it takes to make their processes anew."""
    with Session(lane, submission(NINE), {}, replace(QUICK, submission_seconds=5.0)) as ours:
        for n in range(9):
            with contextlib.suppress(Timeout, Ended):
                ours.call(f"f{n}", (what,), {})
        assert 3 <= len(ours.unasked) < 9
        assert ours.unasked == {f"f{n}" for n in range(9 - len(ours.unasked), 9)}, (
            "those asked before have their replies"
        )
        before = lane.opened
        with pytest.raises(OutOfTime):
            ours.call("f8", (what,), {})
        assert lane.opened == before, "nothing more is started for it"
        assert ours.runs[0].state == "ran"


def test_cells_that_take_long_again_are_in_the_budget_and_keep_what_they_printed():
    """A process that ends is made anew, and its cells run again, as long as there is time for it."""
    slow = "print('once')\nend = time.process_time() + 0.6\nwhile time.process_time() < end: pass"
    with session(NINE, slow, submission_seconds=5.0) as ours:
        for n in range(9):
            with contextlib.suppress(Timeout, Ended):
                ours.call(f"f{n}", ("os._exit(1)",), {})
        assert 1 <= len(ours.unasked) < 9
        assert ours.runs[1].state == "ran"
        assert ours.runs[1].outputs


def test_a_budget_is_not_spent_while_others_have_the_processor():
    """Fails where a busy machine takes a submission's time."""
    child = wall().open()
    try:
        child.ask(RunCell(CODE), 10)
        (core,) = os.sched_getaffinity(child.pid)
        busy = [subprocess.Popen(["/bin/sh", "-c", "while :; do :; done"], start_new_session=True) for _ in range(3)]
        for other in busy:
            os.sched_setaffinity(other.pid, {core})
        budget, began = Budget(60.0), time.monotonic()
        [_] = child.ask_all([call_of("works", (0.5,), {}).request], 10, budget)
        passed = time.monotonic() - began
        assert budget.spent < 0.8 * passed
        assert budget.spent > 0.5
    finally:
        for other in busy:
            other.kill()
            other.wait()
        child.end()


def test_an_error_is_said_where_the_outputs_are_too_large_to_cross():
    """Fails where the whole reply is dropped: the cell would count as one that ran to its end."""
    code = "from IPython.display import display\n"
    code += "display({'text/plain': '\u00e9' * (2 << 20)}, raw=True)\nraise KeyError('k')"
    with session(code) as ours:
        assert ours.runs[0].state == "raised"
        assert ours.runs[0].raised is not None
        assert ours.runs[0].raised.kind == "KeyError"
        assert "too large" in ours.runs[0].outputs[0].data["text"]


def test_what_is_too_large_is_not_looked_into():
    """A value, however it is asked for. Fails where the grader decodes what it will never compare."""
    code = "import numpy as np\ndef large(n): return np.zeros(n)"
    with session(code) as ours:
        assert ours.call("large", (100_000,), {}).shape == (100_000,)
        assert ours.call("large", (200_000,), {}).category == "too large"
        many = [call_of("large", (200_000,), {}) for _ in range(8)]
        assert ours.ahead(many) is None, "more than is kept is not even waited for"
        assert ours.call("large", (10,), {}).shape == (10,)


def test_a_function_that_hangs_is_not_called_again_by_the_lesson():
    """Else each of the lesson's cells that use it would cost its time, and the cells below would not run any more."""
    uses = [f"used = spin({n})" for n in range(6)]
    cells = submission("def spin(x):\n    while True: pass", *uses, "def fine(x):\n    return x", "spin(1) if 0 else 2")
    limits = replace(QUICK, cell_seconds=0.5)
    with Session(wall(), cells, {}, limits, functions=("spin", "fine"), lesson=uses) as ours:
        assert [run.state for run in ours.runs.values()].count("timeout") == 1
        assert [ours.runs[index].state for index in range(2, 7)] == ["not again"] * 5
        assert ours.runs[8].state == "ran", "a student's own cell is"
        assert ours.call("fine", (3,), {}) == 3


def test_the_lesson_takes_no_name_away_that_a_students_function_needs():
    """Also where they use it again below, and where the student gives it another value later."""
    lesson = ["half = 0.5\nprint(half)", "print(half + 1)", "double = 2"]
    cells = submission(
        "def half(x):\n    return x / 2\ndef mine(x):\n    return half(x) + double(x)\ndef double(x):\n    return 0",
        lesson[0],
        lesson[1],
        lesson[2],
        "def double(x):\n    return 2 * x",
        "own = 1",
        "own = 2",
    )
    with Session(wall(), cells, {}, QUICK, functions=("mine",), lesson=lesson) as ours:
        assert [run.state for run in ours.runs.values()] == ["ran"] * 7
        assert ours.runs[2].outputs, "the lesson's own cells find what they wrote"
        assert ours.call("mine", (4,), {}) == 10
        assert ours.answer("own") == 2
