"""The students' pages: what each one needs, and its rendering."""

from __future__ import annotations

from collections.abc import Iterator

from grader.report.environment import environment
from grader.report.names import Names
from grader.report.views import Overview, next_step
from grader.results import Results


def pages(results: Results, view: Overview, lang: str, names: Names) -> Iterator[tuple[str, str]]:
    """(file name's stem, text) of every student's page in `lang`, one at a time."""
    template = environment(lang, view, names).get_template("student.html.j2")
    for student in view.students:
        pairs = zip(view.exercises, student.rows, strict=True)
        rows = [(exercise, row) for exercise, row in pairs if row is not None]
        text = template.render(
            page=student.slug,
            run=results.run,
            student=student,
            rows=rows,
            next=next_step(student, view.exercises),
        )
        yield student.slug, text
