"""`grader adjust`: writes a line of adjustments.csv, checked, or shows what is in it."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.defuse import defuse_line
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.adjustments import Entry

_DIRECTORY = click.Path(path_type=Path)
_POINTS = re.compile(r"[-+]?[0-9]{1,9}(?:\.[0-9]{1,4})?")


class _Points(click.ParamType[float]):
    """Points as people write them, with a sign or not: `+2`, `-1.5`."""

    name = "points"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        if not _POINTS.fullmatch(str(value)):
            self.fail(f"{str(value)[:40]!r} is no number of points, such as 2 or -1.5", param, ctx)
        return float(str(value)) + 0.0


@click.command()
@click.argument("out", type=_DIRECTORY)
@click.option("--student", metavar="NAME", help="Whose points, named as in the report.")
@click.option("--exercise", metavar="ID", help="Of which exercise.")
@click.option(
    "--change", type=_Points(), metavar="POINTS",
    help="Points to add, or to take off: --change -2.",
)  # fmt: skip
@click.option("--total", type=_Points(), metavar="POINTS", help="What it counts for instead.")
@click.option("--reason", metavar="TEXT", help="Why; the student reads it.")
@click.option("--staff", metavar="NAME", default="", help="Who decided; students read that too.")
@click.option(
    "--adjustments", type=_DIRECTORY, metavar="FILE",
    help="The file that is changed; default: adjustments.csv in OUT.",
)  # fmt: skip
@click.option("--list", "listed", is_flag=True, help="Show all changes; change nothing.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def adjust(
    out: Path,
    student: str | None,
    exercise: str | None,
    change: float | None,
    total: float | None,
    reason: str | None,
    staff: str,
    adjustments: Path | None,
    listed: bool,
    quiet: bool,
) -> None:
    """Change the points of a student by hand, for a reason, in OUT/adjustments.csv.

    \b
    OUT is where the report lies. Another change for the same student and exercise takes
    the place of the first. Grading anew keeps the file and puts its changes in again.
    Examples:
        grader adjust reports/week3 --student ada --exercise huber --change +2 --reason "..."
        grader adjust reports/week3 --student ada --exercise huber --total 7 --reason "..."
        grader adjust reports/week3 --list

    `grader report OUT/results.json` then shows the change; `grader export` exports it.
    """
    from grader.adjustments import FILE, add, entry

    folder = out.parent if out.suffix == ".json" else out
    path = adjustments or folder / FILE
    results = out if out.suffix == ".json" else out / "results.json"
    if not folder.is_dir():
        raise UsageError(
            f"{_shown(str(folder))} is no directory: give the one that was graded into"
        )
    if folder != out and not out.exists():
        raise UsageError(f"{_shown(str(out))} isn't there: give the results.json, or its directory")
    if listed:
        if (student, exercise, change, total, reason) != (None,) * 5:
            raise UsageError("--list shows all changes and makes none: leave the others out")
        _show(path)
        return
    made = entry(student or "", exercise or "", reason or "", staff, change, total)
    if results.exists():
        made = _known(made, results)
    there = add(path, made)
    if not quiet:
        click.echo(f"{'replaced in' if there else 'added to'}: {defuse_line(str(path))}")
        where = f" --adjustments {defuse_line(str(path))}" if adjustments else ""
        click.echo(f"next: grader report {defuse_line(str(results))}{where}")


def _known(made: Entry, path: Path) -> Entry:
    """`made` with the student's name as the results have it.

    Raises:
        UsageError: the results don't have that row: most likely it is a slip of the keyboard.
    """
    from grader.adjustments.cells import key
    from grader.results import read_results

    results = read_results(path)
    rows = [(row.student, row.exercise) for row in results.results]
    names = {student for student, exercise in rows if key(student) == made.key[0]}
    if not names:
        raise UsageError(_unknown("student", made.student, {student for student, _ in rows}))
    if made.exercise not in {spec.id for spec in results.exercises}:
        ids = {spec.id for spec in results.exercises}
        raise UsageError(_unknown("exercise", made.exercise, ids))
    (name, *others) = names
    if others:
        raise UsageError(f"two students are called {_shown(name)}: rename one of their directories")
    return replace(made, student=name)


def _unknown(what: str, name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(name, known, 3, 0.5) or sorted(known)[:5]
    listed = ", ".join(map(_shown, near)) or "none"
    return f"no {what} {_shown(name)} in the results; there is, for example: {listed}"


def _shown(name: str) -> str:
    return repr(defuse_line(name, max_chars=60))


def _show(path: Path) -> None:
    """The table on the terminal; all that staff wrote is text in it."""
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text as Styled

    from grader.adjustments import read_adjustments

    entries = read_adjustments(path).entries if path.exists() else ()
    grid = Grid("student", "exercise", "points", "reason", "staff", box=None, pad_edge=False)
    for one in entries:
        made = one.adjustment
        points = f"{made.change:+g}" if made.change is not None else f"= {made.total:g}"
        texts = (one.student, one.exercise, points, made.reason, made.staff)
        grid.add_row(*(Styled(defuse_line(text, max_chars=300)) for text in texts))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 1000)
    if entries:
        console.print(grid)
    console.print(Styled(f"{len(entries)} change(s) in {defuse_line(str(path))}"))
