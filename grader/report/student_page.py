"""The students' pages, one at a time: a frame for each language, filled with a student's pieces."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup, escape

from grader.defuse import defuse
from grader.report.addresses import is_link
from grader.report.environment import environment
from grader.report.frame import Frame
from grader.report.names import Names, student_stem
from grader.report.scores import Score, total
from grader.report.section import Sections, joined
from grader.report.shown import Memory, Shown
from grader.report.standing import open_after
from grader.report.views import ExerciseTally, NextStep, Overview, Standing, next_step
from grader.report.words_student import STATES
from grader.results import Results

_PLACES = (
    "name", "languages", "total", "strip", "legend", "step", "first", "stand", "foot", "sections",
    "after",
)  # fmt: skip
"""What differs from page to page."""


def pages(results: Results, view: Overview, names: Names) -> Iterator[tuple[str, str, str]]:
    """(stem, language, text) of every student's page, one at a time."""
    drawn = Pages(results, view, names)
    for place, student in enumerate(view.students):
        stem = student_stem(student.slug)
        for lang in names.written(stem):
            yield stem, lang, drawn.text(place, lang)


class Pages:
    """Draws the students' pages, each when it is asked for: all languages of one, then the next."""

    def __init__(self, results: Results, view: Overview, names: Names) -> None:
        memory = Memory()
        specs = [
            {check.id: (n, check) for n, check in enumerate(exercise.spec.checks)}
            for exercise in view.exercises
        ]

        @cache
        def painter(lang: str) -> _Painter:
            return _Painter(results, view, lang, names, memory)

        @lru_cache(maxsize=1)  # once for all languages: what they need is the same
        def prepared(place: int) -> _Student:
            student = view.students[place]
            rows = zip(view.exercises, student.rows, strict=True)
            shown = [
                Shown(column, exercise, row, specs[column], memory)
                for column, (exercise, row) in enumerate(rows)
                if row is not None
            ]
            return _student(student, shown)

        self._painter, self._prepared = painter, prepared

    def text(self, place: int, lang: str) -> str:
        """The page of the view's student at `place`, counted from 0."""
        return self._painter(lang).page(self._prepared(place))


@dataclass(frozen=True, slots=True)
class _Student:
    """What a page says, in any language; `after` is the exercise after the one of `step`."""

    stem: str
    name: Markup
    score: Score
    counts: tuple[tuple[str, int], ...]
    step: NextStep
    after: ExerciseTally | None
    shown: list[Shown]


def _student(student: Standing, shown: list[Shown]) -> _Student:
    for one in shown:
        if one.listing:
            one.opened = True
            break
    states = [one.state for one in shown]
    rows = [(one.exercise, one.row) for one in shown]
    step = next_step(rows)
    return _Student(
        student_stem(student.slug),
        escape(defuse(student.name)),
        total([one.score for one in shown]),
        tuple((name, states.count(name)) for name in STATES if name in states),
        step,
        open_after(step, rows),
        shown,
    )


class _Painter:
    """Renders in one language."""

    def __init__(
        self, results: Results, view: Overview, lang: str, names: Names, memory: Memory
    ) -> None:
        self._lang, self._memory = lang, memory
        made = environment(lang, view, names)
        made.globals.update(run=results.run, states=STATES)
        made.tests["link"] = is_link
        # As globals: a template that imports them makes them anew for each page.
        made.globals["parts"] = made.get_template("parts.html.j2").module
        pieces: Any = made.get_template("student_parts.html.j2").module
        made.globals["pieces"] = self._pieces = pieces
        self._names, self._nav = names, made.get_template("languages.html.j2")
        self._navs: dict[tuple[str, ...], Frame] = {}
        self._page = Frame(made.get_template("student.html.j2").render, *_PLACES)
        self._sections = Sections(made, pieces, lang)
        self._total, self._foot = lru_cache(pieces.total), lru_cache(pieces.foot)
        self._legend = lru_cache(pieces.legend)

    def page(self, one: _Student) -> str:
        sections, shown = self._sections, one.shown
        head = foot = Markup()
        if one.score.share is not None:
            points = (one.score.points, one.score.max_points)
            head, foot = self._total(*points, one.score.share), self._foot(*points)
        return self._page(
            name=one.name,
            languages=self._languages(one.stem),
            total=head,
            strip=joined(map(sections.strip, shown)),
            legend=self._legend(one.counts),
            step=self._step("step", one.step),
            first=self._step("first", one.step),
            stand=joined(map(sections.stand, shown)),
            foot=foot,
            sections=joined(map(sections.section, shown)),
            after=self._after(one.after),
        )

    def _languages(self, stem: str) -> Markup:
        """The way to the page's other languages: the same for everybody but for the files."""
        choices = self._names.switch(stem)
        codes = tuple(code for code, _, _ in choices)
        if codes not in self._navs:

            def draw(**files: Markup) -> str:
                return self._nav.render(choices=[(c, name, files[c]) for c, name, _ in choices])

            self._navs[codes] = Frame(draw, *codes)
        return self._navs[codes](**{code: escape(file) for code, _, file in choices})

    def _step(self, kind: str, step: NextStep) -> Markup:
        """What is first to do, or the advice about it."""
        key: list[Hashable] = [kind, step.kind, step.exercise and step.exercise.anchor, step.place]
        if step.row is not None:
            text = step.row.reason
            if step.place is not None:
                check = step.row.checks[step.place]
                text = check.hint
                key.append(check.id)
            key += [text.en, text.zh]
        slot = self._memory.slots[tuple(key)]
        if self._lang not in slot:
            slot[self._lang] = getattr(self._pieces, kind)(step)
        return slot[self._lang]

    def _after(self, exercise: ExerciseTally | None) -> Markup:
        if exercise is None:
            return Markup()
        slot = self._memory.slots["after", exercise.anchor]
        if self._lang not in slot:
            slot[self._lang] = self._pieces.after(exercise)
        return slot[self._lang]
