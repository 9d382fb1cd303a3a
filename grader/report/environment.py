"""The templates' environment for one language; whatever they print is defused, then escaped."""

from __future__ import annotations

from functools import partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.report import strings
from grader.report.markup import (
    duration,
    in_language,
    moment,
    printable,
    sentence,
    tail,
    whole_percent,
)
from grader.report.names import STUDENTS, Names
from grader.report.views import Overview, judged


def environment(lang: str, view: Overview, names: Names) -> Environment:
    """Templates that print in `lang` about the class in `view`, and link by `names`."""
    made = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # or each include of each page looks whether its file has changed
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def say(value: object) -> Markup:
        return sentence(in_language(value, lang))  # type: ignore[arg-type]  # total by its last case

    made.filters.update(
        say=say,
        inlang=partial(in_language, lang=lang),
        tail=tail,
        moment=moment,
        duration=duration,
        percent=whole_percent,
        points=lambda value: f"{value:.{view.digits}f}",
        check_points=lambda value: f"{value:.{view.check_digits}f}",
        judged=judged,
        page=lambda stem: names.file(stem, lang),
        student_page=lambda slug: names.file(f"{STUDENTS}/{slug}", lang),
    )
    made.globals.update(
        lang=lang,
        s=strings.strings(lang),
        switch=names.switch,
        tags=strings.TAGS,
        outcomes=strings.OUTCOMES,
        statuses=strings.STATUSES,
        topics=strings.TOPICS,
        view=view,
    )
    return made
