"""The students' pages: what each one needs, and its rendering, one page at a time.

Most of a class's pages is the same: checks that passed. What is drawn is remembered by what it
shows, so that such a piece is rendered once; nothing that is remembered knows whose page it is on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import lru_cache
from typing import Any

import msgspec
from markupsafe import Markup

from grader.report import code, plots
from grader.report.addresses import is_link
from grader.report.compare_view import Comparison, compare
from grader.report.environment import environment
from grader.report.markup import in_language
from grader.report.names import STUDENTS, Names
from grader.report.standing import open_after, state
from grader.report.views import ExerciseTally, Overview, Score, Standing, judged, next_step
from grader.report.words_student import STATES
from grader.results import CheckResult, CheckSpec, Results, Row
from grader.results.pictures import Picture, from_evidence

_MOST_REMEMBERED = 4000
"""Pieces, of a kilobyte or two each, before all are forgotten and made again."""
_Key = Hashable


def pages(results: Results, view: Overview, names: Names) -> Iterator[tuple[str, str, str]]:
    """(stem, language, text) of every student's page, one at a time."""
    painters: dict[str, _Painter] = {}
    for student in view.students:
        # Once for all languages: what they need is the same.
        shown = [
            _Shown(place, exercise, row)
            for place, (exercise, row) in enumerate(zip(view.exercises, student.rows, strict=True))
            if row is not None
        ]
        score = student.score
        for one in shown:
            if one.listing:
                one.opened = True
                break
        stem = f"{STUDENTS}/{student.slug}"
        for lang in names.written(stem):
            if lang not in painters:
                painters[lang] = _Painter(results, view, lang, names)
            yield stem, lang, painters[lang].page(student, score, shown)


class _Shown:
    """One exercise of one student: the row, and what is worked out from it for any language."""

    def __init__(self, place: int, exercise: ExerciseTally, row: Row) -> None:
        self.place, self.exercise, self.row = place, exercise, row
        self.state = state(row)
        self.listing = code.listing(row)
        self.opened = False  # the first listing of a page is
        self.passed = sum(check.outcome == "passed" for check in row.checks)
        self.summary = (place, self.state, row.status, judged(row), self.passed, len(row.checks))
        notes = tuple((note.en, note.zh) for note in row.notes)
        self.head = (*self.summary, row.reason, notes, row.file)
        # What the whole section shows, where no check has anything of its own.
        self.quiet: _Key | None = None
        if self.passed == len(row.checks):
            self.quiet = (self.head, *map(_quiet_key, row.checks))


class _Painter:
    """Renders in one language, and remembers the pieces."""

    def __init__(self, results: Results, view: Overview, lang: str, names: Names) -> None:
        self._results, self._view, self._lang = results, view, lang
        made = environment(lang, view, names)
        made.globals.update(run=results.run, states=STATES)
        made.tests["link"] = is_link
        made.filters["numbered"] = code.numbered
        # As globals: a template that imports them makes them anew for each page.
        made.globals["parts"] = made.get_template("parts.html.j2").module
        pieces: Any = made.get_template("student_parts.html.j2").module
        made.globals["pieces"] = self._pieces = pieces
        self._page = made.get_template("student.html.j2")
        self._end = Markup(self._pieces.end())
        self._remembered: dict[_Key, Markup] = {}
        self._specs = [
            {check.id: (n, check) for n, check in enumerate(exercise.spec.checks)}
            for exercise in view.exercises
        ]

    def page(self, student: Standing, score: Score, shown: list[_Shown]) -> str:
        step = next_step(student, self._view.exercises)
        counts = {name: sum(one.state == name for one in shown) for name in STATES}
        return self._page.render(
            page=f"{STUDENTS}/{student.slug}",
            student=student,
            score=score,
            counts={name: n for name, n in counts.items() if n},
            strip=_joined(self._summary("strip", one) for one in shown),
            stand=_joined(self._summary("stand", one) for one in shown),
            sections=_joined(self._section(one) for one in shown),
            next=step,
            after=open_after(step, student, self._view.exercises),
        )

    def _once(self, key: _Key, make: Callable[[], Markup]) -> Markup:
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[key] = make()
        return found

    def _summary(self, kind: str, one: _Shown) -> Markup:
        draw = getattr(self._pieces, kind)
        return self._once((kind, one.summary), lambda: draw(one, judged(one.row)))

    def _section(self, one: _Shown) -> Markup:
        if one.quiet is not None:
            return self._once(one.quiet, lambda: self._drawn_section(one))
        return self._drawn_section(one)

    def _drawn_section(self, one: _Shown) -> Markup:
        checks = [
            (place, check, *found)
            for place, check in enumerate(one.row.checks, 1)
            if (found := self._specs[one.place].get(check.id)) is not None
        ]
        return self._whole(one, checks)

    def _whole(self, one: _Shown, checks: list[tuple[int, CheckResult, int, CheckSpec]]) -> Markup:
        begun = self._once(("head", one.head), lambda: self._pieces.begin(one, judged(one.row)))
        drawn = [self._check(one, *check) for check in checks]
        listed = self._pieces.listing(one, one.listing) if one.listing else Markup()
        return _joined([begun, *drawn, listed, self._end])

    def _check(
        self, one: _Shown, place: int, check: CheckResult, number: int, spec: CheckSpec
    ) -> Markup:
        anchor = f"{one.exercise.anchor}.{place}"
        if check.outcome == "passed":
            key = ("passed", one.place, place, number, _quiet_key(check))
            return self._once(key, lambda: self._pieces.passed(anchor, check, spec))
        links = one.listing.links.get(place, ()) if one.listing else ()
        evidence = msgspec.json.encode(check.evidence)
        missed_key = (
            "missed", one.place, place, number, _quiet_key(check), check.outcome, check.hint,
            check.diagnosis, evidence, tuple((line.number, line.label) for line in links),
        )  # fmt: skip
        return self._once(missed_key, lambda: self._missed(one, anchor, check, spec, links))

    def _missed(
        self,
        one: _Shown,
        anchor: str,
        check: CheckResult,
        spec: CheckSpec,
        links: tuple[code.Line, ...],
    ) -> Markup:
        drawn = [
            self._drawn(picture, f"{anchor}.p{n}")
            for n, picture in enumerate(from_evidence(check.evidence))
        ]
        compared = self._compared(check)
        return Markup(
            self._pieces.missed(one, anchor, check, spec, compared, links, _joined(drawn))
        )

    def _drawn(self, picture: Picture, prefix: str) -> Markup:
        return plots.draw(picture, self._lang, prefix)

    def _compared(self, check: CheckResult) -> Comparison | None:
        said = [
            in_language(check.evidence.get(key), self._lang)
            for key in ("expected", "got", "first_difference")
        ]
        return _compared(*said) if said[0] or said[1] else None


def _joined(pieces: Iterable[Markup]) -> Markup:
    """`Markup.join` without escaping again what is markup already."""
    return Markup("".join(pieces))


@lru_cache(maxsize=64)  # the languages of a page share it
def _compared(expected: str, got: str, first: str) -> Comparison:
    return compare(expected, got, first)


def _quiet_key(check: CheckResult) -> _Key:
    """All that is shown of a check that passed."""
    worker = check.evidence.get("rests_on") == "worker"
    return (check.id, check.points, check.max_points, check.device, check.message, worker)
