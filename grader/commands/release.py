"""`grader release`: parses, builds every zip before it writes the first, says what it left out."""

from __future__ import annotations

from pathlib import Path

import click

_DIRECTORY = click.Path(path_type=Path)


@click.command()
@click.option(
    "--course", "root", type=_DIRECTORY, default=Path(), help="The course; default: here."
)
@click.option("--exercise", "exercises", metavar="ID", multiple=True, help="Only this exercise.")
@click.option("--out", type=_DIRECTORY, default=Path("dist"), help="Where to write; default: dist.")
@click.option("--gradescope", is_flag=True, help="Build Gradescope's autograder, too.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def release(
    root: Path, exercises: tuple[str, ...], out: Path, gradescope: bool, quiet: bool
) -> None:
    """Build the zip that students get, and with --gradescope an autograder.

    \b
    The students' zip holds stubs, statements, public tests, START.md and the grader itself;
    it is refused when anything in it quotes a solution or a hidden check. The autograder
    holds the whole course: for Gradescope alone.
    Examples:
        grader release
        grader release --exercise huber --gradescope --out dist/huber
    """
    from grader import course as courses
    from grader.defuse import defuse_line
    from grader.release import gradescope_bundle, pack, students_bundle
    from grader.results import write_bytes_atomically

    course = courses.load(root)
    chosen = course.pick(exercises)
    bundles = [students_bundle(course, chosen)]
    if gradescope:
        bundles.append(gradescope_bundle(course, chosen))
    packed = [(bundle, pack(bundle.members)) for bundle in bundles]
    for bundle, data in packed:
        write_bytes_atomically(out / bundle.name, data)
        if not quiet:
            for note in bundle.notes:
                click.echo(defuse_line(note))
            click.echo(
                f"{out / bundle.name}: {len(chosen)} exercise(s), {len(bundle.members)} files,"
                f" {len(data) / 1e6:.1f} MB"
            )
