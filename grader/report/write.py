"""Writes the report: pages, marks; what is on them is the business of the modules beside this."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.report import marks
from grader.report.made_of import Sources
from grader.report.names import Names, exercise_stem, student_stem
from grader.report.pages_folder import PagesFolder
from grader.report.views import Overview, overview
from grader.results import Results, from_json, to_json, writing_atomically

if TYPE_CHECKING:
    from grader.report.student_page import Pages

_ALL_LANGUAGES = Names()


def write_report(results: Results, out: Path, names: Names = _ALL_LANGUAGES) -> Path:
    """Writes the pages of the class, its exercises and its students, and `marks.csv`.

    Pages of an earlier report in the same folder that aren't part of this one are removed; those
    that would say the same, but for the date of the run, are left as they are.

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
    with writing_atomically(out / "marks.csv") as file:
        for line in marks.lines(view):
            file.write(line.encode())
    folder, sources = PagesFolder(out), Sources(stored, view, names)
    pages = _Pages(stored, view, names)
    for place, student in enumerate(view.students):
        stem = student_stem(student.slug)
        for lang in names.written(stem):
            made_of = sources.student(student, stem, lang)
            files = names.files(stem, lang)
            if new := [path for path in files if not folder.keeps(path, made_of)]:
                text = pages.drawn.text(place, lang)
                for path in new:
                    folder.write(path, text, made_of)
    _write_class(folder, sources.whole(), stored, view, names)
    folder.close()
    return out / "index.html"


class _Pages:
    """What draws the students' pages, once there is one to draw."""

    def __init__(self, *made_of: Any) -> None:
        self._made_of = made_of

    @cached_property
    def drawn(self) -> Pages:
        """It takes templates and what they need: of an unchanged class nobody has to load them."""
        from grader.report.student_page import Pages

        return Pages(*self._made_of)


def _write_class(
    folder: PagesFolder, made_of: str, stored: Results, view: Overview, names: Names
) -> None:
    """The pages about the class, unless all of them are there already."""
    stems = (*(exercise_stem(exercise.anchor) for exercise in view.exercises), "index")
    files = (path for stem in stems for lang in names.languages for path in names.files(stem, lang))
    if all(folder.keeps(path, made_of) for path in files):
        return
    from grader.report import class_pages  # with numpy: where there is something to analyse

    class_pages.write(folder, made_of, stored, view, names)
