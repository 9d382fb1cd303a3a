"""Writes the report: pages, marks; what is on them is the business of the modules beside this."""

from __future__ import annotations

from pathlib import Path

from grader.report import class_page, student_page
from grader.report.analysis import analyse
from grader.report.marks import marks_csv
from grader.report.names import Names
from grader.report.pages_folder import PagesFolder
from grader.report.views import overview
from grader.results import Results, from_json, to_json, write_atomically

_ALL_LANGUAGES = Names()


def write_report(results: Results, out: Path, names: Names = _ALL_LANGUAGES) -> Path:
    """Writes the pages of the class, its exercises and its students, and `marks.csv`.

    Pages of an earlier report in the same folder that aren't part of this one are removed.

    Args:
        names: the languages, and who prefers which.

    Returns:
        The path of `index.html`, which is written last: what it links to is there.

    Raises:
        ResultsError: the results don't hold together.
        UsageError: the folder can't be written.
        ValueError: points that are no numbers.
    """
    # Through the file's form, so that this page and one made later from results.json are the same.
    return write_stored(from_json(to_json(results)), out, names)


def write_stored(stored: Results, out: Path, names: Names = _ALL_LANGUAGES) -> Path:
    """The same for results that have been through the file's form: what `from_json` gave."""
    view = overview(stored)
    write_atomically(out / "marks.csv", marks_csv(stored))
    folder = PagesFolder(out)
    for stem, lang, text in student_page.pages(stored, view, names):
        for file in names.files(stem, lang):
            folder.write(file, text)
    analysis = analyse(view)
    for lang in reversed(names.languages):  # index.html last
        for stem, text in class_page.pages(stored, view, analysis, lang, names):
            for file in names.files(stem, lang):
                folder.write(file, text)
    folder.close()
    return out / "index.html"
