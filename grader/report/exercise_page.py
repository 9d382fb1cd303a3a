"""The exercises' pages: how the class did, check by check, and what staff should look at."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import Environment

from grader.report.analysis import Analysis
from grader.report.names import exercise_stem
from grader.report.similar import LEAST_CLASS
from grader.results import Results

_MOST_NAMES = 30
_MOST_HOLDERS = 12
_MOST_LISTED = 40


def pages(made: Environment, results: Results, analysis: Analysis) -> Iterator[tuple[str, str]]:
    """(file name's stem relative to the report, text) of every exercise's page."""
    template = made.get_template("exercise.html.j2")
    for exercise in analysis.exercises:
        name = exercise_stem(exercise.tally.anchor)
        text = template.render(
            page=name,
            run=results.run,
            exercise=exercise,
            tally=exercise.tally,
            most_names=_MOST_NAMES,
            most_holders=_MOST_HOLDERS,
            most_listed=_MOST_LISTED,
            least_class=LEAST_CLASS,
        )
        yield name, text
