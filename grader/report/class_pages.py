"""Writes the pages about the class: its own and those of the exercises."""

from __future__ import annotations

from grader.report import class_page, exercise_page
from grader.report.analysis import analyse
from grader.report.class_environment import prepared
from grader.report.names import Names
from grader.report.pages_folder import PagesFolder
from grader.report.views import Overview
from grader.results import Results


def write(folder: PagesFolder, made_of: str, stored: Results, view: Overview, names: Names) -> None:
    """All of them, `index.html` last; `made_of` is noted for each."""
    analysis = analyse(view)
    for lang in reversed(names.languages):
        made = prepared(lang, view, names)
        for stem, text in exercise_page.pages(made, stored, analysis):
            for path in names.files(stem, lang):
                folder.write(path, text, made_of)
        for path in names.files("index", lang):
            folder.write_pieces(path, class_page.pieces(made, stored, view, analysis), made_of)
