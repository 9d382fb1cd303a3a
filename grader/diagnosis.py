"""Names the misconception behind a submission: the wrong variant that behaves exactly as it does.

Both were asked the same questions. What they did is compared check by check: the outcome, and what
the student would have read, with numbers to three digits and without places in the file. No name is
given where nothing fits, or where two variants fit equally.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec import structs

from grader.results import CheckResult, Diagnosis, Row
from grader.text import Text

_NUMBER = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")
_LEAST_TOLD = 1
"""Failing checks with something in them that tells one mistake from another."""
_SAYS_LITTLE = ("timeout", "out_of_memory", "crashed", "not_run", "forbidden", "grader_error")

Behaviour = tuple[tuple[str, str, str], ...]


def behaviour(row: Row) -> Behaviour | None:
    """What a row's checks did, comparable between submissions; None if it tells nothing.

    A submission that passed everything, ended before it could answer, or was never written has
    no misconception that could be named.
    """
    if row.status != "graded":
        return None
    found = tuple((check.id, check.outcome, _told(check)) for check in row.checks)
    told = sum(bool(said) for _, outcome, said in found if outcome not in _SAYS_LITTLE)
    return found if told >= _LEAST_TOLD else None


def digest(row: Row) -> str:
    """`behaviour` in a form that can be kept and compared; empty if it tells nothing."""
    found = behaviour(row)
    return "" if found is None else hashlib.sha256(repr(found).encode()).hexdigest()


def by_behaviour(variants: Mapping[str, tuple[Text, Row]]) -> dict[Behaviour, Diagnosis]:
    """The misconception behind each behaviour that exactly one variant shows.

    Args:
        variants: title and row of each wrong variant of the exercise, at the same seed.
    """
    found: dict[Behaviour, list[Diagnosis]] = {}
    for name, (title, row) in variants.items():
        if (theirs := behaviour(row)) is not None:
            found.setdefault(theirs, []).append(Diagnosis(name, title))
    return {theirs: fitting[0] for theirs, fitting in found.items() if len(fitting) == 1}


def named(row: Row, known: Mapping[Behaviour, Diagnosis]) -> Row:
    """The row with a diagnosis at its failing checks, if its behaviour is in `known`."""
    ours = behaviour(row)
    if ours is None or (diagnosis := known.get(ours)) is None:
        return row
    checks = tuple(
        check if check.outcome == "passed" else structs.replace(check, diagnosis=diagnosis)
        for check in row.checks
    )
    return structs.replace(row, checks=checks)


def _told(check: CheckResult) -> str:
    """What a check said of the behaviour itself; empty for one that passed."""
    if check.outcome == "passed":
        return ""
    evidence = check.evidence
    if evidence.get("behaviour"):
        return str(evidence["behaviour"])
    if evidence.get("traceback"):  # the last line is the exception; those above are places
        return _plain(str(evidence["traceback"]).rsplit("\n", 1)[-1])
    return _plain(" | ".join([check.message.en, *map(_text, (evidence.get("got"),))]))


def _text(value: Any) -> str:
    return str(value.get("en", "")) if isinstance(value, Mapping) else str(value or "")


@lru_cache(maxsize=4096)  # classmates' mistakes are told in the same words
def _plain(text: str) -> str:
    """With numbers to three digits: the last ones differ between two ways to the same result."""
    return _NUMBER.sub(lambda found: f"{float(found[0]):.3g}", text)
