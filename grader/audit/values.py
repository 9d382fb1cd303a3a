"""What an audit found, as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from grader.results import CheckSpec
from grader.text import Text

Kind = Literal["reference", "stub", "right", "wrong", "mutant"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A program whose verdict is known beforehand.

    Attributes:
        name: the variant's file name without suffix, `reference` or `stub`.
        fails: the checks that it must fail, and no other.
    """

    name: str
    kind: Kind
    title: Text
    fails: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """One subject, graded at one seed.

    Attributes:
        outcomes: of each check, by its id; empty if it couldn't be graded at all.
        messages: what a student would have read, by check.
        seconds: what it took.
        problem: why it couldn't be graded, empty if it was.
        behaviour: a digest of what a diagnosis would compare; empty if it tells nothing.
        lenders: by check, the program whose result stands here: the part of it that the check
            gets to see is the same.
    """

    subject: Subject
    seed: int
    outcomes: Mapping[str, str]
    messages: Mapping[str, str]
    seconds: float
    problem: str = ""
    behaviour: str = ""
    lenders: Mapping[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> frozenset[str]:
        """The checks that it didn't pass."""
        return frozenset(name for name, outcome in self.outcomes.items() if outcome != "passed")


@dataclass(frozen=True, slots=True)
class Mutant:
    """The reference with one small change.

    Attributes:
        operator: the kind of change, as the mutation library names it.
        line: of the reference, 1-based.
        was, now: that line before and after, without indentation.
        killed_by: the checks that failed on it, empty for a survivor.
        equivalent: why it does the same as the reference, empty if nobody has said so.
    """

    operator: str
    line: int
    was: str
    now: str
    killed_by: tuple[str, ...]
    equivalent: str = ""

    @property
    def survived(self) -> bool:
        """Whether no check noticed it and nobody has said why none should."""
        return not self.killed_by and not self.equivalent


@dataclass(frozen=True, slots=True)
class Hole:
    """Something that the checks of an exercise miss, or get wrong.

    Attributes:
        subject: the variant or mutant, or empty.
        check: the check, or empty.
    """

    subject: str
    check: str
    text: Text


@dataclass(frozen=True, slots=True)
class ExerciseAudit:
    """Everything about one exercise.

    Attributes:
        mutants: None if none were made.
    """

    id: str
    title: Text
    checks: tuple[CheckSpec, ...]
    cases: tuple[Case, ...]
    holes: tuple[Hole, ...]
    mutants: tuple[Mutant, ...] | None = None

    @property
    def wrong(self) -> tuple[str, ...]:
        """The wrong variants' names."""
        return tuple(dict.fromkeys(c.subject.name for c in self.cases if c.subject.kind == "wrong"))

    @property
    def nameless(self) -> tuple[str, ...]:
        """Wrong variants that a diagnosis could not name: they behave like another, or say nothing.

        At any of the seeds.
        """
        return nameless(self.cases)

    @property
    def results(self) -> int:
        """The checks' results over all cases."""
        return sum(len(case.outcomes) for case in self.cases)

    @property
    def lent(self) -> int:
        """Those of them that another program's run stands for."""
        return sum(len(case.lenders) for case in self.cases)

    @property
    def killed(self) -> float:
        """The share of mutants that a check noticed or that are known to be equivalent, 0 to 1."""
        if not self.mutants:
            return 1.0
        return sum(not mutant.survived for mutant in self.mutants) / len(self.mutants)


def nameless(cases: Iterable[Case]) -> tuple[str, ...]:
    """The wrong variants that at some seed behave like another one, or tell nothing."""
    wrong = [case for case in cases if case.subject.kind == "wrong"]
    shared = Counter((case.seed, case.behaviour) for case in wrong)
    found = [
        case.subject.name
        for case in wrong
        if not case.behaviour or shared[case.seed, case.behaviour] > 1
    ]
    return tuple(dict.fromkeys(found))
