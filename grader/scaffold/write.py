"""Renders the templates and puts an exercise into a course: all of it, or nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader import course as courses
from grader.errors import UsageError
from grader.results import write_atomically
from grader.stubs import cut

_TEMPLATES = Environment(  # what it renders is Python, Markdown and TOML, and no page
    loader=PackageLoader("grader.scaffold"),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,
)
# A JSON string is a TOML string, too; its letters stay as they are, so that staff can read them.
_TEMPLATES.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """The exercise that is wanted.

    Attributes:
        id: also the name of the module and of its one function.
        title, title_zh: what students call it.
    """

    id: str
    title: str
    title_zh: str


def write(root: Path, plan: Plan) -> tuple[Path, ...]:
    """Adds the exercise at the end of the course in `root`; returns the files in the order of work.

    Raises:
        UsageError: as `add`.
    """
    return add(root, plan.id, _render("entry.toml.j2", plan), _files(plan))


def add(root: Path, exercise_id: str, entry: str, files: Mapping[str, str]) -> tuple[Path, ...]:
    """Adds an exercise at the end of the course in `root`; returns its files in the order given.

    Args:
        entry: its table for course.toml.
        files: path in the course -> content, below the exercise's two folders.

    Raises:
        UsageError: no course there, an id that can't be one or is taken, a folder that exists or
            can't be written. Nothing is left behind then.
    """
    courses.load(root)
    manifest = root / courses.COURSE_FILE
    before = manifest.read_text("utf-8")
    folders = [root / tree / exercise_id for tree in ("exercises", "solutions")]
    for folder in folders:
        if folder.exists():
            raise UsageError(f"{folder} is there already: name another id, or remove it first")
    made: list[Path] = []
    try:
        write_atomically(manifest, before.rstrip("\n") + "\n\n" + entry)
        courses.load(root)  # it knows what an id may be
        for name, text in files.items():
            made.append(root / name)
            made[-1].parent.mkdir(parents=True, exist_ok=True)
            write_atomically(made[-1], text)
    except BaseException as error:
        write_atomically(manifest, before)
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise UsageError(f"{error.filename or root}: {error.strerror}") from None
        raise
    return tuple(made)


def _files(plan: Plan) -> dict[str, str]:
    """Path in the course -> content, in the order in which an author goes through them."""
    exercise, solution = f"exercises/{plan.id}", f"solutions/{plan.id}"
    reference = _render("solution.py.j2", plan)
    variants = sorted(name for name in _TEMPLATES.list_templates() if name.startswith("variants/"))
    return {
        f"{solution}/{plan.id}.py": reference,
        f"{exercise}/{plan.id}.py": cut(reference, f"{plan.id}.py"),
        f"{exercise}/README.md": _render("README.md.j2", plan),
        f"{exercise}/README.zh.md": _render("README.zh.md.j2", plan),
        f"{exercise}/test_{plan.id}.py": _render("public.py.j2", plan),
        f"{solution}/test_{plan.id}.py": _render("hidden.py.j2", plan),
        **{f"{solution}/{name.removesuffix('.j2')}": _render(name, plan) for name in variants},
    }


def _render(template: str, plan: Plan) -> str:
    return _TEMPLATES.get_template(template).render(plan=plan)
