"""Writes the report: pages, marks; what is on them is the business of the modules beside this."""

from __future__ import annotations

from pathlib import Path

from grader.report import class_page, student_page
from grader.report.marks import marks_csv
from grader.report.names import Names
from grader.report.views import overview
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
    names = Names()
    write_atomically(out / "marks.csv", marks_csv(stored))
    for stem, lang, text in student_page.pages(stored, view, names):
        _write(out / "students", stem, lang, text, names)
    for lang in reversed(names.languages):  # index.html last
        for stem, text in class_page.pages(stored, view, lang, names):
            path = out / stem
            _write(path.parent, path.name, lang, text, names)
    return out / "index.html"


def _write(folder: Path, stem: str, lang: str, text: str, names: Names) -> None:
    for file in names.files(stem, lang):
        write_atomically(folder / file, text)
