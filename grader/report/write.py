"""Writes the report: pages, marks; what is on them is the business of the modules beside this."""

from __future__ import annotations

from pathlib import Path

from grader.report import marks, student_page
from grader.report.made_of import Sources
from grader.report.names import Names, exercise_stem
from grader.report.pages_folder import PagesFolder
from grader.report.views import Overview, overview
from grader.results import Results, from_json, to_json, writing_atomically

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
    for draft in student_page.drafts(stored, view, names):
        made_of = sources.student(draft.student, draft.stem, draft.lang)
        files = names.files(draft.stem, draft.lang)
        if new := [path for path in files if not folder.keeps(path, made_of)]:
            text = draft.text()
            for path in new:
                folder.write(path, text, made_of)
    _write_class(folder, sources.whole(), stored, view, names)
    folder.close()
    return out / "index.html"


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
