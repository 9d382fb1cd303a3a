"""Mutants of a reference: programs nobody thought of, one small change each.

The changes are cosmic-ray's (https://github.com/sixty-north/cosmic-ray). Of its operators those
are used that a student's slip looks like: a neighbouring comparison or arithmetic operator, a
number one off, a condition turned round, a decorator left out. Only what a student writes is
changed.
"""

from __future__ import annotations

import ast
import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.audit.values import Mutant
from grader.course import Exercise
from grader.errors import UsageError
from grader.stubs import regions

EQUIVALENT_FILE = "equivalent.toml"

_BINARY = (
    "Add_Sub", "Add_Mul", "Sub_Add", "Mul_Add", "Mul_Div", "Div_Mul", "Div_FloorDiv", "Pow_Mul",
    "FloorDiv_Div", "FloorDiv_Mul", "Mod_FloorDiv", "BitAnd_BitOr", "BitOr_BitAnd",
)  # fmt: skip
_COMPARISONS = (
    "Lt_LtE", "Lt_Gt", "LtE_Lt", "LtE_GtE", "Gt_GtE", "Gt_Lt", "GtE_Gt", "GtE_LtE",
    "Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is", "In_NotIn", "NotIn_In",
)  # fmt: skip
OPERATORS = (
    *(f"core/ReplaceBinaryOperator_{pair}" for pair in _BINARY),
    *(f"core/ReplaceComparisonOperator_{pair}" for pair in _COMPARISONS),
    "core/ReplaceUnaryOperator_Delete_USub",
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/AddNot",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceContinueWithBreak",
    "core/NumberReplacer",
    "core/RemoveDecorator",
    "core/ZeroIterationForLoop",
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mutant that hasn't been graded yet."""

    source: bytes
    operator: str
    line: int
    was: str
    now: str

    def judged(
        self, killed_by: tuple[str, ...], equivalent: Mapping[tuple[str, str], str]
    ) -> Mutant:
        """The mutant with what came of it."""
        reason = equivalent.get((self.was, self.now), "")
        return Mutant(self.operator, self.line, self.was, self.now, killed_by, reason)


def make(exercise: Exercise) -> tuple[Candidate, ...]:
    """Every different mutant of the exercise's reference, in the order of its lines.

    Raises:
        UsageError: the mutation library isn't installed.
    """
    try:
        from cosmic_ray.mutating import mutate_code
        from cosmic_ray.plugins import get_operator, operator_names
    except ImportError:
        raise UsageError(
            "--mutants needs cosmic-ray: python3 -m pip install 'tf-course-grader[audit]'"
        ) from None
    source = exercise.solution.read_text("utf-8")
    known = set(operator_names())
    students = {line for first, last in regions(source) for line in range(first, last + 1)}
    seen = {ast.dump(ast.parse(source))}
    found: list[Candidate] = []
    for name in OPERATORS:
        if name not in known:  # a library of another version
            continue
        operator = get_operator(name)()
        occurrence = 0
        while (text := mutate_code(source, operator, occurrence)) is not None:
            occurrence += 1
            candidate = _candidate(source, text, name.removeprefix("core/"))
            if candidate is None or candidate.line not in students:
                continue
            try:
                shape = ast.dump(ast.parse(text))
            except SyntaxError:  # the reference of an exercise can't be changed so
                continue
            if shape not in seen:
                seen.add(shape)
                found.append(candidate)
    return tuple(sorted(found, key=lambda candidate: (candidate.line, candidate.now)))


def equivalents(exercise: Exercise) -> dict[tuple[str, str], str]:
    """(line before, line after) -> why the mutant does the same as the reference.

    Raises:
        UsageError: the file can't be read, or an entry lacks something.
    """
    file = exercise.solution.with_name(EQUIVALENT_FILE)
    if not file.exists():
        return {}
    try:
        return dict(_entries(file))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: {error}") from None


def _entries(file: Path) -> Iterator[tuple[tuple[str, str], str]]:
    for number, entry in enumerate(tomllib.loads(file.read_text("utf-8")).get("equivalent", []), 1):
        parts = (
            [entry.get(name) for name in ("was", "now", "reason")] if type(entry) is dict else []
        )
        if len(parts) != 3 or not all(isinstance(part, str) and part.strip() for part in parts):
            raise UsageError(
                f"{file}: entry {number} of [[equivalent]] needs the texts `was`, `now`, `reason`"
            )
        was, now, reason = parts
        yield (str(was).strip(), str(now).strip()), str(reason)


def _candidate(source: str, text: str, operator: str) -> Candidate | None:
    """What changed, as one line before and after; None for a change of no line."""
    before, after = source.splitlines(), text.splitlines()
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, False).get_opcodes():
        if tag != "equal":
            was, now = (
                " ".join(line.strip() for line in part) for part in (before[a:b], after[c:d])
            )
            return Candidate(text.encode(), operator, a + 1, was, now)
    return None
