"""The audit's pages and its few lines for a terminal, in the house style of the reports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.report import strings
from grader.report.markup import duration, in_language, moment, printable, sentence
from grader.report.names import Names
from grader.results import write_atomically
from grader.text import Text

if TYPE_CHECKING:
    from grader.audit.run import Audit
    from grader.audit.values import Case, ExerciseAudit

WORDS = {
    "title": Text("Audit of the checks", "检查项审计"),
    "why": Text(
        "Programs whose verdict is known beforehand are graded as students are. A hole is a check"
        " that misses a mistake, or calls right work wrong.",
        "把结论已知的程序当作学生提交来评分。所谓漏洞，是检查项放过了错误，或冤枉了正确的程序。",
    ),
    "no_holes": Text("No holes.", "没有漏洞。"),
    "holes": Text("Holes: {n}", "漏洞：{n} 处"),
    "exercise": Text("Exercise", "练习"),
    "checks": Text("Checks", "检查项"),
    "right": Text("Right variants", "正确变体"),
    "wrong": Text("Wrong variants", "错误变体"),
    "told_apart": Text("Wrong variants told apart", "能区分开的错误变体"),
    "seeds": Text("Seeds of the reference", "参考答案的种子数"),
    "mutants": Text("Mutants noticed or equivalent", "被发现或等价的变异体"),
    "program": Text("Program", "程序"),
    "as_expected": Text("as expected", "符合预期"),
    "fails": Text("fails", "未通过"),
    "passes": Text("passes", "通过"),
    "hole": Text("hole", "漏洞"),
    "hole_count": Text("Holes", "漏洞"),
    "subject": Text("Program or check", "程序或检查项"),
    "what": Text("What is wrong", "问题"),
    "line": Text("Line", "行"),
    "was": Text("Before", "原来"),
    "now": Text("After", "改为"),
    "noticed_by": Text("Noticed by", "由谁发现"),
    "equivalent": Text("the same program: {reason}", "等价：{reason}"),
    "nobody": Text("nobody", "无"),
    "lent": Text(
        "{lent} of {results} results were taken from another program in which everything that the"
        " check gets to see is the same.",
        "{results} 个结果中有 {lent} 个取自另一个程序：检查所能触及的部分在两者中完全相同。",
    ),
    "matrix": Text("Programs and checks", "程序与检查项"),
    "legend": Text(
        "✓ passes, ✗ fails, both as expected; ! is a hole. At several seeds the worst is shown.",
        "✓ 通过，✗ 未通过，均符合预期；! 表示漏洞。多个种子时显示最差的结果。",
    ),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One program of the matrix: its worst case over the seeds, check by check."""

    name: str
    title: Text
    cells: tuple[tuple[str, str], ...]  # (mark, word), in the order of the checks


def lines(exercise: ExerciseAudit) -> tuple[Line, ...]:
    """The matrix of one exercise, a line for each program."""
    by_name: dict[str, list[Case]] = {}
    for case in exercise.cases:
        by_name.setdefault(case.subject.name, []).append(case)
    return tuple(
        Line(
            cases[0].subject.name,
            cases[0].subject.title,
            tuple(_cell(cases, check.id) for check in exercise.checks),
        )
        for cases in by_name.values()
    )


def _cell(cases: list[Case], check: str) -> tuple[str, str]:
    must_fail = check in cases[0].subject.fails
    if any(case.problem or (check in case.failed) != must_fail for case in cases):
        return "!", "hole"
    return ("✗", "fails") if must_fail else ("✓", "passes")


def write_audit(audit: Audit, out: Path) -> Path:
    """Writes `audit.json` and the page in every language; the path of `index.html`.

    Raises:
        UsageError: the folder can't be written.
    """
    write_atomically(out / "audit.json", audit.to_json())
    names = Names()
    for lang in reversed(names.languages):  # index.html last
        text = (
            _environment(lang)
            .get_template("audit.html.j2")
            .render(page="index", run=audit.run, audit=audit)
        )
        write_atomically(out / names.file("index", lang), text)
    return out / "index.html"


def audit_lines(audit: Audit) -> list[str]:
    """What a terminal shows: a line per exercise, then every hole."""
    said = []
    for exercise in audit.exercises:
        kinds = [case.subject for case in exercise.cases]
        right = len({s.name for s in kinds if s.kind == "right"})
        wrong = len({s.name for s in kinds if s.kind == "wrong"})
        mutants = ""
        if exercise.mutants is not None:
            mutants = f", {len(exercise.mutants)} mutants ({exercise.killed:.0%} noticed)"
        said.append(
            f"{exercise.id}: {len(exercise.checks)} checks, {right} right and {wrong} wrong"
            f" variants ({wrong - len(exercise.nameless)} told apart){mutants},"
            f" {exercise.results - exercise.lent} of {exercise.results} results by a run:"
            f" {len(exercise.holes) or 'no'} hole(s)"
        )
        for hole in exercise.holes:
            where = " ".join(word for word in (hole.subject, hole.check) if word)
            said.append(f"  {where + ': ' if where else ''}{printable(hole.text.en)}")
    return said


def _environment(lang: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("grader.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        say=lambda value: sentence(in_language(value, lang)),
        inlang=partial(in_language, lang=lang),
        moment=moment,
        duration=duration,
    )
    environment.globals.update(
        lang=lang,
        s={**strings.strings(lang), **{name: text.in_(lang) for name, text in WORDS.items()}},
        tags=strings.TAGS,
        switch=Names().switch,
        lines=lines,
    )
    return environment
