"""The class's pages: what they need, and their rendering."""

from __future__ import annotations

from collections.abc import Iterator

from grader.report.environment import environment
from grader.report.names import Names
from grader.report.views import Overview
from grader.results import Results


def pages(results: Results, view: Overview, lang: str, names: Names) -> Iterator[tuple[str, str]]:
    """(file name's stem relative to the report, text) of each page in `lang`; "index" comes last."""
    made = environment(lang, view, names)
    yield "index", made.get_template("index.html.j2").render(page="index", run=results.run)
