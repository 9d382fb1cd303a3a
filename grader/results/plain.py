"""Plain data that every JSON reader takes: no NaN, no lone surrogate, no integer beyond 64 bits."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec

_FLOATS = frozenset({float})
_BASES: tuple[Callable[[Any], Any], ...] = (str, float, dict, list, tuple)


def writable(value: Any) -> Any:
    """`value` as such data: NaN and infinity become texts, and so do other keys than texts.

    Raises:
        TypeError: something in it is no data at all.
        RecursionError: it is nested hundreds deep.
    """
    # By the exact type, the most frequent first: a class has millions of values.
    kind = type(value)
    if kind is str:
        return value if value.isascii() else without_surrogates(value)
    if kind is float:
        return value if math.isfinite(value) else str(value)
    if kind is dict:
        return {writable(str(key)): writable(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        if set(map(type, value)) == _FLOATS and math.isfinite(sum(value)):
            return list(value)  # pictures have hundreds; what isn't finite makes no sum that is
        return [writable(item) for item in value]
    if kind is int:
        return value if -(2**63) <= value < 2**64 else str(value)
    if kind is bool or value is None:
        return value
    plain = msgspec.to_builtins(value)
    if type(plain) is not kind:
        return writable(plain)
    for base in _BASES:
        if isinstance(plain, base):  # type: ignore[arg-type]
            return writable(base(plain))
    return plain


def without_surrogates(text: str) -> str:
    """A text that UTF-8 can hold, with an escape for each half of a character."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
