"""Puts numbers and other plain values into words that fit a message."""

from __future__ import annotations

import itertools
import reprlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.asking import Proxy, type_name_of
from grader.defuse import defuse, defuse_line
from grader.text import Text
from grader.wire import MAX_DEPTH

_WIDE = 200
_MOST = 500
"""Numbers of an array that are looked at."""
_LISTED = 100


def both(text: Text) -> dict[str, str]:
    """A `Text` as the JSON of the results file has it."""
    return {"en": text.en, "zh": text.zh}


def value(array: NDArray[Any]) -> str:
    """An array, whole when it is small, else its head; with shape and dtype unless scalar."""
    if array.shape == ():
        return plain(array[()])
    text = defuse(_numbers(array, threshold=24, edge=3), max_chars=1500)
    return f"{text}  shape {array.shape}, {array.dtype}"


def _numbers(array: NDArray[Any], *, threshold: int, edge: int) -> str:
    """An array as NumPy writes it, but never more than about `_MOST` of its numbers.

    NumPy leaves out the middle of an axis longer than `2 * edge`; of nine axes as long as that it
    writes ten million numbers, which takes minutes.
    """
    front: list[slice] = []
    left = _MOST
    for length in reversed(array.shape):
        seen = min(length, 2 * edge)
        fits = seen <= left
        front.append(slice(None) if fits else slice(1))
        left //= max(seen, 1) if fits else 1
    piece = array[(*reversed(front), ...)]  # the last: of a 0-d array an array too, not its item
    text = np.array2string(piece, precision=6, threshold=threshold, edgeitems=edge, separator=", ")
    return text if piece.shape == array.shape else f"{text} …"


class _Repr(reprlib.Repr):
    """`repr` of plain values in which arrays, however they are nested, stay short."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = MAX_DEPTH + 1
        for kind in ("tuple", "list", "dict"):
            setattr(self, f"max{kind}", _LISTED)
        for kind in ("string", "long", "other"):
            setattr(self, f"max{kind}", 4 * _WIDE)

    def repr_ndarray(self, item: NDArray[Any], level: int) -> str:
        return f"array({_numbers(item, threshold=12, edge=2)}, dtype={item.dtype})"

    def repr_dict(self, item: dict[str, Any], level: int) -> str:
        # As Python orders them; reprlib would sort the keys.
        pairs = [
            f"{self.repr1(key, level - 1)}: {self.repr1(value, level - 1)}"
            for key, value in itertools.islice(item.items(), _LISTED)
        ]
        return "{" + ", ".join([*pairs, *["..."][: len(item) > _LISTED]]) + "}"


_REPR = _Repr()


def plain(item: Any) -> str:
    """Any plain value on one line, capped."""
    if isinstance(item, Proxy):
        return f"a `{type_name_of(item)}` object"
    if isinstance(item, np.ndarray):
        if item.shape == ():
            return plain(item[()])
        return defuse_line(_numbers(item, threshold=12, edge=2), max_chars=_WIDE)
    if isinstance(item, np.floating):
        return f"{float(item):.9g}" if item.dtype.itemsize > 4 else f"{float(item):.7g}"
    if isinstance(item, np.generic):
        return str(item.item())
    if isinstance(item, float):
        return f"{item:.7g}"
    return defuse_line(_REPR.repr(item), max_chars=_WIDE)


def _apart(want: Any, got: Any) -> tuple[str, str]:
    """Two values that differ, with as many digits as it takes to see that they do."""
    expected, came = plain(want), plain(got)
    if expected == came and all(isinstance(item, np.floating) for item in (want, got)):
        for digits in (9, 12, 17):
            expected, came = f"{float(want):.{digits}g}", f"{float(got):.{digits}g}"
            if expected != came:
                break
    return expected, came


def difference(
    got: NDArray[Any], want: NDArray[Any], misses: NDArray[np.bool_]
) -> tuple[Text, str]:
    """What differs between two arrays of one shape: a sentence, and the first difference alone."""
    if got.shape == ():
        expected, came = _apart(want[()], got[()])
        return Text(f"expected {expected}, got {came}", f"应为 {expected}，得到 {came}"), ""
    places = np.argwhere(misses)
    first = tuple(int(i) for i in places[0])
    at = "[" + ", ".join(str(i) for i in first) + "]"
    expected, came = _apart(want[first], got[first])
    if got.size <= 4 and plain(want) != plain(got):
        en = f"expected {plain(want)}, got {plain(got)}"
        zh = f"应为 {plain(want)}，得到 {plain(got)}"
    else:
        en = (
            f"{len(places)} of {got.size} values differ, first at {at}:"
            f" expected {expected}, got {came}"
        )
        zh = (
            f"{got.size} 个值中有 {len(places)} 个不同，第一个在 {at}：应为 {expected}，得到 {came}"
        )
    return Text(en, zh), f"{at}: expected {expected}, got {came}"
