"""Courses to release, and what of them may never get to a student."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

from grader import course as courses
from grader.course import Course

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "courses" / "tiny"
_STATEMENT = "# {0}\n\nFill in `{0}.py`.\n"
_REGION = re.compile(r"# BEGIN SOLUTION\n(.*?)# END SOLUTION", re.S)


def tiny(folder: Path) -> Course:
    """A copy of the tiny course with statements."""
    root = folder / "tiny"
    shutil.copytree(TINY, root, ignore=shutil.ignore_patterns("__pycache__"))
    for exercise in courses.load(root).exercises:
        for name in ("README.md", "README.zh.md"):
            (exercise.stub.parent / name).write_text(_STATEMENT.format(exercise.id), "utf-8")
    return courses.load(root)


def unpacked(file: Path) -> dict[str, bytes]:
    """Name -> content of a zip's files."""
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def written_by_the_staff(root: Path) -> dict[str, set[str]]:
    """Exercise -> the lines of its solution regions that its stub doesn't have anyway."""
    found = {}
    for solution in sorted(root.glob("solutions/*/*.py")):
        if solution.stem != solution.parent.name:
            continue
        stub = (root / "exercises" / solution.stem / solution.name).read_text("utf-8")
        regions = "".join(_REGION.findall(solution.read_text("utf-8")))
        found[solution.stem] = telling(regions) - telling(stub)
    return found


def telling(text: str) -> set[str]:
    """Lines that are long enough to tell where they come from."""
    return {line.strip() for line in text.splitlines() if len(line.strip()) >= 24}


def longest_run(text: str, hidden: set[str]) -> int:
    """The most telling lines in a row that are also in `hidden`."""
    run = best = 0
    for line in map(str.strip, text.splitlines()):
        if len(line) >= 24:
            run = run + 1 if line in hidden else 0
            best = max(best, run)
    return best
