"""The grader's own source as a tree that pip installs: what others need to run the same checks.

A tree and not a package from somewhere: whoever gets a release has exactly the grader that the
course was written with, and nothing has to be published for that.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import grader
from grader.errors import UsageError
from grader.release.archive import Member
from grader.release.files import files_below, read_inside

_BESIDE = ("LICENSE", "README.md", "constraints.txt", "pyproject.toml")


def grader_source(checkout: Path | None = None) -> dict[str, Member]:
    """Path -> file of everything that `pip install -c constraints.txt .` needs.

    Args:
        checkout: where the grader's source lies; default: the one that is running.

    Raises:
        UsageError: the running grader isn't installed from its source (`pip install -e .`).
    """
    root = (checkout or Path(grader.__file__).parents[1]).resolve()
    missing = [name for name in _BESIDE if not (root / name).is_file()]
    if missing:
        raise UsageError(
            f"{root} holds no {missing[0]}, so this grader can't be handed on: install it from its"
            " source with `python3 -m pip install -c constraints.txt -e .`"
        )
    found = {name: Member(read_inside(root, root / name)) for name in _BESIDE}
    package = root / "grader"
    wanted = {*package.rglob("*.py")}  # as pyproject.toml has them packed
    for pattern in _package_data(found["pyproject.toml"].data):
        wanted |= {*package.glob(pattern)}
    for path in files_below(package):
        if path in wanted:
            found[path.relative_to(root).as_posix()] = Member(read_inside(root, path))
    return found


def _package_data(pyproject: bytes) -> list[str]:
    tables = tomllib.loads(pyproject.decode("utf-8"))
    patterns: list[str] = tables["tool"]["setuptools"]["package-data"]["grader"]
    return patterns
