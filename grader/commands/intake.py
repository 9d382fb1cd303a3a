"""`grader intake`: what a download from an LMS is understood as, before anything runs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

_DIRECTORY = click.Path(path_type=Path)
_MAX_WIDTH = 1_000


@click.command()
@click.argument("submissions", type=_DIRECTORY)
@click.option("--course", type=_DIRECTORY, default=Path(), help="The course; default: here.")
@click.option("--exercise", "exercises", metavar="ID", multiple=True, help="Only this exercise.")
@click.option(
    "--times", type=_DIRECTORY, metavar="FILE",
    help="When students handed in: Moodle's grading worksheet, or a CSV file `student,submitted`.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For machines: one JSON document.")
@click.option("--quiet", is_flag=True, help="Only the exit status.")
def intake(
    submissions: Path,
    course: Path,
    exercises: tuple[str, ...],
    times: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Show, file by file, what `grader grade` would take from SUBMISSIONS.

    \b
    SUBMISSIONS is the zip that Canvas, Moodle or Gradescope gives for an assignment, the folder
    it was unpacked into, or a directory with one directory or zip per student. With one
    --exercise the only program of a student counts, whatever its name.
    Example:
        grader intake submissions.zip --exercise huber

    Nothing that was handed in is run. Exit status 1 if something is unclear: those files are
    listed last, and `grader grade` goes on without them.
    """
    from rich.console import Console

    from grader import course as courses
    from grader.defuse import defuse_line
    from grader.lms import opened
    from grader.lms.show import plain_data, tables
    from grader.preview import preview

    loaded = courses.load(course)
    with opened(submissions) as handed_in:
        found, strays = preview(handed_in, loaded, exercises, times)
    for line in strays if not quiet else ():
        click.echo(f"grader: {defuse_line(line, max_chars=600)}", err=True)
    if as_json and not quiet:
        click.echo(json.dumps(plain_data(found), indent=1))
    elif not quiet:
        # Into a file or a pipe each line goes whole: whoever searches it finds it.
        width = None if sys.stdout.isatty() else _MAX_WIDTH
        Console(highlight=False, markup=False, width=width).print(tables(found))
    raise SystemExit(1 if any(found.unclear()) else 0)
