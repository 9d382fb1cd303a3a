"""Puts numbers and other plain values into words that fit a message."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.asking import Proxy, type_name_of
from grader.defuse import defuse, defuse_line
from grader.text import Text

_WIDE = 200


def both(text: Text) -> dict[str, str]:
    """A `Text` as the JSON of the results file has it."""
    return {"en": text.en, "zh": text.zh}


def value(array: NDArray[Any]) -> str:
    """An array, whole when it is small, else its head; with shape and dtype unless scalar."""
    if array.shape == ():
        return plain(array[()])
    text = np.array2string(array, precision=6, threshold=24, edgeitems=3, separator=", ")
    return f"{defuse(text, max_chars=1500)}  shape {array.shape}, {array.dtype}"


def plain(item: Any) -> str:
    """Any plain value on one line, capped."""
    if isinstance(item, Proxy):
        return f"a `{type_name_of(item)}` object"
    if isinstance(item, np.ndarray):
        if item.shape == ():
            return plain(item[()])
        text = np.array2string(item, precision=6, threshold=12, edgeitems=2, separator=", ")
        return defuse_line(text, max_chars=_WIDE)
    if isinstance(item, np.floating):
        return f"{float(item):.9g}" if item.dtype.itemsize > 4 else f"{float(item):.7g}"
    if isinstance(item, np.generic):
        return str(item.item())
    if isinstance(item, float):
        return f"{item:.7g}"
    return defuse_line(repr(item), max_chars=_WIDE)


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
