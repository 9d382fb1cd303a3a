"""Common wrong answers: failing checks grouped by what was answered, an example of each, no names.

Two answers are the same when the outcome, the message and what came out are, with numbers to three
digits: the last ones differ between two ways to one result. An example is what the student would
read of the answer. Code, tracebacks and printed output can name their author and are left out; a
name that slipped into an answer is taken out of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from msgspec import structs

from grader.defuse import defuse
from grader.report.markup import in_language
from grader.report.nameless import MOST_PEOPLE, Nameless
from grader.results import CheckResult, Outcome, Spilled
from grader.text import Text

MOST_GROUPS = 3
_LEAST = 2
"""Students from whom on an answer is a common one."""
_MOST_CHARS = 1_500
_NUMBER = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")
_SILENT: frozenset[Outcome] = frozenset({"passed", "not_run", "grader_error"})
_KEYS = ("asked", "expected", "got", "first_difference")
_TOLD = frozenset({*_KEYS, "traceback"})


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
    answers = Answers(Spilled(CheckResult))
    for student, result in results:
        answers.add(student, result)
    return answers.found()


class _Group:
    """Equal answers: the place of the first among the examples, and who answered so."""

    __slots__ = ("count", "example", "names")

    def __init__(self, example: int) -> None:
        self.count, self.example = 0, example
        self.names: list[Sequence[str]] = []


class Answers:
    """The answers to one check, as they come in.

    Args:
        examples: keeps one of each kind; several checks may share it.
    """

    def __init__(self, examples: Spilled[CheckResult]) -> None:
        self._examples = examples
        self._groups: dict[bytes, _Group] = {}  # by digest: most answers are nobody else's

    def add(self, student: Sequence[str], result: CheckResult) -> None:
        """One student's result; `student` has the names that they are known by."""
        if result.outcome in _SILENT:
            return
        key = hashlib.sha256(repr(_behaviour(result)).encode("utf-8", "replace")).digest()
        group = self._groups.get(key)
        if group is None:
            told = {k: v for k, v in result.evidence.items() if k in _TOLD}
            example = self._examples.append(structs.replace(result, evidence=told))
            group = self._groups[key] = _Group(example)
        group.count += 1
        if len(group.names) < MOST_PEOPLE:
            group.names.append(student)

    def found(self) -> WrongAnswers:
        """Those that are common, the most frequent first."""
        several = [
            (group, self._examples[group.example])
            for group in self._groups.values()
            if group.count >= _LEAST
        ]
        several.sort(key=lambda pair: (-pair[0].count, _behaviour(pair[1])))
        common = tuple(_answer(group, example) for group, example in several[:MOST_GROUPS])
        every = sum(group.count for group in self._groups.values())
        return WrongAnswers(common, every - sum(answer.count for answer in common))


def _behaviour(result: CheckResult) -> tuple[str, ...]:
    evidence = result.evidence
    raised = in_language(evidence.get("traceback"), "en").rstrip().rpartition("\n")[2]
    told = (result.message.en, in_language(evidence.get("got"), "en"), raised)
    return (result.outcome, *map(_plain, told))


@lru_cache(maxsize=4096)  # a class says the same again and again
def _plain(text: str) -> str:
    return _NUMBER.sub(lambda found: f"{float(found[0]):.3g}", text[:_MOST_CHARS])


def _answer(group: _Group, result: CheckResult) -> Answer:
    """An example of a group; who answers as one may name the other."""
    nameless = Nameless(group.names)
    asked, expected, got, first = (_both(result.evidence.get(key), nameless) for key in _KEYS)
    message = _both(result.message, nameless)
    return Answer(group.count, result.outcome, message, asked, expected, got, first)


def _both(value: Text | Mapping[str, Any] | str | None, nameless: Nameless) -> Text:
    shown = (defuse(in_language(value, lang), max_chars=_MOST_CHARS) for lang in ("en", "zh"))
    return Text(*map(nameless, shown))
