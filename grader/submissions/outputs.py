"""Takes out of a large notebook what nobody reads: outputs, attachments, the state of widgets.

Plots, videos and logs make a notebook of a hundred lines a file of a hundred megabytes. Parsed as
JSON, hostile ones of that size would take gigabytes; here they are skipped as bytes, in one pass
that neither recurses nor builds anything, and only what is left is parsed.
"""

from __future__ import annotations

import re

MAX_PARTS = 2_000_000
"""Quotes and brackets that are looked at: some seconds' work, and more than any plot has."""
_KEYS = frozenset({b'"outputs"', b'"attachments"', b'"widgets"'})
_OPENS = re.compile(rb"[ \t\r\n]*+:[ \t\r\n]*+[\[{]")
_MARK = re.compile(rb'["\[\]{}]')


class TooMuch(ValueError):
    """What is left passes its bound."""


class TooMany(TooMuch):
    """What would have to be skipped does."""


def without_outputs(data: bytes, most: int) -> bytes:
    """`data` with these values emptied; what is cut off in the middle is cut off before that.

    Raises TooMuch when more than `most` bytes are left, TooMany.
    """
    scan = _Scan(data)
    kept: list[bytes] = []
    size = at = begin = 0
    while (start := data.find(b'"', at)) >= 0 and (at := scan.string(start)) >= 0:
        if size + at - begin > most:
            raise TooMuch
        opens = _OPENS.match(data, at) if data[start:at] in _KEYS else None
        if opens is not None:
            kept.append(data[begin : opens.end()])
            size += len(kept[-1])
            at = scan.value(opens.end())
            if at < 0:
                return b"".join(kept)
            begin = at - 1
    if size + len(data) - begin > most:
        raise TooMuch
    return b"".join([*kept, data[begin:]])


class _Scan:
    """Finds ends; -1 where there is none. Raises TooMany."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._parts = 0

    def _count(self) -> None:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise TooMany

    def string(self, start: int) -> int:
        """Behind the string whose quote is at `start`."""
        at = start + 1
        while (quote := self._data.find(b'"', at)) >= 0:
            self._count()
            before = self._data[at:quote]
            at = quote + 1
            if (len(before) - len(before.rstrip(b"\\"))) % 2 == 0:
                return at
        return -1

    def value(self, at: int) -> int:
        """Behind the bracket that closes the one just before `at`."""
        depth = 1
        while depth:
            mark = _MARK.search(self._data, at)
            if mark is None:
                return -1
            self._count()
            if mark[0] == b'"':
                at = self.string(mark.start())
                if at < 0:
                    return -1
                continue
            at = mark.end()
            depth += 1 if mark[0] in b"[{" else -1
        return at
