"""Takes whatever names a student out of a text that the whole class may read.

A program can print its author's name, login or folder, and so can an exception. What a person is
known by is looked for as a word of its own, however it is joined ("ada_lovelace", "AdaLovelace2"):
nobody's name makes holes in other words. Scripts without spaces between words have no such words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_GONE = "…"
_LONGEST = 200
"""Characters of a name that are looked for."""
MOST_PEOPLE = 400
"""People whose names are looked for at once."""
_BETWEEN = r"[\s,._'’ʼ`-]"
_APOSTROPHE = re.compile(r"['’ʼ`]")


class Nameless:
    """Removes what any of some people is known by.

    Args:
        people: for each, the names, logins and addresses that are known.
    """

    def __init__(self, people: Iterable[Iterable[str]]) -> None:
        loose: set[str] = set()
        exact: set[str] = set()
        for _, known in zip(range(MOST_PEOPLE), people, strict=False):
            for name in known:
                for whole in _spellings(name):
                    loose.add(whole)
                for part in _parts(name):
                    (exact if len(part) == 2 and part.isascii() else loose).add(part)
        self._loose = _pattern(map(_joined, loose), re.IGNORECASE)
        # "Bo" is a name, "bo" may be anything.
        self._exact = _pattern(map(re.escape, exact), 0)

    def __call__(self, text: str) -> str:
        """`text` in NFC, an ellipsis in place of each name."""
        clean = unicodedata.normalize("NFC", text)
        for pattern in (self._loose, self._exact):
            if pattern is not None:
                clean = pattern.sub(_GONE, clean)
        return clean


def _spellings(name: str) -> Iterable[str]:
    """The whole name, and of an address the part before the @."""
    whole = unicodedata.normalize("NFC", name[:_LONGEST]).strip()
    local, at, _ = whole.partition("@")
    found = (whole, local) if at else (whole,)
    return [one for one in found if len(one) >= 3 or (one and not one.isascii())]


def _parts(name: str) -> list[str]:
    whole = unicodedata.normalize("NFC", name[:_LONGEST])
    parts = re.split(rf"(?:{_BETWEEN}|[()@])+", whole)
    return [part for part in parts if len(part) >= 2 or (part and not part.isascii())]


def _joined(name: str) -> str:
    """A pattern for a name with anything or nothing between its parts."""
    parts = [part for part in re.split(rf"{_BETWEEN}+", name) if part]
    return rf"{_BETWEEN}*".join(map(re.escape, parts)) or re.escape(name)


def _pattern(names: Iterable[str], flags: int) -> re.Pattern[str] | None:
    """Any of `names`: words of their own, or, in scripts that have none, anywhere."""
    words: list[str] = []
    anywhere: list[str] = []
    for name in sorted(set(names), key=lambda name: (-len(name), name)):
        (anywhere if _without_words(name) else words).append(name)
    found = [rf"(?<![^\W_])(?:{'|'.join(words)})\d*(?![^\W_])"] if words else []
    return re.compile("|".join([*found, *anywhere]), flags) if found or anywhere else None


def _without_words(name: str) -> bool:
    return any(unicodedata.category(char) == "Lo" for char in name)
