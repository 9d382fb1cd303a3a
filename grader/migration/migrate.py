"""Migrates one assignment: reads, sorts, translates, and adds the exercise to the course."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from grader.migration import nbgrader, otter
from grader.migration.checks import Check, write_checks
from grader.migration.module import assemble
from grader.migration.report import left_to_do, migration_page
from grader.migration.silent import unmarked
from grader.migration.source import read_notebook
from grader.migration.statement import draft, pictures, statement, title_of
from grader.migration.values import Cell, Ledger, Outcome, Tool
from grader.scaffold import add
from grader.stubs import cut

_READERS = {"nbgrader": nbgrader, "otter": otter}


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted.

    Attributes:
        tool: whose format the notebook has; None finds out.
        exercise: the new id; None makes one of the file's name.
    """

    notebook: Path
    course: Path
    tool: Tool | None = None
    exercise: str | None = None


@dataclass(frozen=True, slots=True)
class Migrated:
    """What was done, and what is left to do."""

    exercise: str
    tool: Tool
    files: tuple[Path, ...]
    outcomes: tuple[Outcome, ...]
    checks: tuple[Check, ...]
    todo: tuple[str, ...]


def migrate(request: Request) -> Migrated:
    """Adds the assignment as an exercise at the end of the course; nothing of it is run.

    Raises:
        UsageError: the notebook, the course or the id is wrong. Nothing is left behind then.
    """
    cells = read_notebook(request.notebook)
    tool = request.tool or _tool(cells, request.notebook)
    exercise = request.exercise or _id_of(request.notebook)
    ledger = Ledger(cells)
    found = _READERS[tool].read(cells, ledger)
    if not any(any(block.regions) for block in found.blocks):
        raise UsageError(
            f"{request.notebook}: no solution in it that {tool} would cut out of code; name the"
            " source notebook, not the students', and --from its tool"
        )
    unread = unmarked(found)
    title = title_of(found.statements, exercise.replace("_", " ").capitalize())
    module_file = f"solutions/{exercise}/{exercise}.py"
    reference = assemble(found.blocks, title, module_file, ledger)
    checks = write_checks(found.tests, reference, exercise, ledger)
    readme = statement(found.statements, exercise, title, ledger)
    pictures(cells, ledger)
    outcomes = ledger.outcomes()
    todo = left_to_do(outcomes, checks.made, found.manual, reference.foreign, exercise)
    todo = (*unread, *todo)
    page = migration_page(request.notebook.name, outcomes, todo, checks.made)
    files = {
        module_file: reference.source,
        f"exercises/{exercise}/{exercise}.py": cut(reference.source, module_file),
        f"exercises/{exercise}/README.md": readme,
        f"exercises/{exercise}/README.zh.md": draft(title, exercise),
        f"exercises/{exercise}/test_{exercise}.py": checks.public,
        f"solutions/{exercise}/test_{exercise}.py": checks.hidden,
        f"solutions/{exercise}/MIGRATION.md": page,
    }
    entry = _entry(exercise, title, _asked_for(reference.written, checks.hidden))
    made = add(request.course, exercise, entry, files)
    return Migrated(exercise, tool, made, outcomes, checks.made, todo)


def _tool(cells: list[Cell], file: Path) -> Tool:
    found: list[Tool] = []
    if nbgrader.looks_like(cells):
        found.append("nbgrader")
    if otter.looks_like(cells):
        found.append("otter")
    if len(found) == 1:
        return found[0]
    what = "marks of both nbgrader and otter" if found else "no marks of nbgrader or otter"
    raise UsageError(f"{file}: it has {what}; say which it is with --from nbgrader or --from otter")


def _id_of(file: Path) -> str:
    made = re.sub(r"[^a-z0-9]+", "_", file.stem.lower()).strip("_")
    if not re.match(r"[a-z]", made):
        raise UsageError(f"{file}: no id can be made of its name; give one with --id ID")
    return made


def _asked_for(written: tuple[str, ...], checks: str) -> tuple[str, ...]:
    """The names that a submission must define: those the checks speak of, or all."""
    words = set(re.findall(r"\w+", checks))
    return tuple(name for name in written if name in words) or written


def _entry(exercise: str, title: str, symbols: tuple[str, ...]) -> str:
    """The exercise's table in course.toml; a JSON string is a TOML string, too."""

    def quoted(text: str) -> str:
        # TOML refuses a raw DEL, which JSON lets through.
        return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

    names = ", ".join(quoted(name) for name in symbols)
    return (
        f"[[exercises]]\nid = {quoted(exercise)}\n"
        f"title = {{ en = {quoted(title)}, zh = {quoted(title + '（待翻译）')} }}\n"
        f"symbols = [{names}]\n"
    )
