"""The codec: what may cross the wall crosses unchanged, and nothing else does, whatever the bytes say."""

from __future__ import annotations

import enum
import json
import math
import socket
import struct
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.wall.both import wire
from autograder.wall.both.channel import Channel
from autograder.wall.both.objects import MOST, Full, Table, Thing
from autograder.wall.both.wire import Closed, Deadline, Unencodable, WireError, decode, encode

MB = 1 << 20


ODD_THINGS: list[object] = [0, [], [0], [0, "a", 1], [-1, "a"], [True, "a"], [1.0, "a"], ["0", "a"], [0, None]]
ODD_THINGS += [[MOST, "a"], [2**70, "a"], [0, "a" * 101], {"0": "a"}, [[0], "a"]]


def message(header: object, payload: bytes = b"") -> bytes:
    """A message as a hostile process may make it: any header, any payload, right lengths."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("!4s8sIQ", b"LMC2", wire.NO_TOKEN, len(text), len(payload)) + text + payload


def array_message(dtype: object, shape: object, payload: bytes) -> bytes:
    return message({"tree": {"array": [dtype, shape]}, "sizes": [len(payload)]}, payload)


def equal(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return (
            isinstance(one, np.ndarray)
            and isinstance(other, np.ndarray)
            and one.dtype == other.dtype
            and one.shape == other.shape
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(equal, one, other))  # type: ignore[arg-type]
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(equal(one[k], other[k]) for k in one)
    if isinstance(one, float) and isinstance(other, float):
        return struct.pack("d", one) == struct.pack("d", other) or (math.isnan(one) and math.isnan(other))
    return type(one) is type(other) and one == other


class TestRoundTrip:
    plain = st.none() | st.booleans() | st.integers(-(2**200), 2**200) | st.floats() | st.text(max_size=20)
    numbers = arrays.arrays(
        arrays.boolean_dtypes() | arrays.integer_dtypes(endianness="<") | arrays.unsigned_integer_dtypes(endianness="<")
        | arrays.floating_dtypes(endianness="<", sizes=(16, 32, 64)),
        arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    )  # fmt: skip
    values = st.recursive(
        plain | numbers,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.lists(inner, max_size=4).map(tuple)
            | st.dictionaries(st.text(max_size=5), inner, max_size=4)
        ),
        max_leaves=12,
    )

    @given(values)
    @settings(max_examples=150, deadline=None)
    def test_what_may_cross_comes_back_the_same(self, value):
        assert equal(decode(encode(value)), value)

    def test_scalars_of_numpy_arrive_as_arrays_without_dimensions(self):
        back = decode(encode(np.float64(1.5)))
        assert isinstance(back, np.ndarray)
        assert (back.shape, back.dtype, back[()]) == ((), np.float64, 1.5)

    @pytest.mark.parametrize(
        "text",
        [
            np.str_("gap"),
            np.array("gap"),
            np.where(True, "gap", "no-skill"),
            np.select([np.array(False), np.array(True)], ["no-skill", "gap"], "reversed-gap"),
            np.array(["no-skill", "gap"])[1],
            np.array("gap", dtype=object),
            np.array("gap", dtype=np.dtypes.StringDType()),
            type("Word", (str,), {})("gap"),
        ],
        ids=lambda text: f"{type(text).__name__}-{getattr(text, 'dtype', '')}",
    )
    def test_text_is_text_whatever_holds_it(self, text):
        back = decode(encode({"value": text}))
        assert equal(back, {"value": "gap"})

    def test_arrays_of_text_arrive_as_lists(self):
        assert equal(decode(encode(np.array([["a", "bc"]]))), [["a", "bc"]])

    def test_nan_and_infinities_pass(self):
        back = decode(encode([math.nan, math.inf, -math.inf, np.array([np.nan, np.inf])]))
        assert math.isnan(back[0])
        assert back[1:3] == [math.inf, -math.inf]
        assert np.isnan(back[3][0])

    def test_big_endian_strided_and_empty_arrays_arrive_in_order(self):
        for array in (np.arange(6, dtype=">i4"), np.arange(12.0).reshape(3, 4)[::-1, ::2], np.zeros((0, 3))):
            back = decode(encode(array))
            assert back.shape == array.shape
            assert (back == array).all()

    def test_what_arrives_is_a_copy_that_may_be_changed(self):
        back = decode(encode(np.zeros(3)))
        back[0] = 1.0
        assert back.flags.owndata

    def test_subclasses_arrive_as_what_they_hold(self):
        class Equal(float):
            def __eq__(self, other):
                return True

            __hash__ = float.__hash__

        class Word(str, enum.Enum):  # noqa: UP042 - unlike a StrEnum it prints as Word.GAP
            GAP = "gap"

        class Other(float):
            def __float__(self):
                return 2.0

        back = decode(encode([Equal(0.5), Word.GAP, Other(0.5), enum.IntEnum("Count", {"TWO": 2}).TWO]))
        assert list(map(type, back)) == [float, str, float, int]
        assert back == [0.5, "gap", 0.5, 2]

    def test_exact_numbers_arrive_as_the_nearest_float(self):
        back = decode(encode([Fraction(1, 3), Decimal("0.1"), Decimal("nan")]))
        assert back[:2] == [1 / 3, 0.1]
        assert math.isnan(back[2])
        assert all(type(each) is float for each in back)


class TestRefusedToSend:
    @pytest.mark.parametrize(
        ("value", "category"),
        [
            (1j, "complex"),
            (np.array([1j]), "complex"),
            (np.array([{}], dtype=object), "object array"),
            (np.ma.masked, "masked"),
            (np.ma.array([1.5, 2.0], mask=[False, True]), "masked"),
            ([1.0, np.ma.array(1.5, mask=True)], "masked"),
            (np.array([b"a"]), "other"),
            (np.full(30_000, "a"), "too large"),
            (np.array(["2020-01-01"], dtype="M8[D]"), "other"),
            (np.zeros(1, dtype=[("a", "f8")]), "other"),
            (object(), "other"),
            (b"bytes", "other"),
            ({1: 2}, "other"),
            ({1, 2}, "set"),
            (len, "function"),
            (iter([1]), "generator"),
            (..., "unfinished"),
            (Fraction(10**400), "too large"),
            (1 << 5000, "too large"),
            ("x" * (2 * MB), "too large"),
            ([0] * 30_000, "too large"),
            ([np.zeros(1)] * 257, "too large"),
            (np.zeros((1,) * 17), "too large"),
            (np.broadcast_to(np.zeros(1), (1 << 40,)), "too large"),
        ],
    )
    def test_what_may_not_cross_is_named_by_its_category(self, value, category):
        with pytest.raises(Unencodable) as caught:
            encode(value)
        assert caught.value.category == category

    def test_what_cannot_fit_is_not_written_down_first(self):
        """Digits take their time: 6 MB of them took half a second in each reply."""
        values, began = [1 << 4090] * 5000, time.process_time()
        with pytest.raises(Unencodable) as caught:
            encode(values)
        assert caught.value.category == "too large"
        assert time.process_time() - began < 0.1

    def test_nesting_without_end(self):
        knot: list[object] = []
        knot.append(knot)
        with pytest.raises(Unencodable):
            encode(knot)


class Loose:
    """What is nothing else."""


class Word(str):
    """What is text as well."""


class TestObjects:
    def table(self) -> Table:
        return Table(lambda kind: kind is Word)

    def test_an_object_stays_and_comes_back_as_itself(self):
        here, one, other = Table(lambda kind: kind is Loose), Loose(), Loose()
        there = decode(encode([one, {"x": (other, one)}, "a"], objects=here))
        assert there == [Thing(0, ""), {"x": (Thing(1, ""), Thing(0, ""))}, "a"]
        back = decode(encode(there), here)
        assert back[0] is one
        assert back[1]["x"][0] is other

    def test_only_a_known_class_goes_before_what_a_value_is_as_well(self):
        """A named tuple is a tuple to whoever asks a function, and an object to whoever has made it."""
        here = self.table()
        assert decode(encode(Word("a"))) == "a"
        assert decode(encode(Word("a"), objects=here)) == "a"
        here.learn(Word)
        assert decode(encode(Word("a"), objects=here)) == Thing(0, "Word")

    def test_without_a_table_nothing_stays_and_what_is_not_there_is_not_given(self):
        with pytest.raises(Unencodable):
            encode(object())
        with pytest.raises(WireError):
            decode(encode(Thing(0, "Word")), self.table())
        assert decode(encode(Thing(0, "Word"))) == Thing(0, "")

    def test_there_is_an_end_of_what_is_kept(self):
        here = Table(lambda kind: True)
        kept = [object() for _ in range(MOST)]
        assert all(here.thing(one) == Thing(number, "") for number, one in enumerate(kept))
        assert here.thing(kept[7]) == Thing(7, "")
        with pytest.raises(Full):
            here.thing(object())


class TestRefusedToRead:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"LMC1",
            b"PICK" + bytes(12),
            encode([1, 2])[:-1],
            encode([1, 2]) + b"x",
            message(b"\xff\xfe"),
            message(b"[" * 200_000),
            message(b"9" * 5_000),
            message([]),
            message({"tree": 1}),
            message({"tree": 1, "sizes": [], "more": 1}),
            message({"tree": 1, "sizes": [-1]}),
            message({"tree": 1, "sizes": [True]}, b"x"),
            message({"tree": 1, "sizes": [1]}, b"x"),  # a frame that nothing uses
            message({"tree": {"array": ["<f8", [1]]}, "sizes": []}),
            message({"tree": {"pickle": "gASVAAAA"}, "sizes": []}),
            message({"tree": {"dict": [["a", 1, 2]]}, "sizes": []}),
            message({"tree": {"dict": [[1, 2]]}, "sizes": []}),
            message({"tree": {"tuple": 1}, "sizes": []}),
            message({"tree": {"tuple": [], "dict": []}, "sizes": []}),
            *(message({"tree": {"thing": thing}, "sizes": []}) for thing in ODD_THINGS),
            message({"tree": [0] * 30_000, "sizes": []}),
            message({"tree": json.loads("[" * 50 + "]" * 50), "sizes": []}),
            message(b'{"tree": ' + b"9" * 2_000 + b', "sizes": []}'),
            message({"tree": None, "sizes": [0] * 300}),
        ],
    )
    def test_bytes_that_encode_would_not_write(self, data):
        with pytest.raises(WireError):
            decode(data)

    @pytest.mark.parametrize(
        "dtype", ["|O8", "O", "<c8", "<U1", "|S1", "|V8", "<M8", ">f8", "=f8", "f8", "f", "<f3", None, 8]
    )
    def test_dtypes_that_are_not_listed(self, dtype):
        with pytest.raises(WireError):
            decode(array_message(dtype, [1], bytes(8)))

    @pytest.mark.parametrize("dtype", ["2f4", "1f8", ",f8,", "(2)f4"])
    def test_names_that_only_numpys_own_parser_would_take(self, dtype):
        """Fails where the name goes to np.dtype: a dtype with parts of its own, or a SyntaxError."""
        with pytest.raises(WireError):
            decode(array_message(dtype, [1], bytes(8)))

    @pytest.mark.parametrize(
        "shape",
        [[2], [-1], [1.0], [True], "1", None, [1] * 17, [1 << 60], [[1]], [0], [1, 0], [0, 1 << 25, 1 << 25, 1 << 25]],
    )
    def test_shapes_that_do_not_fit_the_bytes(self, shape):
        payload = b"" if shape == [0, 1 << 25, 1 << 25, 1 << 25] else bytes(8)
        with pytest.raises(WireError):
            decode(array_message("<f8", shape, payload))

    def test_truth_values_that_are_neither(self):
        with pytest.raises(WireError):
            decode(array_message("|b1", [2], b"\x01\x02"))

    def test_lengths_are_checked_before_anything_is_allocated(self):
        for header_size, payload_size in ((2 * MB, 0), (10, 256 * MB), (0xFFFFFFFF, 2**63)):
            with pytest.raises(WireError):
                wire.opening(struct.pack("!4s8sIQ", b"LMC2", wire.NO_TOKEN, header_size, payload_size))

    def test_a_broken_message_is_no_value_error(self):
        """The suites ask for ValueError. Were this one, a broken reply would count as the right answer to bad input."""
        assert not issubclass(WireError, ValueError)


class TestFuzz:
    sample = encode({"value": [1.5, (2, "three"), np.arange(6.0).reshape(2, 3), {"a": None}], "token": "00"})

    def survives(self, data: bytes) -> None:
        tracemalloc.start()
        try:
            decode(data)
        except WireError:
            pass
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert peak < 64 * len(data) + MB

    @given(st.binary(max_size=400))
    @settings(max_examples=100, deadline=None)
    def test_any_bytes(self, data):
        self.survives(data)

    @given(st.integers(0, len(sample) * 8 - 1), st.integers(0, len(sample) * 8 - 1))
    @settings(max_examples=300, deadline=None)
    def test_flipped_bits(self, first, second):
        data = bytearray(self.sample)
        for bit in {first, second}:
            data[bit // 8] ^= 1 << bit % 8
        self.survives(bytes(data))

    @given(st.integers(0, len(sample)))
    @settings(max_examples=100, deadline=None)
    def test_cut_off(self, length):
        with pytest.raises(WireError) if length < len(self.sample) else contextless():
            decode(self.sample[:length])

    json_values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["<f8", "|b1", "array", "O"]),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["array", "tuple", "dict", "tree", "sizes", "x"]), inner, max_size=3)
        ),
        max_leaves=20,
    )

    @given(json_values, st.lists(st.integers(0, 16), max_size=3), st.binary(max_size=32))
    @settings(max_examples=300, deadline=None)
    def test_any_header(self, tree, sizes, payload):
        self.survives(message({"tree": tree, "sizes": sizes}, payload))

    @given(st.text(max_size=5), st.lists(st.integers(-1, 1 << 45), max_size=6), st.binary(max_size=16))
    @settings(max_examples=300, deadline=None)
    def test_any_array(self, dtype, shape, payload):
        self.survives(array_message(dtype, shape, payload))
        self.survives(array_message("<f8", shape, payload))


@contextmanager
def contextless() -> Iterator[None]:
    yield


@contextmanager
def pair() -> Iterator[tuple[Channel, socket.socket]]:
    """Our end as a channel, and theirs as the raw socket that a hostile process holds."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    try:
        yield channel, theirs
    finally:
        channel.close()
        theirs.close()


def ask(channel: Channel, request: object, seconds: float) -> object:
    (reply,) = channel.ask_all([encode(request)], seconds)
    return decode(reply)


def answering(theirs: socket.socket, data: bytes | None = None) -> threading.Thread:
    """Somebody who reads one request and sends these bytes, or an honest reply."""

    def answer() -> None:
        token, _ = Channel(theirs).receive(10)
        theirs.sendall(encode({"value": 1}, token) if data is None else data)

    thread = threading.Thread(target=answer)
    thread.start()
    return thread


class TestChannel:
    def test_a_request_gets_its_reply(self):
        with pair() as (channel, theirs):
            thread = answering(theirs)
            assert ask(channel, {"op": "call"}, 10) == {"value": 1}
            thread.join()

    def test_many_requests_at_once_get_their_replies_in_order(self):
        """More of them, on both sides, than a socket holds: neither waits for the other for ever."""
        sizes = [1, 60_000, *[3] * 400, 200_000, 5, *[9_000] * 60]
        with pair() as (channel, theirs):

            def answer() -> None:
                there = Channel(theirs)
                for _ in sizes:
                    token, request = there.receive(10)
                    there.send(wire.marked(request, token), 10)

            thread = threading.Thread(target=answer)
            thread.start()
            requests = [encode(np.full(size, place, np.uint32)) for place, size in enumerate(sizes)]
            replies = [decode(reply) for reply in channel.ask_all(requests, 10)]
            thread.join()
        assert [(len(reply), reply[0]) for reply in replies] == [(size, place) for place, size in enumerate(sizes)]

    def test_each_of_many_replies_has_its_own_deadline(self):
        """Ten answers that take 0.1 s each come within 0.5 s each; the one that never comes is waited for once."""
        with pair() as (channel, theirs):

            def answer() -> None:
                there = Channel(theirs)
                for _ in range(10):
                    token, _ = there.receive(10)
                    time.sleep(0.1)
                    there.send(encode(1, token))

            thread = threading.Thread(target=answer)
            thread.start()
            replies = channel.ask_all([encode(0)] * 11, 0.5)
            assert [decode(next(replies)) for _ in range(10)] == [1] * 10
            with pytest.raises(Deadline):
                next(replies)
            thread.join()

    def test_replies_in_another_order(self):
        with pair() as (channel, theirs):

            def answer() -> None:
                there = Channel(theirs)
                tokens = [there.receive(10)[0] for _ in range(2)]
                theirs.sendall(encode("second", tokens[1]) + encode("first", tokens[0]))

            thread = threading.Thread(target=answer)
            thread.start()
            with pytest.raises(WireError, match="does not belong"):
                list(channel.ask_all([encode(0)] * 2, 5))
            thread.join()

    def test_a_reply_that_was_sent_before_the_request(self):
        with pair() as (channel, theirs):
            theirs.sendall(encode({"value": 1}))
            with pytest.raises(WireError, match="nobody asked"):
                ask(channel, {"op": "call"}, 10)

    @pytest.mark.parametrize("token", [wire.NO_TOKEN, b"\x01" * 8])
    def test_a_reply_to_another_request(self, token):
        with pair() as (channel, theirs):
            thread = answering(theirs, encode({"value": 1}, token))
            with pytest.raises(WireError, match="does not belong"):
                ask(channel, {"op": "call"}, 10)
            thread.join()

    def test_two_replies_to_one_request(self):
        with pair() as (channel, theirs):
            thread = answering(theirs)
            ask(channel, {"op": "call"}, 10)
            thread.join()
            theirs.sendall(b"L")
            with pytest.raises(WireError, match="nobody asked"):
                ask(channel, {"op": "call"}, 10)

    def test_an_endless_trickle_does_not_stretch_the_deadline(self):
        """Fails where the deadline starts anew with each byte."""
        with pair() as (channel, theirs):
            data, stop = encode("x" * 10_000), threading.Event()

            def trickle() -> None:
                for byte in data:
                    if stop.wait(0.05):
                        return
                    theirs.sendall(bytes([byte]))

            thread = threading.Thread(target=trickle)
            thread.start()
            began = time.monotonic()
            with pytest.raises(Deadline):
                channel.receive(0.5)
            stop.set()
            thread.join()
            assert time.monotonic() - began < 2

    def test_somebody_who_does_not_read(self):
        with pair() as (channel, _):
            began = time.monotonic()
            with pytest.raises(Deadline):
                ask(channel, {"data": np.zeros(MB)}, 0.5)
            assert time.monotonic() - began < 2

    def test_an_announced_quarter_of_a_gigabyte_is_refused_at_once(self):
        with pair() as (channel, theirs):
            theirs.sendall(struct.pack("!4s8sIQ", b"LMC2", wire.NO_TOKEN, 10, 256 * MB))
            with pytest.raises(WireError, match="larger"):
                channel.receive(5)

    def test_an_announced_payload_that_never_comes_costs_no_memory(self):
        with pair() as (channel, theirs):
            theirs.sendall(struct.pack("!4s8sIQ", b"LMC2", wire.NO_TOKEN, 2, wire.MAX_PAYLOAD) + b"{}")
            tracemalloc.start()
            with pytest.raises(Deadline):
                channel.receive(0.3)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak < 4 * MB

    def test_the_other_side_is_gone(self):
        with pair() as (channel, theirs):
            theirs.close()
            with pytest.raises(Closed):
                channel.receive(5)
            with pytest.raises(Closed):
                ask(channel, {"op": "call"}, 5)

    def test_descriptors_that_are_sent_along_are_not_taken(self, tmp_path):
        """A process can hand over open files with its bytes. Nobody here wants them or runs out of numbers."""
        import os

        with pair() as (channel, theirs), open(tmp_path / "file", "w") as file:
            before = len(os.listdir("/proc/self/fd"))
            socket.send_fds(theirs, [encode(1)], [file.fileno()] * 20)
            assert decode(channel.receive(5)[1]) == 1
            assert len(os.listdir("/proc/self/fd")) == before
