"""What the templates of the class page and of the exercises' pages have in common."""

from __future__ import annotations

import re

from jinja2 import Environment
from markupsafe import Markup

from grader.report.environment import environment
from grader.report.markup import sentence
from grader.report.names import Names, exercise_stem
from grader.report.views import Overview
from grader.report.words_class import REASONS, VERDICTS

_STRONG = re.compile(r"\*\*([^*]+)\*\*")


def prepared(lang: str, view: Overview, names: Names) -> Environment:
    """The report's environment, with the filters and tables that these pages need."""
    made = environment(lang, view, names)
    made.filters.update(
        figure=figure,
        strong=strong,
        exercise_page=lambda anchor: names.file(exercise_stem(anchor), lang),
    )
    made.globals.update(verdicts=VERDICTS, reasons=REASONS)
    return made


def figure(value: float) -> str:
    """A coefficient to two digits, with a real minus sign."""
    return f"{value:+.2f}".replace("-", "−").lstrip("+")


def strong(text: str) -> Markup:
    """A sentence of ours, with what stands between pairs of asterisks emphasised."""
    return Markup(_STRONG.sub(r"<strong>\1</strong>", str(sentence(text))))
