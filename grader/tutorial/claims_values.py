"""Reads the value that a comment names, and sets it beside the one that came.

A comment is written by hand: `tensor 36.0`, `[[2., 4.], [8., 10.]]` and `3*20 = 60` name a tensor's
numbers, not its repr; only those are compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.tutorial import normal, tokens
from grader.tutorial.tokens import Token

Node = str | tuple["Node", ...]
"""A number, word or text; a sequence of them."""

_OPENERS = {"(": ")", "[": "]", "{": "}"}
_WRAPPERS = frozenset(
    (
        *("tensor", "array", "constant", "variable", "tensorshape", "eagertensor", "list", "tuple"),
        *("float16", "float32", "float64", "int32", "int64", "bool_", "str_", "shape"),
    )
)
_SPECIAL = frozenset(["none", "true", "false", "nan", "inf"])
_CHAIN = re.compile(r"[\w\s.+\-*/()|²³,]{1,200}=(?!=)\s*")
_TEXT = re.compile(r"b?'[^'\n]*'|b?\"[^\"\n]*\"")
_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Named:
    """The value at the start of a text, and what follows it."""

    node: Node
    rest: str

    @property
    def alone(self) -> bool:
        """Whether nothing follows but a remark set off by punctuation."""
        rest = self.rest.lstrip()
        return not rest or rest[0] in ",，。.;；:：!！(（#"


def named(text: str) -> Named | None:
    """The value with which `text` begins, None without one; of `3*20 = 60`, the last."""
    text = text.strip().lstrip("≈~约 ")
    while (chain := _CHAIN.match(text)) and text[0] in "0123456789(|+-." and text[chain.end() :]:
        text = text[chain.end() :]
    if literal := _TEXT.match(text):
        return Named(literal[0].lstrip("b"), text[literal.end() :])
    cut = tokens.cut(text, elisions=False)
    read = _read(cut, 0, 0)
    if read is None:
        return None
    node, after = read
    rest = "".join(text.split("\n")[cut[after].line :]) if after < len(cut) else ""
    if after < len(cut):
        # Tokens keep no columns; what follows is found by its text from the end.
        rest = _tail(text, cut[after:])
    return Named(node, rest)


def _tail(text: str, following: Sequence[Token]) -> str:
    at = len(text)
    for token in reversed(following):
        at = text.rfind(token.text, 0, at)
    return text[at:]


def _read(cut: Sequence[Token], at: int, depth: int) -> tuple[Node, int] | None:
    if at >= len(cut) or depth > _DEPTH:
        return None
    token = cut[at]
    following = cut[at + 1].text if at + 1 < len(cut) else ""
    if token.kind == "number":
        return token.text, at + 1
    if token.text in _OPENERS:
        return _sequence(cut, at, depth)
    if token.text == "<":
        return _repr(cut, at, depth)
    if token.text in "'\"" or (token.key == "b" and following in ("'", '"')):
        start = at + 1 if token.text in "'\"" else at + 2
        end = start
        while end < len(cut) and cut[end].text != cut[start - 1].text:
            end += 1
        words = " ".join(part.text for part in cut[start:end])
        return (f"'{words}'", end + 1) if end < len(cut) else None
    if token.kind != "word":
        return None
    word = token.key.rsplit(".", 1)[-1].lower()
    if word in _SPECIAL:
        return word, at + 1
    if word in _WRAPPERS and following == "(":
        read = _read(cut, at + 2, depth + 1)
        return None if read is None else (read[0], _closed(cut, at + 1))
    if word in _WRAPPERS and at + 1 < len(cut):
        return _read(cut, at + 1, depth + 1)
    return None


def _sequence(cut: Sequence[Token], at: int, depth: int) -> tuple[Node, int] | None:
    closer = _OPENERS[cut[at].text]
    items: list[Node] = []
    index = at + 1
    while index < len(cut) and cut[index].text != closer:
        if cut[index].text in ",，:":
            index += 1
            continue
        read = _read(cut, index, depth + 1)
        if read is None:
            return None
        items.append(read[0])
        index = read[1]
    return (tuple(items), index + 1) if index < len(cut) else None


def _repr(cut: Sequence[Token], at: int, depth: int) -> tuple[Node, int] | None:
    """`<tf.Tensor: …, numpy=3.0>` is 3.0."""
    for index in range(at + 1, min(at + 60, len(cut) - 2)):
        if cut[index].key in ("numpy", "value") and cut[index + 1].text == "=":
            read = _read(cut, index + 2, depth + 1)
            if read is None or read[1] >= len(cut):
                return None
            end = read[1]
            while end < len(cut) and cut[end].text != ">":
                end += 1
            return read[0], end + 1
        if cut[index].text in "<>":
            break
    return None


def _closed(cut: Sequence[Token], at: int) -> int:
    depth = 0
    for index in range(at, len(cut)):
        depth += (cut[index].text in "([{") - (cut[index].text in ")]}")
        if depth == 0:
            return index + 1
    return len(cut)


def value_of(text: str) -> Node | None:
    """The value that an output shows, if it is all that it shows."""
    found = named(normal.without_numpy_wrappers(normal.readable(text)))
    return found.node if found and not found.rest.strip() else None


def shape_of(text: str) -> Node | None:
    """The shape that a repr tells."""
    match = re.search(r"shape=(\([\d, None]*\))", text)
    found = named(match[1]) if match else None
    return found.node if found else None


def agree(wanted: Node, got: Node) -> bool:
    """Whether they are the same value, numbers to the figures that were written."""
    if isinstance(wanted, str) and isinstance(got, str):
        return wanted == got or _same(wanted, got)
    if isinstance(wanted, tuple) and isinstance(got, tuple):
        return len(wanted) == len(got) and all(map(agree, wanted, got))
    return False


def flat(node: Node) -> tuple[Node, ...]:
    """All its numbers and words, without the brackets."""
    if isinstance(node, str):
        return (node,)
    return tuple(part for item in node for part in flat(item))


def _same(wanted: str, got: str) -> bool:
    try:
        a, b = float(wanted), float(got)
    except ValueError:
        return False
    if a == b or tokens.same_number(wanted, got):
        return True
    decimals = len(wanted.lower().partition("e")[0].partition(".")[2])
    # By hand one writes 0.33 for a third; `3` for 3.2 would be a mistake.
    return decimals >= 2 and "e" not in wanted.lower() and abs(a - b) <= 0.5 * 10.0**-decimals
