"""Reads the right and wrong variants of an exercise: programs that judge its checks."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import Exercise
from grader.errors import UsageError
from grader.text import Text

_ENTRY = re.compile(r"(zh|fails):(.*)")


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant.

    Attributes:
        name: the file's stem, `wrong_mean_of_batches`.
        title: what it does, in a line.
        right: whether it must pass every check.
        fails: ids of exactly those checks that it must fail.
    """

    name: str
    title: Text
    right: bool
    fails: frozenset[str]
    file: Path


def read_variants(exercise: Exercise) -> tuple[Variant, ...]:
    """All variants of an exercise, sorted by name.

    Raises:
        UsageError: a file that isn't named right_* or wrong_*, or whose docstring lacks a part.
    """
    return tuple(_read(file) for file in exercise.variants)


def _read(file: Path) -> Variant:
    kind = file.stem.partition("_")[0]
    if kind not in ("right", "wrong"):
        raise UsageError(f"{file}: a variant is named right_*.py or wrong_*.py; rename it")
    try:
        tree = ast.parse(file.read_text("utf-8"))
    except (SyntaxError, ValueError) as error:  # the second: NUL bytes, or no UTF-8
        line = getattr(error, "lineno", None)
        at = f", line {line}" if line else ""
        raise UsageError(f"{file}{at}: Python can't read this variant: {error}") from None
    lines = (ast.get_docstring(tree) or "").splitlines()
    entries = _entries(lines[1:])
    zh = entries.get("zh", "")
    fails = frozenset(name.strip() for name in entries.get("fails", "").split(",") if name.strip())
    if not lines or not lines[0].strip() or not zh:
        raise UsageError(f"{file}: the docstring needs a title line and a line `zh: …`")
    if (kind == "wrong") != bool(fails):
        needs = "names the checks it fails" if kind == "wrong" else "names no failing check"
        raise UsageError(f"{file}: the docstring of a {kind} variant {needs} (`fails: …`)")
    return Variant(file.stem, Text(lines[0].strip(), zh), kind == "right", fails, file)


def _entries(lines: Sequence[str]) -> dict[str, str]:
    """`key: value` lines; a value goes on over the lines that begin no other key."""
    entries: dict[str, str] = {}
    key = ""
    for line in lines:
        found = _ENTRY.match(line)
        if found:
            key = found.group(1)
            entries[key] = found.group(2).strip()
        elif key and line.strip():
            entries[key] = f"{entries[key]} {line.strip()}".strip()
        else:
            key = ""
    return entries
