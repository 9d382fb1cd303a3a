"""Renders the pages and writes them: the one place that knows the templates' names."""

from functools import partial
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.report import strings
from grader.report.marks import marks_csv
from grader.report.markup import (
    duration,
    in_language,
    moment,
    printable,
    sentence,
    tail,
    whole_percent,
)
from grader.report.views import Overview, judged, next_step, overview
from grader.results import Results, from_json, to_json, write_atomically


def write_report(results: Results, out: Path) -> Path:
    """Writes `index.html` and `students/*.html`, each in every language, and `marks.csv`.

    Returns the path of `index.html`, which is written last: what it links to is there. Raises
    ResultsError for results that don't hold together, UsageError for a folder that can't be
    written, ValueError for points that are no numbers.
    """
    # Through the file's form, so that this page and one made later from results.json are the same.
    stored = from_json(to_json(results))
    view = overview(stored)
    write_atomically(out / "marks.csv", marks_csv(stored))
    for lang in strings.LANGUAGES:
        _write_students(results, view, lang, out)
    for lang in reversed(strings.LANGUAGES):  # index.html last
        page = _environment(lang, view).get_template("index.html.j2")
        text = page.render(page="index", run=results.run)
        write_atomically(out / f"index{_suffix(lang)}", text)
    return out / "index.html"


def _write_students(results: Results, view: Overview, lang: str, out: Path) -> None:
    page = _environment(lang, view).get_template("student.html.j2")
    for student in view.students:
        pairs = zip(view.exercises, student.rows, strict=True)
        rows = [(exercise, row) for exercise, row in pairs if row is not None]
        text = page.render(
            page=student.slug,
            run=results.run,
            student=student,
            rows=rows,
            next=next_step(student, view.exercises),
        )
        write_atomically(out / "students" / f"{student.slug}{_suffix(lang)}", text)


def _suffix(lang: str) -> str:
    return ".html" if lang == "en" else f".{lang}.html"


def _environment(lang: str, view: Overview) -> Environment:
    """Templates that print in `lang`; whatever they print is defused, then escaped."""
    environment = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def say(value: object) -> Markup:
        return sentence(in_language(value, lang))  # type: ignore[arg-type]  # total by its last case

    environment.filters.update(
        say=say,
        inlang=partial(in_language, lang=lang),
        tail=tail,
        moment=moment,
        duration=duration,
        percent=whole_percent,
        points=lambda value: f"{value:.{view.digits}f}",
        check_points=lambda value: f"{value:.{view.check_digits}f}",
        judged=judged,
        page=lambda name: f"{name}{_suffix(lang)}",
    )
    environment.globals.update(
        lang=lang,
        s=strings.strings(lang),
        languages=strings.LANGUAGES,
        tags=strings.TAGS,
        suffixes={other: _suffix(other) for other in strings.LANGUAGES},
        outcomes=strings.OUTCOMES,
        statuses=strings.STATUSES,
        topics=strings.TOPICS,
        view=view,
    )
    return environment
