"""What a check has to tell, as labelled texts in the order in which a student reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.defuse import defuse
from grader.report.markup import in_language, tail
from grader.results import CheckResult
from grader.text import Text

_LABELS = {
    "asked": Text("Asked", "要求"),
    "expected": Text("Expected", "期望"),
    "got": Text("Got", "实际"),
    "first_difference": Text("First difference", "首处差异"),
    "traceback": Text("Where in your code", "出错位置（你的代码）"),
    "output": Text("What your program printed", "程序输出"),
}
_VERBATIM = {"expected", "got", "first_difference", "traceback", "output"}
_HINT = Text("Hint", "提示")
_DIAGNOSIS = Text(
    "Your code behaves exactly like this known mistake", "你的代码与这种常见错误的行为完全一致"
)
_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and a text: `verbatim` is what a program wrote, everything else a sentence."""

    label: str
    text: str
    verbatim: bool


def facts(check: CheckResult, lang: str) -> Iterator[Fact]:
    """Diagnosis, hint and evidence of `check` in `lang`, bounded, without what is empty."""
    if check.diagnosis is not None:
        yield from _fact(_DIAGNOSIS, in_language(check.diagnosis.title, lang), lang)
    yield from _fact(_HINT, in_language(check.hint, lang), lang)
    for key, label in _LABELS.items():
        text = in_language(check.evidence.get(key), lang)
        cut = tail(text) if key == "output" else text
        yield from _fact(label, cut, lang, verbatim=key in _VERBATIM)


def _fact(label: Text, text: str, lang: str, *, verbatim: bool = False) -> Iterator[Fact]:
    clean = defuse(text, max_chars=_CHARS).strip("\n")
    if clean.strip():
        yield Fact(label.in_(lang), clean, verbatim)


def as_text(fact: Fact) -> str:
    """The fact for a reader that knows no markup."""
    mark = ":\n" if "\n" in fact.text else ": "
    return f"{fact.label}{mark}{fact.text}"
