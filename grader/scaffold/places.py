"""Where in a new exercise its author writes: file and line, as editors and terminals know them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from grader import course as courses

_MARK = "TODO"


def places(root: Path, exercise_id: str, files: Sequence[Path]) -> Iterator[str]:
    """A line for each TODO of the exercise, in the order of work; for a file without one, its path.

    Args:
        files: what `write` has written for it.
    """
    manifest = root / courses.COURSE_FILE
    lines = manifest.read_text("utf-8").splitlines()
    begun = lines.index(f'id = "{exercise_id}"')
    marked = (n for n in range(begun, len(lines)) if _MARK in lines[n])
    yield from (_place(manifest, n + 1, lines[n]) for n in marked)
    stub = courses.load(root).by_id(exercise_id).stub
    for file in files:
        found = list(enumerate(file.read_text("utf-8").splitlines(), 1))
        told = [_place(file, number, line) for number, line in found if _MARK in line]
        # The stub repeats the reference's; whoever writes there loses it.
        yield from told if told and file.resolve() != stub else [str(file)]


def _place(file: Path, number: int, line: str) -> str:
    words = line[line.index(_MARK) :].partition('"')[0]  # a docstring or a string may end there
    return f"{file}:{number}: {words.strip()}"
