"""A student's own notebook for the self-check: the module that a grading would make of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.course import Exercise
from grader.explain import places
from grader.submissions.find import entry_of
from grader.submissions.intake import read_module
from grader.text import Text

SUFFIX = ".ipynb"


@dataclass(frozen=True, slots=True)
class OwnNotebook:
    """What counts of a notebook.

    Attributes:
        source: the module.
        cells: (cell, line in the cell) of each line of it.
        notes: what the student should know of how it was read.
        place: turns a line of the module into a place in the notebook.
    """

    source: bytes
    cells: tuple[tuple[int, int], ...]
    notes: tuple[Text, ...]
    place: Callable[[int], str]


def module_or_notebook(stem: Path) -> Path | None:
    """The file of that name, without its ending, if there is one; a module goes first."""
    files = (stem.with_name(f"{stem.name}{suffix}") for suffix in (".py", SUFFIX))
    return next((file for file in files if file.is_file()), None)


def own_file(exercise: Exercise) -> Path:
    """Where a student writes an exercise: its stub, or a notebook that has taken its place."""
    return module_or_notebook(exercise.stub.with_suffix("")) or exercise.stub


def is_notebook(file: Path) -> bool:
    """Whether its name is that of one."""
    return file.suffix.lower() == SUFFIX


def read_own(file: Path, exercise: Exercise) -> OwnNotebook:
    """The code in `file` that counts for `exercise`; raises `submissions.model.Unreadable`."""
    # A link is the student's own business here.
    entry = entry_of(file.resolve(), file.name)
    source, notes, cells = read_module(entry, exercise.symbols, exercise.id)
    return OwnNotebook(source, cells or (), notes, places(file.name, cells or ()))
