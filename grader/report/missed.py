"""A check that was missed, on a student's page: put together from few pieces, most drawn before.

A class misses thousands of checks, each with numbers that nobody else has. So the words around them
are frames, and what needs no words (numbers, tracebacks) is made once for all languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from grader.both import NAMES, disagreement
from grader.defuse import defuse
from grader.report import plots
from grader.report.code import Line
from grader.report.compare_view import Comparison, Side, compare
from grader.report.frame import Frame
from grader.report.markup import in_language, tail
from grader.report.shown import Checked, Shown
from grader.results.pictures import from_evidence

_MOST_KEPT = 4000
"""Pieces of one kind that are remembered: those that many checks share."""
_SIDES = ("expected", "got")
_MOST_LINKS = 6
"""Lines of the module that a check leads to."""


class Misses:
    """Draws in one language; `pieces` are the macros of student_parts.html.j2."""

    def __init__(self, made: Environment, pieces: Any, lang: str) -> None:
        self._lang = lang
        self._say = made.filters["say"]
        keep = lru_cache(maxsize=_MOST_KEPT)
        self._begin, self._link = keep(pieces.missed_begin), keep(pieces.to_line)
        self._facts, self._apart = keep(pieces.facts), pieces.apart
        self._fault, self._end = pieces.fault(), pieces.missed_end()
        self._rests_on = pieces.rests_on()
        self._devices = keep(pieces.devices)
        self._asked = Frame(pieces.asked, "text")
        self._message = Frame(pieces.message, "text")
        self._sides = {key: Frame(getattr(pieces, key), "text", "facts") for key in _SIDES}
        self._comparison, self._only = Frame(pieces.comparison, "rows"), Frame(pieces.only, "row")
        self._first = Frame(pieces.first_difference, "text")
        self._hint = Frame(pieces.hint, "text")
        self._diagnosis = Frame(pieces.diagnosis, "text")
        self._traceback = Frame(pieces.traceback, "text")
        self._to_code = Frame(pieces.to_code, "links")
        self._output = Frame(pieces.output, "text")

    def draw(self, one: Shown, check: Checked) -> Markup:
        """The whole check."""
        result, evidence, say = check.result, check.result.evidence, self._say
        pieces = [self._head(check)]
        if result.outcome == "grader_error":
            pieces.append(self._fault)
        if evidence.get("asked"):
            pieces.append(self._asked(text=say(evidence["asked"])))
        if message := self._inlang(result.message):
            pieces.append(self._message(text=say(message)))
        if differ := disagreement(evidence):
            pieces.append(self._devices(*(self._inlang(NAMES[name]) for name in differ)))
        pieces += [self._compared(evidence), self._drawn(check), Markup("\n")]
        if hint := self._inlang(result.hint):
            pieces.append(self._hint(text=say(hint)))
        if result.diagnosis:
            pieces.append(self._diagnosis(text=say(result.diagnosis.title)))
        if evidence.get("traceback"):
            pieces.append(self._traceback(text=_shown(self._inlang(evidence["traceback"]))))
        if check.links:
            pieces.append(self._linked(one, check.links))
        if evidence.get("output"):
            pieces.append(self._output(text=_shown(tail(self._inlang(evidence["output"])))))
        if evidence.get("rests_on") == "worker":
            pieces.append(self._rests_on)
        return Markup("".join([*pieces, self._end]))

    def _inlang(self, value: Any) -> str:
        return in_language(value, self._lang)

    def _head(self, check: Checked) -> Markup:
        result, spec = check.result, check.spec
        begun: Markup = self._begin(
            check.anchor, self._say(spec.title), spec.topic, result.outcome, result.device,
            result.points, result.max_points,
        )  # fmt: skip
        return begun

    def _drawn(self, check: Checked) -> Markup:
        return Markup(
            "".join(
                plots.draw(picture, self._lang, f"{check.anchor}.p{n}")
                for n, picture in enumerate(from_evidence(check.result.evidence))
            )
        )

    def _linked(self, one: Shown, lines: tuple[Line, ...]) -> Markup:
        anchor, cells = one.exercise.anchor, one.listing is not None and one.listing.cells
        links = [self._link(anchor, line.number, line.label, cells) for line in lines[:_MOST_LINKS]]
        return self._to_code(links=Markup(" ·".join(links)))

    def _compared(self, evidence: Mapping[str, Any]) -> Markup:
        """What was expected, what came, and where they differ first."""
        expected, got, first = (
            self._inlang(evidence.get(key)) for key in ("expected", "got", "first_difference")
        )
        differ = self._first(text=_shown(first)) if evidence.get("first_difference") else Markup()
        if not expected and not got:
            return self._only(row=differ) if differ else differ
        told, *texts = _told(expected, got, first)
        rows = [
            self._sides[key](text=text, facts=self._facts_of(side, told))
            for key, side, text in zip(_SIDES, (told.expected, told.got), texts, strict=True)
            if evidence.get(key)
        ]
        if differ:
            rows += [differ, Markup("\n")]
        if told.shapes_differ or told.dtypes_differ:
            rows.append(self._apart(told))
        return self._comparison(rows=Markup("".join(rows)))

    def _facts_of(self, side: Side, told: Comparison) -> Markup:
        if not side.shape:
            return Markup()
        drawn: Markup = self._facts(side.shape, side.dtype, told.shapes_differ, told.dtypes_differ)
        return drawn


@lru_cache(maxsize=64)  # the languages of a page share it
def _shown(text: str) -> Markup:
    return escape(defuse(text))


@lru_cache(maxsize=64)
def _told(expected: str, got: str, first: str) -> tuple[Comparison, Markup, Markup]:
    told = compare(expected, got, first)
    return told, told.expected.html, told.got.html
