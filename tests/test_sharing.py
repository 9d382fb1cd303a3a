"""What one program's run says of another, and when that one has to be asked itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from msgspec import structs

from grader import course, pool, shard
from grader.audit import matrix
from grader.audit.matrix import REFERENCE, Setting
from grader.audit.sharing import Sharing
from grader.audit.slices import Slices
from grader.audit.values import Case, Kind, Subject
from grader.engine.config import EngineConfig
from grader.results import CheckResult, Outcome, Row
from grader.sandbox.levels import Level
from grader.store import Store
from grader.text import Text

TINY = Path(__file__).parent / "courses" / "tiny"
NOTHING = Text("", "")

BASE = '''"""Two functions."""

import tensorflow as tf

FACTOR = 2.0


def scaled(x):
    return FACTOR * x


def first(x):
    return scaled(x)


@tf.function
def second(x, n=3):
    return x + n


class Third:
    limit = 1

    def __call__(self, x):
        return x - 1
'''


def same(change: tuple[str, str], *symbols: str) -> bool:
    """Whether `symbols` see the same in BASE and in BASE with a change."""
    assert BASE.count(change[0]) == 1
    changed = BASE.replace(*change)
    return Slices(BASE.encode()).of(symbols) == Slices(changed.encode()).of(symbols)


@pytest.mark.parametrize(
    "change",
    [
        ("Two functions.", "Three."),
        ("x + n", "x + n  # a comment"),
        ("    return x + n", "\n    return (x\n            + n)"),
        ("x + n", "x - n"),
        ("x - 1", "x - 2"),
        ("limit = 1", "limit = 2"),
        ("n=3", "n=4"),
    ],
)
def test_what_a_part_does_not_see(change: tuple[str, str]) -> None:
    """Words, places, and what other symbols do when they are called."""
    assert same(change, "first")


@pytest.mark.parametrize(
    ("change", "symbol"),
    [
        (("return scaled(x)", "return x"), "first"),
        (("FACTOR * x", "FACTOR + x"), "first"),
        (("FACTOR = 2.0", "FACTOR = 3.0"), "first"),
        (("x + n", "x - n"), "second"),
        (("n=3", "n=4"), "second"),
        (("limit = 1", "limit = 2"), "Third"),
        (("x - 1", "x - 2"), "Third"),
        # What happens at the import concerns everybody.
        (("import tensorflow as tf", "import tensorflow as tf\nimport keras"), "first"),
        (("FACTOR = 2.0", "FACTOR = 2.0\nprint(FACTOR)"), "first"),
        (("FACTOR = 2.0", "FACTOR = 2.0\nif FACTOR:\n    pass"), "first"),
        (("FACTOR = 2.0", "FACTOR = 2.0\nOTHER = print()"), "first"),
        (("FACTOR = 2.0", "FACTOR = 2.0\nOTHER: int = print()"), "first"),
        (("FACTOR = 2.0", "FACTOR = 2.0\ntf.add = None"), "Third"),
        (("FACTOR = 2.0", "FACTOR = 2.0\ntf.__dict__['add'] = None"), "Third"),
        (("FACTOR = 2.0", "FACTOR = 2.0\nB, tf.add = 1, 2"), "Third"),
        (("@tf.function\n", ""), "first"),
        (("n=3", "n=print()"), "first"),
        (("limit = 1", "limit = print()"), "first"),
        (("class Third:", "class Third(dict):"), "first"),
        (("class Third:", "class Fourth:"), "first"),
        # What can reach anything has no parts.
        (("x + n", "eval('scaled')(x)"), "first"),
        (("x + n", "scaled.__globals__ or globals()"), "first"),
        (("x + n", "("), "first"),
    ],
)
def test_what_it_sees(change: tuple[str, str], symbol: str) -> None:
    """Its own definition, what that rests on, and what the module does when it is imported."""
    assert not same(change, symbol)


CHECKS = {"test_first": ("first",), "test_second": ("second",), "test_both": ("first", "second")}


BUDGET = 30.0


def subject(name: str, fails: str = "", kind: Kind = "wrong") -> Subject:
    return Subject(name, kind, NOTHING, frozenset(fails.split()))


def row(outcomes: dict[str, Outcome], used: dict[str, tuple[str, ...]] | None = None) -> Row:
    used = {**CHECKS, **(used or {})}
    checks = tuple(
        CheckResult(name, outcome, 1.0, 1.0, evidence={"symbols": list(used[name])})
        for name, outcome in outcomes.items()
    )
    return Row("x", "e", "graded", 3.0, 3.0, seconds=1.0, checks=checks)


WHOLE = row(dict.fromkeys(CHECKS, "passed"))
ONE, TWO = (
    subject("wrong_one", "test_first test_both"),
    subject("wrong_two", "test_first test_both"),
)
SECOND = subject("wrong_second", "test_second test_both")
PROGRAMS = {
    REFERENCE: BASE.encode(),
    ONE: BASE.replace("return scaled(x)", "return x").encode(),
    TWO: BASE.replace("return scaled(x)", "return x").replace("x - 1", "x - 2").encode(),
    SECOND: BASE.replace("x + n", "x - n").encode(),
}


def test_lenders() -> None:
    """Each different part is asked once; who comes first lends."""
    shared = Sharing(PROGRAMS, WHOLE, BUDGET)
    assert shared.own(REFERENCE) == set(CHECKS)
    assert shared.own(ONE) == {"test_first", "test_both"}
    assert shared.lenders(ONE) == {"test_second": REFERENCE}
    assert shared.own(TWO) == frozenset()
    assert shared.lenders(TWO)["test_first"] == ONE
    assert shared.own(SECOND) == {"test_second", "test_both"}


def test_composed() -> None:
    """A row has all checks in their order, and only the seconds that it took itself."""
    shared = Sharing(PROGRAMS, WHOLE, BUDGET)
    rows = {
        REFERENCE: WHOLE,
        ONE: row({"test_first": "failed", "test_both": "failed"}),
        SECOND: row({"test_second": "failed", "test_both": "failed"}),
    }
    for borrower, failed in ((ONE, "test_first"), (TWO, "test_first"), (SECOND, "test_second")):
        whole = shared.composed(borrower, rows)
        assert [check.id for check in whole.checks] == list(CHECKS)
        assert {c.id for c in whole.checks if c.outcome == "failed"} == {failed, "test_both"}
        assert whole.student == borrower.name
        assert not shared.doubtful(borrower, rows)
    assert shared.composed(ONE, rows).seconds == 1.0
    assert shared.composed(TWO, rows).seconds == 0.0
    again = row({"test_second": "crashed"})
    assert shared.composed(ONE, rows, again).checks[1].outcome == "crashed"
    assert shared.composed(ONE, rows, again).seconds == 2.0


@pytest.mark.parametrize("outcome", ["timeout", "crashed", "out_of_memory", "not_run"])
def test_what_was_cut_short_lends_nothing(outcome: Outcome) -> None:
    """A limit or a crash is one run's, so the borrower is asked itself; so is who reached it,
    whole, unless everything is as it is known to be."""
    shared = Sharing(PROGRAMS, WHOLE, BUDGET)
    rows = {
        REFERENCE: WHOLE,
        ONE: row({"test_first": outcome, "test_both": "failed"}),
        SECOND: row({"test_second": outcome, "test_both": "passed"}),
    }
    assert shared.doubtful(TWO, rows) == {"test_first"}
    assert shared.doubtful(ONE, rows) == frozenset()
    assert shared.doubtful(SECOND, rows) == set(CHECKS)
    mutant = subject("line 3", kind="mutant")
    others = Sharing({REFERENCE: PROGRAMS[REFERENCE], mutant: PROGRAMS[SECOND]}, WHOLE, BUDGET)
    assert others.doubtful(mutant, {REFERENCE: WHOLE, mutant: rows[SECOND]}) == frozenset()


def test_a_budget_that_is_used_up() -> None:
    """What a student would be told is `not_run` isn't borrowed, known verdict or not."""
    rows = {
        REFERENCE: WHOLE,
        ONE: row({"test_first": "timeout", "test_both": "failed"}),
    }
    first, second = rows[ONE].checks
    rows[ONE] = structs.replace(rows[ONE], checks=(structs.replace(first, seconds=20.0), second))
    assert not Sharing(PROGRAMS, WHOLE, 30.0).doubtful(ONE, rows)
    assert Sharing(PROGRAMS, WHOLE, 20.0).doubtful(ONE, rows) == set(CHECKS)


def test_a_fault_of_the_lender_s_is_its_own() -> None:
    """Who borrows what passed is graded, whatever became of the lender's other checks."""
    shared = Sharing(PROGRAMS, WHOLE, BUDGET)
    broken = row({"test_first": "failed", "test_both": "failed", "test_second": "grader_error"})
    rows = {REFERENCE: WHOLE, ONE: structs.replace(broken, status="grader_error")}
    assert shared.composed(TWO, rows).status == "graded"


def test_led_elsewhere() -> None:
    """Where a wrong answer led the check to a symbol in which the two differ, both are asked."""
    shared = Sharing(PROGRAMS, WHOLE, BUDGET)
    led = {"test_first": ("first", "Third")}
    rows = {
        REFERENCE: WHOLE,
        ONE: row({"test_first": "failed", "test_both": "failed"}, led),
        SECOND: row({"test_second": "failed", "test_both": "failed"}),
    }
    assert shared.doubtful(TWO, rows) == {"test_first"}


def test_a_reference_that_fails_lends_nothing() -> None:
    """Which symbols a check would have used nobody knows then, nor where it used none."""
    failing = row({"test_first": "failed", "test_second": "passed", "test_both": "passed"})
    assert Sharing(PROGRAMS, failing, BUDGET).own(ONE) == {"test_first", "test_both"}
    assert Sharing(PROGRAMS, failing, BUDGET).own(SECOND) == set(CHECKS)
    silent = row(dict.fromkeys(CHECKS, "passed"), {"test_first": ()})
    assert "test_first" in Sharing(PROGRAMS, silent, BUDGET).own(SECOND)


SOLUTION = '''"""A pair."""


def square(x):
    return x * x


def cube(x):
    return x * x * x
'''
HIDDEN = '''"""Checks of the pair."""

from grader.checks import Text, check

WORDS = Text("a number", "一个数")


@check(title=WORDS, points=1, topic="values", hint=WORDS)
def test_square(student, reference, expect):
    expect.close(student.square(3.0), reference.square(3.0), ask=WORDS)


@check(title=WORDS, points=1, topic="values", hint=WORDS)
def test_cube(student, reference, expect):
    expect.close(student.cube(2.0), reference.cube(2.0), ask=WORDS)
'''


@pytest.fixture
def pair(tmp_path: Path) -> course.Course:
    """The tiny course with one more exercise, in which there are two functions to write."""
    shutil.copytree(TINY, tmp_path / "tiny")
    folder = tmp_path / "tiny/solutions/pair"
    folder.mkdir()
    (folder / "pair.py").write_text(SOLUTION)
    (folder / "test_pair.py").write_text(HIDDEN)
    with (tmp_path / "tiny/course.toml").open("a", encoding="utf-8") as toml:
        toml.write(
            '\n[[exercises]]\nid = "pair"\ntitle = { en = "A pair", zh = "一对" }\n'
            'symbols = ["square", "cube"]\n'
        )
    return course.load(tmp_path / "tiny")


def cases(pair: course.Course, store: Path) -> dict[str, Case]:
    exercise = pair.by_id("pair")
    programs = {
        REFERENCE: SOLUTION.encode(),
        subject("wrong_cube"): SOLUTION.replace("x * x * x", "x * x").encode(),
        subject("wrong_square"): SOLUTION.replace("return x * x\n", "return x + x\n").encode(),
        subject("wrong_name"): SOLUTION.replace("def cube", "def kube").encode(),
    }
    kept = Store(store)
    told: list[str] = []
    with pool.standing() as execute:
        setting = Setting(
            pair,
            EngineConfig(Level.STRICT, pair.limits),
            1,
            kept,
            True,
            lambda one: told.append(one.student),
            execute,
        )
        found = matrix.run(setting, {exercise: programs}, shard.collect([exercise]), 20)[exercise]
    kept.close()
    assert sorted(told) == sorted(one.name for one in programs)
    return {case.subject.name: case for case in found}


def test_the_same_as_without(
    pair: course.Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the engine: outcomes, words and behaviour are what a run of every check gives."""
    shared = cases(pair, tmp_path / "shared.sqlite")
    monkeypatch.setattr(Slices, "of", lambda self, symbols: str(id(self)))
    whole = cases(pair, tmp_path / "whole.sqlite")
    assert shared["wrong_cube"].lenders == {"test_square": "reference"}
    assert shared["wrong_square"].lenders == {"test_cube": "reference"}
    assert not any(case.lenders for case in whole.values())
    for name, case in whole.items():
        one = shared[name]
        assert (one.outcomes, one.messages, one.behaviour) == (
            case.outcomes,
            case.messages,
            case.behaviour,
        )
    assert {name: sorted(case.failed) for name, case in shared.items()} == {
        "reference": [],
        "wrong_cube": ["test_cube"],
        "wrong_square": ["test_square"],
        "wrong_name": ["test_cube"],
    }
