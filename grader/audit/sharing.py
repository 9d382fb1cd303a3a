"""Which checks of which programs need a run, and whose run stands for the others.

A check that was asked about one program needn't be asked about another whose part behind the
check's symbols is the same (`slices`): same questions, same seeds, same code, same answers. Which
symbols those are the reference has shown. Afterwards every borrowed result is looked at again:
where its lender was led to other symbols, or a limit or a crash cut something short, the borrower
is asked itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from msgspec import structs

from grader.audit.slices import Slices
from grader.audit.values import Subject
from grader.results import CheckResult, Row

_LENT = ("passed", "failed", "forbidden")
"""Outcomes that rest on nothing but the code and the question."""


class Sharing:
    """What the programs of one exercise have in common, at one seed.

    Args:
        programs: source by subject; who comes first lends.
        reference: the row of the first of them, with all checks.
        budget: seconds that all checks of one program have together.
    """

    def __init__(self, programs: Mapping[Subject, bytes], reference: Row, budget: float) -> None:
        self._budget = budget
        self._checks = tuple(check.id for check in reference.checks)
        self._used = {
            check.id: _symbols(check) for check in reference.checks if check.outcome == "passed"
        }
        slices = {subject: Slices(source) for subject, source in programs.items()}

        @cache
        def part(subject: Subject, symbols: frozenset[str]) -> str:
            return slices[subject].of(symbols)

        self._part = part
        self._borrowed: dict[Subject, dict[str, Subject]] = {}
        first: dict[tuple[str, str], Subject] = {}
        for subject in programs:
            borrowed = self._borrowed[subject] = {}
            for check, symbols in self._used.items():
                if symbols:
                    lender = first.setdefault((check, part(subject, symbols)), subject)
                    if lender != subject:
                        borrowed[check] = lender

    def own(self, subject: Subject) -> frozenset[str]:
        """The checks that a program has to be asked itself."""
        return frozenset(self._checks) - set(self._borrowed[subject])

    def doubtful(self, subject: Subject, rows: Mapping[Subject, Row]) -> frozenset[str]:
        """The checks that it has to be asked after all, given everybody's `own` results.

        All of them if one of its own was cut short and either the verdict isn't the known one or
        everything together would take the time that there is: then what comes later is cut short
        too, and a student would be told so.
        """
        own = _by_id(rows.get(subject))
        whole = self.composed(subject, rows)
        cut_short = any(check.outcome not in _LENT for check in own.values())
        if cut_short and subject.kind != "mutant":
            too_long = sum(check.seconds for check in whole.checks) >= self._budget
            if too_long or _failed(whole.checks) != subject.fails:
                return frozenset(self._checks)
        return frozenset(
            check
            for check, lender in self._borrowed[subject].items()
            if not self._holds(check, subject, lender, _by_id(rows.get(lender)).get(check))
        )

    def _holds(
        self, check: str, subject: Subject, lender: Subject, result: CheckResult | None
    ) -> bool:
        if result is None or result.outcome not in _LENT:
            return False
        symbols = self._used[check] | _symbols(result)
        return self._part(subject, symbols) == self._part(lender, symbols)

    def lenders(self, subject: Subject) -> Mapping[str, Subject]:
        """By check, whose result stands for a program's, unless that is doubtful."""
        return self._borrowed[subject]

    def composed(
        self, subject: Subject, rows: Mapping[Subject, Row], again: Row | None = None
    ) -> Row:
        """A program's whole row: what it was asked again, what it was asked, what it borrowed."""
        own, later = _by_id(rows.get(subject)), _by_id(again)
        found = []
        for check in self._checks:
            lender = self._borrowed[subject].get(check)
            lent = _by_id(rows.get(lender)) if lender is not None else {}
            result = later.get(check) or own.get(check) or lent.get(check)
            if result is not None:
                found.append(result)
        ran = [row for row in (rows.get(subject), again) if row is not None]
        lent_by_all = ran or [rows[lender] for lender in self._borrowed[subject].values()]
        broken = any(check.outcome == "grader_error" for check in found)
        return structs.replace(
            lent_by_all[-1],
            student=subject.name,
            status="grader_error" if broken else "graded",
            checks=tuple(found),
            points=sum(check.points for check in found),
            max_points=sum(check.max_points for check in found),
            seconds=sum(row.seconds for row in ran),
        )


def _symbols(check: CheckResult) -> frozenset[str]:
    return frozenset(check.evidence.get("symbols", ()))


def _by_id(row: Row | None) -> dict[str, CheckResult]:
    return {} if row is None else {check.id: check for check in row.checks}


def _failed(checks: Iterable[CheckResult]) -> frozenset[str]:
    return frozenset(check.id for check in checks if check.outcome != "passed")
