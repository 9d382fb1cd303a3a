"""The section of one exercise on a student's page, with its line in the table and in the strip."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from grader.report.code import Line, Listing, Plain
from grader.report.frame import Frame
from grader.report.markup import in_language
from grader.report.missed import Misses
from grader.report.shown import Checked, Shown, Slot

_MOST_LINKS = 4
"""Checks that a marked line leads back to."""


def joined(pieces: Iterable[Markup]) -> Markup:
    """`Markup.join` without escaping again what is markup already."""
    return Markup("".join(pieces))


class Sections:
    """Draws in one language; `pieces` are the macros of student_parts.html.j2."""

    def __init__(self, made: Environment, pieces: Any, lang: str) -> None:
        self._pieces, self._lang = pieces, lang
        self._misses = Misses(made, pieces, lang)
        self._end = pieces.end()
        self._listing_end = pieces.listing_end()
        self._rows = {
            mark: Frame(partial(pieces.row, mark), "anchor", "number", "label", "html", "back")
            for mark in ("here", "path", "defined")
        }
        self._back = lru_cache(maxsize=1000)(pieces.back)
        self._listing_begin = lru_cache(maxsize=1000)(pieces.listing_begin)
        self._gap = lru_cache(maxsize=1000)(pieces.gap)

    def strip(self, one: Shown) -> Markup:
        """The exercise's sign at the top."""
        return one.look.strip.get(self._lang) or self._kept(one.look.strip, self._pieces.strip, one)

    def stand(self, one: Shown) -> Markup:
        """Its line in the table."""
        return one.look.stand.get(self._lang) or self._kept(one.look.stand, self._pieces.stand, one)

    def section(self, one: Shown) -> Markup:
        """All that is shown of it."""
        if one.alone:
            return self._section(one)
        whole = one.look.whole
        return whole.get(self._lang) or self._kept(whole, self._section, one)

    def _kept(self, slot: Slot, draw: Callable[..., Markup], *asked: Any) -> Markup:
        drawn = slot[self._lang] = draw(*asked)
        return drawn

    def _section(self, one: Shown) -> Markup:
        begun = one.look.head.get(self._lang) or self._kept(one.look.head, self._pieces.begin, one)
        drawn = [
            check.slot.get(self._lang) or self._kept(check.slot, self._check, one, check)
            for check in one.checks
        ]
        listed = self._listing(one, one.listing) if one.listing else Markup()
        return joined([begun, *drawn, listed, self._end])

    def _check(self, one: Shown, check: Checked) -> Markup:
        if check.result.outcome == "passed":
            drawn: Markup = self._pieces.passed(check.anchor, check.result, check.spec)
            return drawn
        return self._misses.draw(one, check)

    def _listing(self, one: Shown, listing: Listing) -> Markup:
        anchor = one.exercise.anchor
        title = in_language(one.exercise.spec.title, self._lang)
        begun = self._listing_begin(title, one.opened, listing.cells)
        parts = [
            part.html if isinstance(part, Plain)
            else self._row(anchor, part) if isinstance(part, Line)
            else self._gap(part.count)
            for part in listing.parts
        ]  # fmt: skip
        return joined([begun, *parts, self._listing_end])

    def _row(self, anchor: str, line: Line) -> Markup:
        return self._rows[line.mark](
            anchor=escape(anchor),
            number=escape(line.number),
            label=escape(line.label.rjust(6)),
            html=line.html,
            back=joined(self._back(anchor, place) for place in line.checks[:_MOST_LINKS]),
        )
