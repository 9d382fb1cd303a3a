"""Cuts an output into words, numbers and signs, and lays a shown one over the one that came.

An elision (`[...]`, `...`, `…`) matches anything. What stands between two of them is looked for
with `str.find` in a string of one character per token, so that no text makes this slow.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["word", "number", "version", "sign", "elision"]

_TOKEN = re.compile(
    r"(?P<newline>\n)"
    r"|(?P<elision>\[\.\.\.\]|\[…+\]|\.{3,}|…+)"
    r"|(?P<version>\d+\.\d+\.\d+(?:[.\w+-]*\w)?)"
    r"|(?P<number>[+-]?(?:\d[\d_]*(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<word>[^\W\d]\w*(?:\.[^\W\d]\w*)*)"
    r"|(?P<sign>\S)"
)
_CLOSERS = {")": "(", "]": "[", "}": "{", ">": "<"}
_LIBRARIES = ("tensorflow", "tensorflow_core", "keras", "tf_keras", "numpy", "tf", "np")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, sign or elision.

    Attributes:
        key: the text, of a class's dotted name only the last part: modules move.
        line: of the text it was cut from, from 0.
        breaks: it begins a line.
        inside: it stands in brackets, where line breaks mean nothing.
        glued: an elision follows without a blank, so that only the beginning is shown.
    """

    kind: Kind
    text: str
    key: str
    line: int
    breaks: bool = False
    inside: bool = False
    glued: bool = False


def cut(text: str, elisions: bool) -> list[Token]:
    """The tokens of `text`; where `elisions` is false, `...` is taken for what it is."""
    found: list[tuple[Kind, str, int, bool, bool]] = []
    line, breaks, after = 0, False, -1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind == "newline":
            line, breaks = line + 1, True
            continue
        word = match[0]
        if kind == "number" and word[0] in "+-" and match.start() == after and _joins(found):
            # `10-2`: a minus between two things isn't a sign of the second.
            found.append(("sign", word[0], line, breaks, False))
            word, breaks = word[1:], False
        if kind == "elision" and elisions and found and match.start() == after:
            found[-1] = (*found[-1][:4], found[-1][0] in ("word", "number", "version"))
        if kind == "elision" and not elisions:
            kind = "sign"
        found.append((kind, word, line, breaks, False))  # type: ignore[arg-type]
        breaks, after = False, match.end()
    inside = _nested([(kind, text) for kind, text, *_ in found])
    return [
        Token(kind, word, _key(kind, word), line, breaks, deep, glued)
        for (kind, word, line, breaks, glued), deep in zip(found, inside, strict=True)
    ]


def _joins(found: Sequence[tuple[Kind, str, int, bool, bool]]) -> bool:
    kind, text, *_ = found[-1] if found else ("sign", "")
    return kind != "sign" or text in ")]}"


def _key(kind: str, text: str) -> str:
    if kind == "word" and "." in text and text.split(".", 1)[0] in _LIBRARIES:
        return text.rsplit(".", 1)[1]
    return text


def _nested(tokens: Sequence[tuple[str, str]]) -> list[bool]:
    """Which tokens stand in a pair of brackets; one without its partner counts for nothing."""
    change = [0] * (len(tokens) + 1)
    opened: list[tuple[str, int]] = []
    where: dict[str, list[int]] = {sign: [] for sign in _CLOSERS.values()}
    for index, (kind, text) in enumerate(tokens):
        if kind != "sign":
            continue
        if text in where:
            where[text].append(len(opened))
            opened.append((text, index))
        elif text in _CLOSERS and where[_CLOSERS[text]]:
            depth = where[_CLOSERS[text]][-1]
            change[opened[depth][1] + 1] += 1
            change[index + 1] -= 1
            for sign, _ in opened[depth:]:
                where[sign].pop()
            del opened[depth:]
    inside, depth = [], 0
    for step in change[:-1]:
        depth += step
        inside.append(depth > 0)
    return inside


def whole(token: Token) -> bool:
    """Whether it is a number without a fraction."""
    return token.kind == "number" and not any(mark in token.text for mark in ".eE")


def same_number(one: str, other: str) -> bool:
    """Whether two texts are the same number, written by another precision or version.

    A whole number is never one with a fraction: a dtype is a difference.
    """
    if one == other:
        return True
    fractions = [any(mark in text for mark in ".eE") for text in (one, other)]
    if fractions[0] != fractions[1]:
        return False
    if not fractions[0]:
        return _digits(one) == _digits(other)
    a, b = float(one.replace("_", "")), float(other.replace("_", ""))
    if a == b or single(a) == single(b):
        return True
    (unit_a, figures_a), (unit_b, figures_b) = _precision(one), _precision(other)
    distance = abs(a - b)
    if unit_a != unit_b:
        # One of them was rounded; to a figure or two, anything could have been.
        coarse = max((unit_a, figures_a), (unit_b, figures_b))
        if coarse[1] >= 3 and distance <= 0.5 * coarse[0] * (1 + 1e-9):
            return True
    elif figures_a >= 5 and distance <= unit_a * (1 + 1e-9):
        return True
    figures = min(figures_a, figures_b)
    return figures >= 7 and distance <= 5 * 10.0 ** (1 - min(figures, 17)) * abs(b)


def _digits(text: str) -> str:
    digits = text.replace("_", "").lstrip("+-").lstrip("0") or "0"
    return f"-{digits}" if text.startswith("-") and digits != "0" else digits


def _precision(text: str) -> tuple[float, int]:
    """The worth of the last digit that is written, and how many figures there are."""
    mantissa, _, exponent = text.replace("_", "").lower().lstrip("+-").partition("e")
    before, _, decimals = mantissa.partition(".")
    power = int(exponent[:6] or 0) if exponent else 0
    figures = len((before + decimals).lstrip("0"))
    power -= len(decimals)
    return (10.0**power if -300 < power < 300 else 0.0), figures


def single(value: float) -> float:
    """`value` in single precision."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return value


@dataclass(frozen=True, slots=True)
class Laid:
    """How a shown output lies over the one that came.

    Attributes:
        pairs: token by token.
        shown, came: where they part, if they do: the first tokens that have no partner.
    """

    pairs: tuple[tuple[Token, Token], ...]
    parted: bool = False
    shown: Token | None = None
    came: Token | None = None


def lay(shown: Sequence[Token], came: Sequence[Token]) -> Laid:
    """Lays them by their values, else by their shapes alone (any number for any other)."""
    exactly = _lay(shown, came, _value)
    return _lay(shown, came, _shape) if exactly.parted else exactly


def _value(token: Token) -> tuple[str, ...]:
    if token.kind == "number" and not whole(token):
        return ("fraction", f"{single(float(token.text.replace('_', ''))):.5e}")
    return (token.kind, _digits(token.text) if token.kind == "number" else token.key)


def _shape(token: Token) -> tuple[str, ...]:
    return (token.kind,) if token.kind in ("number", "version") else (token.kind, token.key)


def _lay(
    shown: Sequence[Token], came: Sequence[Token], code: Callable[[Token], tuple[str, ...]]
) -> Laid:
    alphabet: dict[tuple[str, ...], str] = {}

    def letters(tokens: Sequence[Token]) -> str:
        return "".join(
            alphabet.setdefault(code(token), chr(min(0x10000 + len(alphabet), 0x10FFFF)))
            for token in tokens
        )

    text = letters(came)
    chunks: list[list[Token]] = [[]]
    for token in shown:
        if token.kind == "elision":
            chunks.append([])
        else:
            chunks[-1].append(token)
    pairs: list[tuple[Token, Token]] = []
    at = 0
    for number, chunk in enumerate(chunks):
        head = chunk[:-1] if chunk and chunk[-1].glued else chunk
        first, last = number == 0, number == len(chunks) - 1
        wanted = letters(head)
        if first or last:
            start = 0 if first else max(len(came) - len(chunk), at)
            if text[start : start + len(wanted)] != wanted:
                # After an elision there is nothing beside which the missing part would have stood.
                return (
                    _apart(pairs, head, came, code) if first else Laid(tuple(pairs), True, chunk[0])
                )
            if last and start + len(chunk) != len(came):
                return Laid(tuple(pairs), True, None, came[start + len(chunk)])
        else:
            start = text.find(wanted, at)
        end = start + len(head)
        if start >= 0 and len(head) < len(chunk):
            for _ in range(1000):
                if first or start < 0 or (end < len(came) and _begins(chunk[-1], came[end], code)):
                    break
                start = text.find(wanted, start + 1)
                end = start + len(head)
        if start < 0 or (len(head) < len(chunk) and end >= len(came)):
            return Laid(tuple(pairs), True, chunk[0])
        if len(head) < len(chunk) and not _begins(chunk[-1], came[end], code):
            return Laid(tuple(pairs), True, chunk[-1], came[end])
        pairs += zip(chunk, came[start : start + len(chunk)], strict=True)
        at = start + len(chunk)
    return Laid(tuple(pairs))


def _begins(shown: Token, came: Token, code: Callable[[Token], tuple[str, ...]]) -> bool:
    return (
        came.key.startswith(shown.key)
        or came.text.startswith(shown.text)
        or code(shown) == code(came)
    )


def _apart(
    pairs: list[tuple[Token, Token]],
    chunk: Sequence[Token],
    came: Sequence[Token],
    code: Callable[[Token], tuple[str, ...]],
) -> Laid:
    for offset, token in enumerate(chunk):
        other = came[offset] if offset < len(came) else None
        if other is None or code(token) != code(other):
            return Laid(tuple(pairs), True, token, other)
    return Laid(tuple(pairs), True, None, came[len(chunk)])
