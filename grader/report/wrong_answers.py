"""Common wrong answers: failing checks grouped by what was answered, an example of each, no names.

Two answers are the same when the outcome, the message and what came out are, with numbers to three
digits: the last ones differ between two ways to one result. An example is what the student would
read of the answer. Code, tracebacks and printed output can name their author and are left out; a
name that slipped into an answer is taken out of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from grader.defuse import defuse
from grader.report.markup import in_language
from grader.report.nameless import Nameless
from grader.results import CheckResult, Outcome
from grader.text import Text

MOST_GROUPS = 3
_LEAST = 2
"""Students from whom on an answer is a common one."""
_MOST_CHARS = 1_500
_NUMBER = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")
_SILENT: frozenset[Outcome] = frozenset({"passed", "not_run", "grader_error"})
_KEYS = ("asked", "expected", "got", "first_difference")


@dataclass(frozen=True, slots=True)
class Answer:
    """What `count` students answered; the texts are those of one of them, "" for none."""

    count: int
    outcome: Outcome
    message: Text
    asked: Text
    expected: Text
    got: Text
    first_difference: Text


@dataclass(frozen=True, slots=True)
class WrongAnswers:
    """The most common wrong answers to one check, and how many students gave another one."""

    common: tuple[Answer, ...]
    others: int


def wrong_answers(results: Iterable[tuple[Sequence[str], CheckResult]]) -> WrongAnswers:
    """Groups the results of one check, one per student, each with the student's names."""
    groups: dict[tuple[str, ...], list[tuple[Sequence[str], CheckResult]]] = defaultdict(list)
    for student, result in results:
        if result.outcome not in _SILENT:
            groups[_behaviour(result)].append((student, result))
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    shown = [group for _, group in ordered[:MOST_GROUPS] if len(group) >= _LEAST]
    common = tuple(_answer(group) for group in shown)
    return WrongAnswers(common, sum(map(len, groups.values())) - sum(a.count for a in common))


def _behaviour(result: CheckResult) -> tuple[str, ...]:
    evidence = result.evidence
    raised = in_language(evidence.get("traceback"), "en").rstrip().rpartition("\n")[2]
    told = (result.message.en, in_language(evidence.get("got"), "en"), raised)
    return (result.outcome, *map(_plain, told))


@lru_cache(maxsize=4096)  # a class says the same again and again
def _plain(text: str) -> str:
    return _NUMBER.sub(lambda found: f"{float(found[0]):.3g}", text[:_MOST_CHARS])


def _answer(group: Sequence[tuple[Sequence[str], CheckResult]]) -> Answer:
    """An example of a group; who answers as one may name the other."""
    result = group[0][1]
    nameless = Nameless(names for names, _ in group)
    asked, expected, got, first = (_both(result.evidence.get(key), nameless) for key in _KEYS)
    message = _both(result.message, nameless)
    return Answer(len(group), result.outcome, message, asked, expected, got, first)


def _both(value: Text | Mapping[str, Any] | str | None, nameless: Nameless) -> Text:
    shown = (defuse(in_language(value, lang), max_chars=_MOST_CHARS) for lang in ("en", "zh"))
    return Text(*map(nameless, shown))
