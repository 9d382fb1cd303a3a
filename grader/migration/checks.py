"""Writes the two files of checks: the hidden ones with points, and those that students have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.migration.module import Reference
from grader.migration.questions import quoted
from grader.migration.scope import Scope
from grader.migration.translate import Translation, translate
from grader.migration.values import Ledger, Test

_SPREAD = '''
def spread(value, answer):
    """`value`, in every place of `answer` where it is one number for all of them."""
    wanted = np.asarray(value)
    if wanted.ndim == 0 and answer.size <= 100_000:
        wanted = np.broadcast_to(wanted, answer.shape)
    return wanted.tolist()
'''
_HINT = ("Work the question out by hand.", "请手算这一题。")
_USED = ("as_numpy", "as_variable", "check", "fetch")


@dataclass(frozen=True, slots=True)
class Check:
    """A check that was written.

    Attributes:
        missed: (line of the cell, why) of each statement that it lacks: it fails until they are
            written by hand.
    """

    id: str
    cell: int
    name: str
    points: float
    missed: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Checks:
    """Both files, and what is in the hidden one."""

    hidden: str
    public: str
    made: tuple[Check, ...]


def write_checks(
    tests: Sequence[Test], reference: Reference, exercise: str, ledger: Ledger
) -> Checks:
    """The files for all tests, in order; the ledger learns what each cell became."""
    hidden_file, public_file = (
        f"solutions/{exercise}/test_{exercise}.py",
        (f"exercises/{exercise}/test_{exercise}.py"),
    )
    taken: set[str] = set()
    hidden: list[str] = []
    public: list[str] = []
    made: list[Check] = []
    for test in tests:
        check_id = _id(test.name, taken)
        scope = Scope(reference.kinds, dict(reference.imports))
        done = translate(test.source, scope, test.output)
        _account(test, done, check_id, hidden_file, ledger)
        if test.points > 0:
            reveal = "question" if test.hidden else "full"
            hidden.append(_render(test, check_id, test.points, done, reveal))
            made.append(Check(check_id, test.cell, test.name, test.points, tuple(done.missed)))
        else:
            ledger.lost(test.cell, "worth no points, which a check can't be: kept as a comment")
            hidden.append("\n".join([f"# {check_id}, 0 points:", *_commented(test.source)]))
        if test.visible.strip() and (shown := _visible(test, reference)) is not None:
            public.append(_render(test, check_id, max(test.points, 1.0), shown, "full"))
            ledger.went(test.cell, public_file)
    if not made:
        hidden.append(_nothing_yet())
    if not public:
        public.append(_names_are_there(reference.written))
    heading = f"Hidden checks of `{exercise}`, migrated; what they lack stands in MIGRATION.md."
    own = f"What you can check yourself: `pytest exercises/{exercise}`."
    return Checks(_file(heading, hidden), _file(own, public), tuple(made))


def _visible(test: Test, reference: Reference) -> Translation | None:
    """What students have of a test; None where that asks nothing."""
    scope = Scope(reference.kinds, dict(reference.imports))
    done = translate(test.visible, scope, None if test.output is None else test.output)
    return done if done.compares or done.missed else None


def _account(test: Test, done: Translation, check_id: str, file: str, ledger: Ledger) -> None:
    ledger.went(test.cell, f"{file}, {check_id}")
    for line, why in done.missed:
        ledger.lost(test.cell, f"line {line}: {why}")
    for remark in done.remarks:
        ledger.remark(test.cell, remark)
    if not done.compares and not done.missed:
        done.missed.append((1, "it asks nothing"))
        ledger.lost(test.cell, "it asks nothing")


def _id(name: str, taken: set[str]) -> str:
    """A grade id as the name of a check's function, unlike those before it."""
    plain = re.sub(r"[^0-9A-Za-z]+", "_", name).strip("_").lower()[:60] or "check"
    wanted = plain if plain.startswith("test_") else f"test_{plain}"
    number, made = 2, wanted
    while made in taken:
        made, number = f"{wanted}_{number}", number + 1
    taken.add(made)
    return made


def _points(points: float) -> str:
    rounded = round(points, 6)
    return str(int(rounded)) if rounded.is_integer() else repr(rounded)


def _render(test: Test, check_id: str, points: float, done: Translation, reveal: str) -> str:
    hint = test.hint or next(iter(done.hints), "")
    hint = " ".join(hint.split())[:300]
    hints = (hint, f"{hint}（待翻译）") if hint else _HINT
    title = " ".join(test.title.split())[:120] or check_id
    lines = [
        "@check(",
        f"    title=Text({quoted(title)}, {quoted(title + '（待翻译）')}),",
        f"    points={_points(points)},",
        '    topic="values",',
        "    hint=Text(",
        *(f"        {quoted(text)}," for text in hints),
        "    ),",
        *([] if reveal == "full" else [f"    reveal={quoted(reveal)},"]),
        ")",
        f"def {check_id}(student, expect):",
        f'    """From cell {test.cell} of the notebook."""',
        *(f"    {line}".rstrip() for line in done.lines),
    ]
    if done.missed:
        count = len(done.missed)
        lines += [
            "    # Not the student's fault, and never scored: such a check counts as the course's.",
            f'    raise RuntimeError("not migrated: {count} statement(s), see MIGRATION.md")',
        ]
    return "\n".join(lines)


def _commented(source: str) -> list[str]:
    return [f"# {line}".rstrip() for line in source.split("\n") if line.strip()]


def _nothing_yet() -> str:
    return "\n".join(
        [
            '@check(title=Text("To be written", "待编写"), points=1, topic="values",',
            '       hint=Text("", ""))',
            "def test_to_be_written(student, expect):",
            '    """The notebook has no test with points."""',
            '    raise RuntimeError("not migrated: the notebook has no test with points")',
        ]
    )


def _names_are_there(names: Sequence[str]) -> str:
    """All that can be asked where students had no tests."""
    asked = [f"    fetch(student[{name!r}])" for name in names]
    return "\n".join(
        [
            "@check(",
            '    title=Text("The names are there", "名称齐全"),',
            "    points=1,",
            '    topic="interface",',
            '    hint=Text("Define every name that the task asks for.", "请定义要求的名称。"),',
            ")",
            "def test_names(student, expect):",
            '    """TODO: the notebook had no tests for students to see; write some."""',
            *(asked or ["    pass"]),
        ]
    )


def _file(heading: str, parts: Sequence[str]) -> str:
    body = "\n\n\n".join(parts)
    if "spread(" in body:
        body = f"{_SPREAD.strip()}\n\n\n{body}"
    names = ["Text", *(name for name in _USED if re.search(rf"\b{name}\(", body))]
    numpy = "import numpy as np\n\n" if re.search(r"\bnp\.", body) else ""
    return f'"""{heading}"""\n\n{numpy}from grader.checks import {", ".join(names)}\n\n\n{body}\n'
