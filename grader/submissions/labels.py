"""From the name of an entry on disk to a student's name that shows everything that is in it.

Two names that differ must look different wherever they are printed, or one student can hand in
under what a reader takes for another's name. So what can't be seen is written out as an escape.
"""

from __future__ import annotations

import os
import unicodedata
from itertools import pairwise

from grader.submissions.model import escaped, hides, normal, shown
from grader.text import Text

_JOINERS = "\u200c\u200d\ufe0f"
_WIDE_SPACE = "\u3000"
_ALIKE = ("LATIN", "CYRILLIC", "GREEK")
"""Alphabets with letters that look the same."""


def readable(name: str) -> str:
    """The name in NFC; bytes that aren't UTF-8 as escapes, for JSON has no way to write them."""
    return normal(os.fsencode(name).decode("utf-8", "backslashreplace"))


def label(name: str) -> str:
    """A readable name with escapes also for the characters in it that can't be seen."""
    text = readable(name)
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    out = []
    for place, (char, hidden) in enumerate(zip(text, hides(text), strict=True)):
        edge = char == " " and not first <= place < last
        if char == _WIDE_SPACE:
            hidden = not first <= place < last
        elif hidden and char in _JOINERS:
            hidden = not _joins(text[place - 1 : place], text[place + 1 : place + 2])
        out.append("\\x20" if edge else escaped(char) if hidden else char)
    return "".join(out)


def _joins(before: str, after: str) -> bool:
    """Whether a joiner is in its place: Persian and Indian names need it, and so do emoji."""
    return bool(before) and ord(before) >= 0x600 and (not after or ord(after) >= 0x600)


def odd_name(name: str) -> tuple[Text, ...]:
    """Notes on what is odd about the name of an entry."""
    notes = []
    try:
        os.fsencode(name).decode("utf-8")
    except UnicodeDecodeError:
        notes.append(
            Text(
                f"the name of `{shown(name)}` isn't UTF-8: the bytes that aren't are shown as \\x…",
                f"`{shown(name)}` 的名字不是 UTF-8 编码：无法解码的字节显示为 \\x…",
            )
        )
    else:
        if label(name) != normal(name):
            notes.append(
                Text(
                    f"the name `{shown(label(name))}` has characters that can't be seen; they are "
                    "shown as \\x…, \\u…",
                    f"名字 `{shown(label(name))}` 含有看不见的字符，显示为 \\x…、\\u…",
                )
            )
    mixed = _mixed(name)
    if mixed:
        names = " and ".join(sorted(mixed))
        notes.append(
            Text(
                f"the name `{shown(label(name))}` mixes {names} letters in one word, of which some "
                "look the same: it may not be the student that it seems to be",
                f"名字 `{shown(label(name))}` 在一个词中混用了 {names} 字母，其中有些看上去相同："
                "可能并不是看起来的那位学生",
            )
        )
    return tuple(notes)


def _mixed(name: str) -> set[str]:
    """The alphabets that stand side by side in a word of the name; empty when they don't mix."""
    alphabets = [_alphabet(char) for char in normal(name)]
    return {
        alphabet
        for pair in pairwise(alphabets)
        if all(pair) and pair[0] != pair[1]
        for alphabet in pair
    }


def _alphabet(char: str) -> str:
    first = unicodedata.name(char, "").partition(" ")[0] if char.isalpha() else ""
    return first if first in _ALIKE else ""
