"""Frames: what a template renders is rendered once, with places left open for what differs.

A macro of Jinja takes a hundred times as long as putting texts into a string, and of what it prints
most is the same on every page. Words and markup stay in the templates either way.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

_MARK = "\x00"
"""Around an open place's name: `defuse` leaves no such character in any text, so that nobody's
words can be taken for one."""


class Frame:
    """What `draw` makes of open places by these names; called, it is the markup filled in.

    What is filled in is neither escaped nor looked at: it must be markup.
    """

    def __init__(self, draw: Callable[..., str], *places: str) -> None:
        marks = {place: Markup(f"{_MARK}{place}{_MARK}") for place in places}
        self._pieces = str(draw(**marks)).split(_MARK)
        self._places = [(n, self._pieces[n]) for n in range(1, len(self._pieces), 2)]

    def __call__(self, **filling: Markup) -> Markup:
        pieces = self._pieces.copy()
        for n, place in self._places:
            pieces[n] = filling[place]
        return Markup("".join(pieces))
