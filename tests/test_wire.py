"""Frames: what goes in comes out, and hostile bytes end as `WireError` and nothing else."""

from __future__ import annotations

import math
import struct
import sys
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader import wire
from grader.wire import PREFIX, Handle, Marked, Path, WireError, decode, encode, leaves, lengths

WIRE_DTYPES = "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1 c8 c16".split()  # noqa: SIM905


def through(value: Any) -> Any:
    frame = encode({"value": value})
    header, payload = lengths(frame[: PREFIX.size])
    body = frame[PREFIX.size :]
    assert len(body) == header + payload
    return decode(body[:header], body[header:])["value"]


def same(one: Any, other: Any) -> bool:
    """Equal in type and value, NaN equal to itself, arrays by dtype, shape and bits."""
    if isinstance(one, np.ndarray):
        return (
            isinstance(other, np.ndarray)
            and one.dtype == other.dtype
            and one.shape == other.shape
            and (one.dtype == object or one.tobytes() == other.tobytes())
            and (one.dtype != object or one.tolist() == other.tolist())
        )
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, Marked):
        return one.kind == other.kind and same(one.value, other.value)
    if isinstance(one, slice):
        return same((one.start, one.stop, one.step), (other.start, other.stop, other.step))
    if isinstance(one, float):
        return struct.pack("d", one) == struct.pack("d", other)
    return bool(one == other)


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
arrays = st.sampled_from(WIRE_DTYPES).flatmap(
    lambda kind: npst.arrays(
        np.dtype("<" + kind), npst.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=3)
    )
)
strings = st.lists(st.binary(max_size=8), max_size=5).map(
    lambda items: np.array([*items, None], dtype=object)[:-1]
)
plain = (
    st.none()
    | st.booleans()
    | st.integers(-(10**390), 10**390)
    | st.floats()
    | text
    | st.binary(max_size=50)
    | arrays
    | strings
    | st.builds(
        Handle, st.integers(0, (1 << 63) - 1), st.from_regex(r"[A-Za-z_]\w{0,20}", fullmatch=True)
    )
    | st.builds(Path, text | st.integers(0, (1 << 63) - 1), st.lists(text, max_size=4).map(tuple))
    | st.builds(slice, st.none() | st.integers(), st.none() | st.integers(), st.none())
)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(text, inner, max_size=4)
        | st.builds(Marked, st.sampled_from(["numpy", "variable", "graph"]), inner)
    ),
    max_leaves=20,
)


@given(values)
def test_round_trip(value: Any) -> None:
    """Whatever can be encoded comes back the same: type, dtype, shape, every bit."""
    assert same(value, through(value))


@given(values)
def test_decoded_values_can_be_sent_on(value: Any) -> None:
    """An answer can be an argument of the next question without any trouble."""
    once = through(value)
    assert same(once, through(once))


@pytest.mark.parametrize("nest", [lambda v: [v], lambda v: (v,), lambda v: {"k": v}])
@pytest.mark.parametrize("leaf", [1, np.float32(1.5), Handle(1, "f"), b"x", 1 << 100])
def test_the_deepest_value_that_encodes_also_decodes(nest: Any, leaf: Any) -> None:
    """Both ends draw the line at the same depth, whatever the nesting is made of."""
    value = leaf
    for _ in range(wire.MAX_DEPTH - 1):  # the frame's own map is one level
        value = nest(value)
    assert through(value) is not None
    with pytest.raises(WireError, match="nested"):
        encode({"value": nest(value)})


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (object(), "object can't cross"),
        (np.array([object()], dtype=object), "arrays that hold object"),
        (np.array([None]), "arrays that hold NoneType"),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), "datetime64"),
        (np.zeros(2, dtype=[("a", "f4")]), "dtype"),
        (np.zeros(2, dtype="longdouble"), "dtype"),
        ({1: 2}, "keys must be str"),
        ({b"a": 2}, "keys must be str"),
        (10**500, "bits"),
        (10**5000, "bits"),
        ("\ud800", "surrogates"),
        ({"\ud800": 1}, "surrogates"),
        (np.array(["\ud800"]), "surrogates"),
        (np.zeros((1,) * 17), "shape"),
        ("x" * (wire.MAX_HEADER + 1), "at most"),
        (b"x" * (wire.MAX_PAYLOAD + 1), "at most"),
        (type("Sub", (str,), {})("x"), "Sub can't cross"),
        (type("Sub", (float,), {})(1.0), "Sub can't cross"),
        (type("Sub", (dict,), {})(), "Sub can't cross"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else type(value).__name__,
)
def test_what_is_refused_to_encode(value: Any, said: str) -> None:
    """What can't come back the same is refused, in words that name it; never changed silently."""
    with pytest.raises(WireError, match=said):
        encode({"value": value})


def test_strings_arrive_as_bytes() -> None:
    """A string array arrives as read-only objects that are bytes, its shape kept."""
    got = through(np.array([["a", "é"]]))
    assert got.dtype == object
    assert got.tolist() == [[b"a", "é".encode()]]
    with pytest.raises(ValueError, match="read-only"):
        got[0, 0] = b"changed"


def test_arrays_are_read_only() -> None:
    """A check can't change a remembered answer by accident."""
    with pytest.raises(ValueError, match="read-only"):
        through(np.zeros(3))[0] = 1.0


def test_byte_order_and_strides_do_not_matter() -> None:
    """Big-endian, transposed and strided arrays arrive with their values."""
    array = np.arange(12, dtype=">f4").reshape(3, 4).T[::2]
    got = through(array)
    assert got.dtype == np.dtype("<f4")
    assert got.tolist() == array.tolist()


def test_leaves_of_a_million_values() -> None:
    """All of them are seen, in order, at the greatest depth; one level more is refused."""
    value: Any = list(range(1_000_000))
    for _ in range(wire.MAX_DEPTH - 1):
        value = (value,)
    assert list(leaves(value)) == list(range(1_000_000))
    with pytest.raises(WireError, match="nested"):
        list(leaves([value]))
    assert list(leaves({"a": [1, Marked("x", slice(2, None))], "b": ()})) == [
        1,
        Marked("x", slice(2, None)),
        *(2, None, None),
    ]


# -- hostile bytes ---------------------------------------------------------------------------------


@given(st.binary(max_size=300), st.binary(max_size=64))
@settings(max_examples=500)
def test_any_bytes(header: bytes, payload: bytes) -> None:
    """Any bytes give a plain value or a WireError, and nothing else."""
    try:
        value = decode(header, payload)
    except WireError:
        return
    assert type(value) is dict
    encode(value)


@given(values, st.data())
@settings(max_examples=300)
def test_damaged_frames(value: Any, data: st.DataObject) -> None:
    """A good frame with a few bytes changed, cut or added gives a value or a WireError."""
    frame = encode({"value": value, "nonce": "0" * 24})
    header = lengths(frame[: PREFIX.size])[0]
    head, tail = bytearray(frame[8 : 8 + header]), frame[8 + header :]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(head) - 1))
        head[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, 3))
    try:
        decoded = decode(bytes(head), tail[cut:] + data.draw(st.binary(max_size=3)))
    except WireError:
        return
    for leaf in leaves(decoded):
        assert not isinstance(leaf, np.ndarray) or leaf.dtype.str[1:] in [*WIRE_DTYPES, "O"]


def extension(code: int, body: Any) -> bytes:
    data = body if isinstance(body, bytes) else msgpack.packb(body)
    return msgpack.packb({"v": msgpack.ExtType(code, data)})


ARRAY, HANDLE, PATH, MARK, TUPLE, SLICE, BLOB, STRINGS, BIGINT = range(1, 10)


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\x81",
        b"\x81\xa1v\xc1",
        msgpack.packb([1]),
        msgpack.packb({"v": 1}) + b"\xc0",
        msgpack.packb({1: 2}),
        msgpack.packb({"v": {b"k": 1}}),
        extension(ARRAY, ["O", [1]]),
        extension(ARRAY, ["V8", [1]]),
        extension(ARRAY, ["f4", [-1]]),
        extension(ARRAY, ["f4", [3]]),
        extension(ARRAY, ["f4", [1.0]]),
        extension(ARRAY, ["f4", [True]]),
        extension(ARRAY, ["f4", [1 << 40, 0]]),
        extension(ARRAY, ["f4", [(1 << 31) - 1] * 3]),
        extension(ARRAY, ["f4", [0, (1 << 31) - 1, (1 << 31) - 1, (1 << 31) - 1]]),
        extension(ARRAY, ["f4", [1] * 17]),
        extension(ARRAY, ["f4", 1]),
        extension(ARRAY, []),
        extension(HANDLE, [-1, "f"]),
        extension(HANDLE, [True, "f"]),
        extension(HANDLE, [1 << 63, "f"]),
        extension(HANDLE, [msgpack.ExtType(BIGINT, b"1" * 50), "f"]),
        extension(HANDLE, ["1", "f"]),
        extension(PATH, [msgpack.ExtType(BIGINT, b"1" * 50), []]),
        extension(PATH, ["module", [1]]),
        extension(MARK, [1, 2]),
        extension(TUPLE, {"a": 1}),
        extension(SLICE, [1, 2]),
        extension(BLOB, -1),
        extension(BLOB, 1),
        extension(BLOB, True),
        extension(STRINGS, [[2], [b"a"]]),
        extension(STRINGS, [[1], ["a"]]),
        extension(STRINGS, [[1 << 31], []]),
        extension(BIGINT, b"9" * 401),
        extension(BIGINT, b"1" * 400),
        extension(BIGINT, b"abc"),
        extension(BIGINT, b""),
        extension(77, [1]),
        b"\x81\xa1v\xd6\xff\0\0\0\0",  # msgpack's own type for points in time
        b"\x81\xa1v" + b"\x91" * 60 + b"\xc0",
        b"\x81\xa1v" + b"\x91" * 5000 + b"\xc0",
        b"\x81\xa1v\xdd\xff\xff\xff\xff",  # a list that says it has 4 billion items
        b"\x81\xa1v\xdf\xff\xff\xff\xff",
        b"\x81\xa1v\xdb\xff\xff\xff\xff",
        b"\x81\xa1v\xa1\xff",  # no UTF-8
    ],
    ids=lambda header: header[:24].hex(),
)
def test_malformed_headers(header: bytes) -> None:
    """Wrong shapes, dtypes, numbers, types and nesting each end as WireError."""
    with pytest.raises(WireError):
        decode(header, b"")


def test_nesting_through_extensions() -> None:
    """Tuples in tuples, 60 deep, are refused; so is what nests through other extensions."""
    packed: Any = 1
    for _ in range(60):
        packed = msgpack.ExtType(TUPLE, msgpack.packb([packed]))
    with pytest.raises(WireError, match="nested"):
        decode(msgpack.packb({"v": packed}), b"")


def test_trailing_bytes() -> None:
    """A payload that no array claims is refused."""
    with pytest.raises(WireError, match="trailing"):
        decode(msgpack.packb({"v": 1}), b"x")


@pytest.mark.parametrize(
    ("header", "payload"),
    [(wire.MAX_HEADER + 1, 0), (0, wire.MAX_PAYLOAD + 1), (0xFFFFFFFF, 0xFFFFFFFF)],
)
def test_lengths_are_refused_before_anything_is_allocated(header: int, payload: int) -> None:
    """Eight bytes are enough to refuse a frame."""
    with pytest.raises(WireError, match="over the limit"):
        lengths(PREFIX.pack(header, payload))


def test_the_limits_themselves_are_allowed() -> None:
    """The bounds belong to what is allowed."""
    assert lengths(PREFIX.pack(wire.MAX_HEADER, wire.MAX_PAYLOAD)) == (1 << 20, 64 << 20)


@pytest.mark.parametrize(
    "filler",
    [b"\x90", b"\x80", b"\xd4\x07\x00"],
    ids=["lists", "maps", "blobs"],
)
def test_the_largest_header_stays_small_in_memory(filler: bytes) -> None:
    """1 MiB of the smallest items becomes at most 160 MB of Python objects."""
    count = (wire.MAX_HEADER - 16) // len(filler)
    header = b"\x81\xa1v\xdd" + struct.pack(">I", count) + filler * count
    value = decode(header, b"")["v"]
    assert len(value) == count
    assert sys.getsizeof(value) + sum(map(sys.getsizeof, value)) < 160e6


def test_numbers_that_are_no_numbers() -> None:
    """NaN and the infinities cross as they are, in scalars and arrays."""
    got = through([math.nan, math.inf, -math.inf, np.array([np.nan, np.inf, -0.0])])
    assert math.isnan(got[0])
    assert got[1:3] == [math.inf, -math.inf]
    assert np.isnan(got[3][0])
    assert np.signbit(got[3][2])


def test_type_names_are_defused() -> None:
    """What a class is called can't act on a terminal, nor flood a message."""
    handle = through(Handle(1, "\x1b[31m<b>\u202eevil" + "x" * 500))
    assert "\x1b" not in handle.type_name
    assert "\u202e" not in handle.type_name
    assert "<" not in handle.type_name
    assert len(handle.type_name) <= 100
