"""`grader export`: results for learning platforms, CI and spreadsheets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.defuse import defuse_line

if TYPE_CHECKING:
    from grader.exports.flow import Format

_DIRECTORY = click.Path(path_type=Path)


@click.command()
@click.argument("results", metavar="RESULTS.json", type=_DIRECTORY)
@click.option(
    "--format", "form", required=True,
    type=click.Choice([
        "junit", "csv", "gradescope", "gradescope-gradebook", "canvas", "canvas-feedback", "moodle",
        "moodle-feedback", "markdown",
    ]),
    help="What to make of it.",
)  # fmt: skip
@click.option("--into", type=_DIRECTORY, metavar="FILE", help="The gradebook that is filled in.")
@click.option(
    "--from", "download", type=_DIRECTORY, metavar="ZIP",
    help="The download that was graded: canvas-feedback takes the files' names from it.",
)  # fmt: skip
@click.option(
    "--out", type=_DIRECTORY, metavar="PATH",
    help="Where to write; default: beside the file that is read, under another name.",
)  # fmt: skip
@click.option("--exercise", "exercises", metavar="ID", multiple=True, help="Only this exercise.")
@click.option(
    "--column", "columns", metavar="NAME", multiple=True,
    help="The column of the gradebook; several go with as many --exercise.",
)  # fmt: skip
@click.option("--student", "students", metavar="NAME", multiple=True, help="Only this student.")
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Language of what students read.")
@click.option(
    "--adjustments", type=_DIRECTORY, metavar="FILE",
    help="What staff changed by hand; default: adjustments.csv beside RESULTS.json.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show what would be filled in; write nothing.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def export(
    results: Path,
    form: Format,
    into: Path | None,
    download: Path | None,
    out: Path | None,
    exercises: tuple[str, ...],
    columns: tuple[str, ...],
    students: tuple[str, ...],
    lang: str | None,
    adjustments: Path | None,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Give results to other tools: a learning platform, Gradescope, CI, a spreadsheet.

    \b
    canvas, moodle and gradescope-gradebook fill in the gradebook that you downloaded,
    and change nothing else in it; canvas-feedback and moodle-feedback make a zip to
    upload there, with each student's own page. Students whose row or file isn't plain
    are listed, never guessed.
    Examples:
        grader export reports/week3/results.json --format canvas --into grades.csv --dry-run
        grader export reports/week3/results.json --format moodle-feedback
        grader export reports/week3/results.json --format junit --out junit.xml
    """
    from rich.console import Console

    from grader.exports.flow import Request
    from grader.exports.flow import export as write
    from grader.exports.show import shown
    from grader.text import preferred_language

    done = write(
        Request(
            results=results,
            format=form,
            into=into,
            out=out,
            exercises=exercises,
            columns=columns,
            students=students,
            lang=lang or preferred_language(),
            dry_run=dry_run,
            download=download,
            adjustments=adjustments,
        )
    )
    for line in done.warnings:
        click.echo(f"grader: {defuse_line(line, max_chars=600)}", err=True)
    if not quiet:
        # Into a file or a pipe each line goes whole: whoever searches it finds it.
        console = Console(highlight=False, width=None if sys.stdout.isatty() else 1000)
        console.print(shown(done))
