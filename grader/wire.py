"""Frames between the grader and a worker: msgpack for structure, raw bytes for arrays, no pickle.

A frame is `!II` (header length, payload length), a msgpack header, and the payload: the bytes of
every array and blob in the order in which the header names them. What a worker sends is hostile, so
both lengths are bounded before anything is allocated, the header is small enough that its decoded
form can't hurt, dtypes come from a white list, and every array must fit the payload exactly. What
`encode` accepts `decode` gives back, and what `decode` lets out `encode` accepts: an answer handed
on in a later question can only fail there for the size of the whole.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import msgpack
import numpy as np

PREFIX = struct.Struct("!II")
MAX_HEADER = 1 << 20
MAX_PAYLOAD = 64 << 20
MAX_DEPTH = 24
MAX_RANK = 16
MAX_BITS = 1300  # of an integer
_MAX_DIGITS = 400  # and a sign: what 1300 bits take
_MAX_NAME = 100

_DTYPES = frozenset("f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1 c8 c16".split())  # noqa: SIM905
_ARRAY, _HANDLE, _PATH, _MARK, _TUPLE, _SLICE, _BLOB, _STRINGS, _BIGINT = range(1, 10)


class WireError(Exception):
    """Bytes that aren't a well-formed frame, or a value that can't be put into one."""


@dataclass(frozen=True, slots=True)
class Handle:
    """An object that stayed in its worker: its number there and its type's name."""

    number: int
    type_name: str


@dataclass(frozen=True, slots=True)
class Path:
    """Names to look up one after the other, from a root.

    `root` is `"module"` (the submission), `"tf"`, `"keras"`, `"np"`, or a handle's number.
    """

    root: str | int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """An array that shall arrive as something else than a tensor: `"numpy"` or `"variable"`."""

    kind: str
    value: Any


_LEAVES = (bool, int, float, str, bytes, np.ndarray, Handle, Path)


class _Encoder:
    """Turns one value into a header, and collects the payload on the way."""

    def __init__(self) -> None:
        self.payload: list[bytes] = []

    def pack(self, value: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise WireError(f"nested more than {MAX_DEPTH} deep")
        if value is None or type(value) in (bool, float, str):
            return value
        if type(value) is int:
            if -(1 << 63) <= value < 1 << 63:
                return value
            if value.bit_length() > MAX_BITS:
                raise WireError(f"an integer of {value.bit_length():,} bits can't cross the wire")
            return msgpack.ExtType(_BIGINT, str(value).encode())
        if type(value) is bytes:
            self.payload.append(value)
            return msgpack.ExtType(_BLOB, msgpack.packb(len(value)))
        if type(value) is list:
            return [self.pack(item, depth + 1) for item in value]
        if type(value) is dict:
            if not all(type(key) is str for key in value):
                raise WireError("a dict's keys must be str")
            return {key: self.pack(item, depth + 1) for key, item in value.items()}
        return self._extension(value, depth)

    def _extension(self, value: Any, depth: int) -> msgpack.ExtType:
        if isinstance(value, np.ndarray | np.generic):
            return self._array(np.asarray(value))
        if isinstance(value, Handle):
            return msgpack.ExtType(_HANDLE, msgpack.packb([value.number, value.type_name]))
        if isinstance(value, Path):
            return msgpack.ExtType(_PATH, msgpack.packb([value.root, list(value.names)]))
        if isinstance(value, Marked):
            return msgpack.ExtType(_MARK, self._nested([value.kind, value.value], depth))
        if type(value) is tuple:
            return msgpack.ExtType(_TUPLE, self._nested(list(value), depth))
        if type(value) is slice:
            return msgpack.ExtType(
                _SLICE, self._nested([value.start, value.stop, value.step], depth)
            )
        raise WireError(f"a {type(value).__name__} can't cross the wire")

    def _nested(self, items: list[Any], depth: int) -> bytes:
        packed = msgpack.packb([self.pack(item, depth + 1) for item in items])
        assert isinstance(packed, bytes)
        return packed

    def _array(self, array: np.ndarray[Any, Any]) -> msgpack.ExtType:
        _size(list(array.shape))
        if array.dtype.kind in "OSU":
            flat = [_as_bytes(item) for item in array.ravel().tolist()]
            return msgpack.ExtType(_STRINGS, msgpack.packb([list(array.shape), flat]))
        kind = array.dtype.str[1:]
        if kind not in _DTYPES:
            raise WireError(f"arrays of dtype {array.dtype} can't cross the wire")
        little = np.ascontiguousarray(array, dtype="<" + kind)
        self.payload.append(little.tobytes())
        return msgpack.ExtType(_ARRAY, msgpack.packb([kind, list(array.shape)]))


def _as_bytes(item: object) -> bytes:
    if isinstance(item, bytes):
        return item
    if isinstance(item, str):
        return item.encode()
    raise WireError(f"arrays that hold {type(item).__name__} can't cross the wire")


def encode(value: dict[str, Any]) -> bytes:
    """One frame that holds `value`.

    Raises:
        WireError: a part of it isn't plain, or it is larger than a frame may be.
    """
    encoder = _Encoder()
    try:
        header = msgpack.packb(encoder.pack(value, 0))
    except WireError:
        raise
    except (ValueError, TypeError, OverflowError) as error:  # a lone surrogate, a huge number
        raise WireError(f"a value can't cross the wire: {error}") from None
    payload = b"".join(encoder.payload)
    if len(header) > MAX_HEADER or len(payload) > MAX_PAYLOAD:
        raise WireError(
            f"a frame holds at most {MAX_HEADER >> 20} MiB of structure and "
            f"{MAX_PAYLOAD >> 20} MiB of arrays; this is {len(header):,} and {len(payload):,} bytes"
        )
    return bytes(PREFIX.pack(len(header), len(payload)) + header + payload)


def lengths(prefix: bytes) -> tuple[int, int]:
    """(header, payload) lengths in bytes, from a frame's first eight bytes.

    Raises:
        WireError: one of them is over the limit.
    """
    header, payload = PREFIX.unpack(prefix)
    if header > MAX_HEADER or payload > MAX_PAYLOAD:
        raise WireError(f"a reply of {header:,} + {payload:,} bytes is over the limit")
    return header, payload


class _Decoder:
    """Reads one header; hands out slices of the payload in order."""

    def __init__(self, payload: bytes) -> None:
        self.payload = payload
        self.offset = 0
        self.depth = 0

    def unpack(self, data: bytes) -> Any:
        self.depth += 1
        if self.depth > MAX_DEPTH + 2:  # the innermost value's and its own parts' nesting
            raise WireError(f"nested more than {MAX_DEPTH} deep")
        value = msgpack.unpackb(data, ext_hook=self._extension, strict_map_key=True)
        self.depth -= 1
        return value

    def _take(self, length: Any) -> bytes:
        if type(length) is not int or length < 0 or self.offset + length > len(self.payload):
            raise WireError("an array is longer than the payload")
        piece = self.payload[self.offset : self.offset + length]
        self.offset += length
        return piece

    def _extension(self, code: int, data: bytes) -> Any:
        body = data if code == _BIGINT else self.unpack(data)
        match code, body:
            case (9, bytes()) if len(body) <= _MAX_DIGITS and int(body).bit_length() <= MAX_BITS:
                return int(body)
            case (1, [str(kind), list(shape)]) if kind in _DTYPES:
                dtype = np.dtype("<" + kind)
                raw = self._take(dtype.itemsize * _size(shape))
                return np.frombuffer(raw, dtype).reshape(shape)
            case (2, [int(number), str(name)]) if _is_number(number):
                return Handle(number, _name(name))
            case (3, [int() | str() as root, list(names)]) if all(type(n) is str for n in names):
                if type(root) is str or _is_number(root):
                    return Path(root, tuple(names))
            case (4, [str(kind), value]):
                return Marked(kind, value)
            case (5, list(items)):
                return tuple(items)
            case (6, [start, stop, step]):
                return slice(start, stop, step)
            case (7, int(length)):
                return self._take(length)
            case (8, [list(shape), list(items)]) if all(type(i) is bytes for i in items):
                if len(items) != _size(shape):
                    raise WireError("a string array's shape doesn't fit its items")
                strings = np.empty(len(items), dtype=object)
                strings[:] = items
                strings.flags.writeable = False  # like every other array that comes out
                return strings.reshape(shape)
        raise WireError(f"malformed extension {code}")


def _size(shape: list[Any]) -> int:
    if len(shape) > MAX_RANK or not all(type(n) is int and 0 <= n < 1 << 31 for n in shape):
        raise WireError("malformed shape")
    return math.prod(shape)


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 63


def _name(name: str) -> str:
    """A type's name without what could act on a terminal or a reader's eye."""
    return "".join(c if c.isalnum() or c in "_.-[], " else "?" for c in name[:_MAX_NAME])


def leaves(value: Any) -> Iterator[Any]:
    """Every value inside a decoded one that is no container.

    Raises:
        WireError: it is nested too deep, or holds what isn't plain.
    """
    # A stack and no recursion: a million values 24 deep would pass through 24 generators each.
    open_: list[Iterator[Any]] = [iter((value,))]
    while open_:
        for item in open_[-1]:
            if len(open_) > MAX_DEPTH + 1:  # the value itself is at depth 0
                raise WireError(f"nested more than {MAX_DEPTH} deep")
            if item is None or type(item) in _LEAVES:
                yield item
                continue
            if type(item) is Marked:
                yield item
            open_.append(iter(_inside(item)))
            break
        else:
            open_.pop()


def _inside(value: Any) -> Iterable[Any]:
    if type(value) in (list, tuple):
        return cast("Iterable[Any]", value)
    if type(value) is dict:
        if not all(type(key) is str for key in value):
            raise WireError("a dict's keys must be str")
        return value.values()
    if type(value) is slice:
        return (value.start, value.stop, value.step)
    if type(value) is Marked:
        return (value.value,)
    # msgpack has a type of its own for points in time
    raise WireError(f"a {type(value).__name__} is no plain value")


def decode(header: bytes, payload: bytes) -> dict[str, Any]:
    """The value of a frame; only plain values, whitelisted arrays and this module's types come out.

    Raises:
        WireError: anything at all is wrong with it.
    """
    decoder = _Decoder(payload)
    try:
        value = decoder.unpack(header)
        for _ in leaves(value):
            pass
    except WireError:
        raise
    except (ValueError, TypeError, RecursionError, OverflowError, msgpack.UnpackException) as error:
        raise WireError(f"malformed frame: {type(error).__name__}") from None
    if type(value) is not dict:
        raise WireError("a frame must hold a map")
    if decoder.offset != len(payload):
        raise WireError("trailing bytes in the payload")
    return value
