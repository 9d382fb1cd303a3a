"""One exercise of one student: what its page shows in any language, and what was drawn of it.

Most of a class's pages is the same: checks that passed, stubs that nobody touched. What is drawn is
kept by all that it shows, so that such a piece is rendered once; nothing that is kept knows whose
page it is on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import msgspec
from markupsafe import Markup

from grader.report import code
from grader.report.scores import counted, penalty, told
from grader.report.standing import state
from grader.report.views import ExerciseTally
from grader.results import CheckResult, CheckSpec, Row
from grader.text import Text

_MOST_KEPT = 4000
"""Pieces, of a few kilobytes each, before all are forgotten and made again."""
Slot = dict[str, Markup]
"""A piece by language, as far as it was drawn."""
Specs = Mapping[str, tuple[int, CheckSpec]]
"""The checks of an exercise by id, with their numbers."""
_Kept = TypeVar("_Kept")


class Kept(dict[Hashable, _Kept]):
    """What was made, by what it shows: made anew where it isn't there."""

    def __init__(self, make: Callable[[], _Kept]) -> None:
        self._make = make

    def __missing__(self, key: Hashable) -> _Kept:
        if len(self) >= _MOST_KEPT:
            self.clear()
        made = self[key] = self._make()
        return made


class Look:
    """What was drawn of an exercise of one look: its sign at the top, its line in the table, what
    stands above its checks, and its whole section."""

    __slots__ = ("head", "stand", "strip", "whole")

    def __init__(self) -> None:
        self.strip: Slot = {}
        self.stand: Slot = {}
        self.head: Slot = {}
        self.whole: Slot = {}


class Memory:
    """All that was drawn; one look-up serves all languages."""

    def __init__(self) -> None:
        self.looks = Kept(Look)
        self.slots: Kept[Slot] = Kept(dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """A check on a page; `links` are the lines that matter to it."""

    anchor: str
    result: CheckResult
    spec: CheckSpec
    links: tuple[code.Line, ...]
    slot: Slot


class Shown:
    """An exercise on a page; `alone` where a check has something of its own to show, so that the
    section isn't kept as a whole."""

    def __init__(
        self, place: int, exercise: ExerciseTally, row: Row, specs: Specs, memory: Memory
    ) -> None:
        self.place, self.exercise, self.row = place, exercise, row
        self.score = counted(row)
        self.told = told(row)
        self.penalty = penalty(row)
        self.state = state(row)
        self.passed = [check.outcome for check in row.checks].count("passed")
        self.alone = self.passed < len(row.checks)
        self.listing = code.listing(row) if self.alone else None
        self.opened = False  # the first listing of a page is
        # A mark is one student's own: keeping what shows it would push out what many share.
        self.look = Look() if self.told else memory.looks[
            place, row.status, self.score.points, self.score.max_points, self.passed,
            len(row.checks), self.state, _texts(row.reason), row.file, *map(_texts, row.notes),
            *(() if self.alone else map(_passed, row.checks)),
        ]  # fmt: skip
        self._specs, self._memory = specs, memory

    @cached_property
    def checks(self) -> list[Checked]:
        """The checks that the course knows."""
        return [
            self._checked(place, check, *found)
            for place, check in enumerate(self.row.checks, 1)
            if (found := self._specs.get(check.id)) is not None
        ]

    def _checked(self, place: int, check: CheckResult, number: int, spec: CheckSpec) -> Checked:
        links = self.listing.links.get(place, ()) if self.listing else ()
        key: tuple[Hashable, ...] = (self.place, place, number, *_passed(check))
        if check.outcome != "passed":
            # Students with the same mistake are asked the same, and answer the same.
            key += (
                check.outcome, _texts(check.hint), check.diagnosis,
                msgspec.json.encode(check.evidence),
                tuple((line.number, line.label) for line in links),
            )  # fmt: skip
        slot = self._memory.slots[key]
        return Checked(f"{self.exercise.anchor}.{place}", check, spec, links, slot)


def _texts(text: Text) -> tuple[str, str]:
    """As a key: a tuple is hashed in a tenth of the time."""
    return text.en, text.zh


def _passed(check: CheckResult) -> tuple[Hashable, ...]:
    """All that is shown of a check that passed, and of every other one, too."""
    worker = check.evidence.get("rests_on") == "worker"
    texts = check.message.en, check.message.zh
    return (check.id, check.points, check.max_points, check.device, *texts, worker)
