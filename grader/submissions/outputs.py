"""Takes out of a large notebook what nobody reads: outputs, attachments, the state of widgets.

Plots, videos and logs make a notebook of a hundred lines a file of a hundred megabytes. Parsed as
JSON, hostile ones of that size would take gigabytes; here they are skipped as bytes, in one pass
that neither recurses nor builds anything, and only what is left is parsed.
"""

from __future__ import annotations

import re

MAX_PARTS = 2_000_000
"""Brackets that are skipped: two seconds' work. A plot of half a million points stays below."""
# One that never ends matches too: looking for the end again from every quote in it is quadratic.
_STRING = rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
_TOKEN = re.compile(
    rb'"(?:outputs|attachments|widgets)"[ \t\r\n]*+:[ \t\r\n]*+(?P<open>[\[{])|' + _STRING,
    re.DOTALL,
)
# Possessive: no text makes it backtrack.
_NEXT = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+([\[\]{}])", re.DOTALL)


class TooMuch(ValueError):
    """What is left, or what would have to be skipped, passes its bound."""


def without_outputs(data: bytes, most: int) -> bytes:
    """`data` with these values emptied; text that is no JSON comes back as it is, or shorter.

    Raises TooMuch when more than `most` bytes are left.
    """
    kept: list[bytes] = []
    size = at = begin = parts = 0
    while found := _TOKEN.search(data, at):
        at = found.end()
        if found["open"] is None:
            if size + at - begin > most:
                raise TooMuch
            continue
        kept.append(data[begin:at])
        size += at - begin
        depth = 1
        while depth and (bracket := _NEXT.match(data, at)):
            at = bracket.end()
            depth += 1 if bracket[1] in b"[{" else -1
            parts += 1
            if parts > MAX_PARTS:
                raise TooMuch
        if depth:  # cut off: nothing that could close what is open
            return b"".join(kept)
        begin = at - 1
        if size > most:
            raise TooMuch
    if size + len(data) - begin > most:
        raise TooMuch
    return b"".join([*kept, data[begin:]])
