"""What a verdict depends on, as the keys under which it is stored."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from grader import __version__
from grader.course import VARIANTS, Course, Exercise, Limits, read
from grader.engine.config import EngineConfig
from grader.settings import SETTINGS
from grader.store import digest_files, key_of
from grader.timetable import KEYS, TOP_KEYS

Key = Callable[[bytes, str], str]


def versions() -> dict[str, str]:
    """Versions of everything whose change may change a verdict."""
    found = {"grader": __version__, "python": platform.python_version()}
    for name in ("tensorflow", "keras", "numpy"):
        found[name] = importlib.metadata.version(name)
    return found


@cache
def source_digest() -> str:
    """A digest of the grader's own code, as it was when it was first asked for."""
    package = Path(__file__).parent
    return digest_files([*package.rglob("*.py"), *package.glob("*.ini")], package)


def report_digest() -> str:
    """A digest of everything of the grader's that may end up on a page."""
    package = Path(__file__).parent
    files = (path for path in package.rglob("*") if "__pycache__" not in path.parts)
    return digest_files([path for path in files if path.is_file()], package)


def keys_for(
    course: Course, exercises: Sequence[Exercise], config: EngineConfig, seed: int
) -> dict[str, Key]:
    """For each exercise a function (source, how it was read) -> key."""
    settled = {
        "config": repr((config.level, _on_any_device(config.limits))),
        "device": config.placement.meaning,
        "seed": str(seed),
    }
    return {
        exercise: _key(key_of({**settled, "checks": checks}))
        for exercise, checks in asked_of(course, exercises).items()
    }


def _key(asked: str) -> Key:
    def key(source: bytes, read_as: str) -> str:
        return key_of({"asked": asked, "submission": source, "read_as": read_as})

    return key


def asked_of(course: Course, exercises: Sequence[Exercise]) -> dict[str, str]:
    """For each exercise a digest of all that its checks are made of, and that they run with."""
    base: dict[str, str | bytes] = {
        "versions": repr(sorted(versions().items())),
        "settings": repr(sorted(SETTINGS.items())),
        "source": source_digest(),
        "course": _rested_on(read(course.root)),
    }
    solutions = course.root / "solutions"
    # Whatever lies beside the exercises any check may read; pytest reads the first.
    shared = [course.root / "conftest.py", *_below(solutions, {e.id for e in course.exercises})]
    base["shared"] = digest_files([path for path in shared if path.is_file()], course.root)
    return {exercise.id: _checks(base, exercise) for exercise in exercises}


def _checks(base: Mapping[str, str | bytes], exercise: Exercise) -> str:
    folder = exercise.hidden_checks.parent
    files = digest_files(_below(folder, {VARIANTS}), folder)
    return key_of({**base, "exercise": exercise.id, "files": files})


def _below(folder: Path, less: Collection[str]) -> Iterator[Path]:
    """The regular files in `folder` and its folders, but for those at the top that `less` names.

    Hidden ones are left out: file managers and editors make them, and a class would be graded anew.
    """
    for where, inside, files in os.walk(folder):
        left_out = {"__pycache__", *(less if where == str(folder) else ())}
        inside[:] = [name for name in inside if name not in left_out and not _hidden(name)]
        shown = (Path(where, name) for name in files if not _hidden(name))
        yield from (path for path in shown if path.is_file())


def _hidden(name: str) -> bool:
    return name.startswith(".")


def _rested_on(course: Mapping[str, Any]) -> str:
    """A course.toml less all that says when and how often is handed in: no verdict rests on it."""
    kept = {key: value for key, value in course.items() if key not in TOP_KEYS}
    defaults = _untimed(kept.get("defaults", {}))
    # Not the share of a GPU: verdicts of the CPU don't rest on it, and the GPU's key has it.
    kept["defaults"] = {k: v for k, v in defaults.items() if k != "gpu_memory_mb"}
    kept["exercises"] = [_untimed(table) for table in kept["exercises"]]
    return json.dumps(kept, sort_keys=True)


def _on_any_device(limits: Limits) -> tuple[float, float, int]:
    return limits.check_seconds, limits.submission_seconds, limits.memory_mb


def _untimed(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in KEYS}
