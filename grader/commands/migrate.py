"""`grader migrate`: an nbgrader or otter assignment becomes an exercise of a course."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.migration.values import Tool

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("assignment", type=_PATH)
@click.option(
    "--from", "tool", type=click.Choice(["nbgrader", "otter"]),
    help="Whose format it has; default: what its cells say.",
)  # fmt: skip
@click.option("--id", "exercise", metavar="ID", help="The exercise's id; default: the file's name.")
@click.option("--course", type=_PATH, default=Path(), help="The course; default: here.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def migrate(
    assignment: Path, tool: Tool | None, exercise: str | None, course: Path, quiet: bool
) -> None:
    """Add the nbgrader or otter source notebook ASSIGNMENT to a course as an exercise.

    \b
    Writes the statement, the reference with its stub, hidden and public tests, and
    MIGRATION.md with what became of every cell. Nothing in the notebook is run.
    Example:
        grader migrate source/ps1/problem1.ipynb --id squares
    """
    from grader.defuse import defuse_line
    from grader.migration import Request
    from grader.migration import migrate as run
    from grader.migration.report import table

    done = run(Request(assignment, course, tool, exercise))
    if quiet:
        return
    from rich.console import Console

    # Into a file or a pipe each line goes whole: whoever searches it finds it.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 300)
    console.print(table(done.outcomes))
    click.echo("left to do:")
    for item in done.todo:
        click.echo(f"  - {defuse_line(item, max_chars=400)}")
    for file in done.files:
        click.echo(file)
    whole = sum(1 for check in done.checks if not check.missed)
    click.echo(
        f"next: {whole} of {len(done.checks)} checks are whole;"
        f" solutions/{done.exercise}/MIGRATION.md lists every cell"
    )
