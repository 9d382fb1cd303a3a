"""The course.toml that students get: what the self-check reads, and none of the staff's remarks."""

from __future__ import annotations

import json
from collections.abc import Iterable

from grader.course import Course, Exercise
from grader.text import Text


def students_manifest(course: Course, exercises: Iterable[Exercise]) -> str:
    """The text of a course.toml with these exercises and nothing else.

    Shortcuts stay in: the self-check refuses them as the hidden checks do.
    """
    limits = course.limits
    lines = [
        f"name = {_text(course.name)}",
        f"languages = {_list(course.languages)}",
        "",
        "[defaults]",
        f"check_seconds = {limits.check_seconds!r}",
        f"submission_seconds = {limits.submission_seconds!r}",
        f"memory_mb = {limits.memory_mb!r}",
    ]
    for exercise in exercises:
        lines += ["", "[[exercises]]", f"id = {_quoted(exercise.id)}"]
        lines += [f"title = {_text(exercise.title)}", f"symbols = {_list(exercise.symbols)}"]
        if exercise.shortcuts:
            lines.append(f"shortcuts = {_list(exercise.shortcuts)}")
        if exercise.shortcut_ops:
            lines.append(f"shortcut_ops = {_list(exercise.shortcut_ops)}")
    return "\n".join(lines) + "\n"


def _text(text: Text) -> str:
    return f"{{ en = {_quoted(text.en)}, zh = {_quoted(text.zh)} }}"


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, items))}]"


def _quoted(text: str) -> str:
    # A JSON string is a TOML string but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
