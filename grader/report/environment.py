"""The templates' environment for one language; whatever they print is defused, then escaped."""

from __future__ import annotations

from functools import lru_cache, partial
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.bccache import Bucket
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
from grader.report.views import Overview

_MOST_SAID = 2000
"""Sentences that are remembered with their markup; most of a report's are the course's."""


class _Compiled(BytecodeCache):
    """Templates as code, which is the same in every language; compiling takes a tenth of a second
    for each. What is looked up by name when they run (filters, globals) isn't part of it."""

    def __init__(self) -> None:
        self._codes: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key] = bucket.code


_COMPILED = _Compiled()


def environment(lang: str, view: Overview, names: Names) -> Environment:
    """Templates that print in `lang` about the class in `view`, and link by `names`."""
    made = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        bytecode_cache=_COMPILED,
        auto_reload=False,  # or each include of each page looks whether its file has changed
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    said = lru_cache(maxsize=_MOST_SAID)(sentence)

    def say(value: object) -> Markup:
        return said(in_language(value, lang))  # type: ignore[arg-type]  # total by its last case

    @pass_context  # or what a language calls its files would become part of the code
    def page(_: Any, stem: str) -> str:
        return names.file(stem, lang)

    def signed(value: float) -> str:
        return f"{value:+.{view.digits}f}".replace("-", "−")

    made.filters.update(
        say=say,
        inlang=partial(in_language, lang=lang),
        tail=tail,
        moment=moment,
        duration=duration,
        percent=whole_percent,
        points=lambda value: f"{value:.{view.digits}f}",
        check_points=lambda value: f"{value:.{view.check_digits}f}",
        signed=signed,
        page=page,
        student_page=lambda slug: names.file(f"{STUDENTS}/{slug}", lang),
    )
    made.globals.update(
        lang=lang,
        has_class=names.has_class,
        s=strings.strings(lang),
        switch=names.switch,
        tags=strings.TAGS,
        outcomes=strings.OUTCOMES,
        statuses=strings.STATUSES,
        topics=strings.TOPICS,
        view=view,
    )
    return made
