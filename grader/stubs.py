"""Cuts an exercise's stub out of its reference solution, and checks that the two agree.

`python -m grader.stubs` checks every exercise of the course here; `--write` writes the stubs anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import click

from grader import course
from grader.errors import UsageError

_BEGIN = re.compile(r"^(\s*)# BEGIN SOLUTION\s*$")
_END = re.compile(r"^\s*# END SOLUTION\s*$")


def cut(solution: str, name: str) -> str:
    """The stub of a reference solution.

    An indented region becomes one `raise NotImplementedError`; a region at column 0 is left out.

    Raises:
        UsageError: a marker without its partner, or a solution without any region.
    """
    lines: list[str] = []
    opened: int | None = None
    regions = 0
    for number, line in enumerate(solution.splitlines(), 1):
        begin = _BEGIN.match(line)
        if begin:
            if opened is not None:
                raise UsageError(f"{name}:{number}: BEGIN SOLUTION inside the one of line {opened}")
            opened, regions = number, regions + 1
            if begin.group(1):
                lines.append(f"{begin.group(1)}raise NotImplementedError")
        elif _END.match(line):
            if opened is None:
                raise UsageError(f"{name}:{number}: END SOLUTION without a BEGIN SOLUTION")
            opened = None
        elif opened is None:
            lines.append(line)
    if opened is not None:
        raise UsageError(f"{name}:{opened}: BEGIN SOLUTION without an END SOLUTION")
    if not regions:
        raise UsageError(f"{name}: no # BEGIN SOLUTION / # END SOLUTION region to cut")
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines).strip("\n") + "\n")


def regions(solution: str) -> list[tuple[int, int]]:
    """First and last line, 1-based, of what a student writes, region by region."""
    found: list[tuple[int, int]] = []
    first = 0
    for number, line in enumerate(solution.splitlines(), 1):
        if _BEGIN.match(line):
            first = number + 1
        elif _END.match(line):
            found.append((first, number - 1))
    return found


def write_stubs(root: Path) -> None:
    """Writes every exercise's stub anew.

    Raises:
        UsageError: a solution that isn't there or can't be cut.
    """
    for exercise in course.load(root).exercises:
        stub = _cut(exercise)
        exercise.stub.parent.mkdir(parents=True, exist_ok=True)
        exercise.stub.write_text(stub, "utf-8")


def _cut(exercise: course.Exercise) -> str:
    if not exercise.solution.is_file():
        raise UsageError(f"{exercise.solution} isn't there; write the reference solution first")
    try:
        solution = exercise.solution.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{exercise.solution}: not UTF-8 (byte {error.start}); save it as UTF-8"
        ) from None
    return cut(solution, str(exercise.solution))


def disagreements(root: Path) -> list[str]:
    """One line for each exercise whose stub isn't its solution with the regions cut out.

    Raises:
        UsageError: no course, or a solution that isn't there or can't be cut.
    """
    return [line for e in course.load(root).exercises if (line := disagreement(e)) is not None]


def disagreement(exercise: course.Exercise) -> str | None:
    """What is wrong with the exercise's stub, in one line; None if it is its solution's.

    Raises:
        UsageError: a solution that isn't there or can't be cut.
    """
    wanted = _cut(exercise).encode("utf-8")
    if exercise.stub.is_file() and exercise.stub.read_bytes().replace(b"\r\n", b"\n") == wanted:
        return None
    return (
        f"{exercise.stub.relative_to(exercise.root)} isn't cut from its solution:"
        " run python -m grader.stubs --write"
    )


@click.command()
@click.option("--write", is_flag=True, help="Write the stubs instead of checking them.")
@click.option("--course", "root", type=click.Path(path_type=Path), default=Path())
def main(write: bool, root: Path) -> None:
    """Check (or write) the stubs of the course in DIR."""
    try:
        if write:
            write_stubs(root)
        problems = disagreements(root)
    except UsageError as error:
        click.echo(f"grader: {error}", err=True)
        raise SystemExit(2) from None
    for problem in problems:
        click.echo(problem, err=True)
    raise SystemExit(1 if problems else 0)


if __name__ == "__main__":
    main()
