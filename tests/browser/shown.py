"""Every type of page that the grader writes, in both languages, made of the tests' samples."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from grader.audit.run import Audit
from grader.audit.values import Case, ExerciseAudit, Hole, Kind, Mutant, Subject
from grader.report import write_report
from grader.report.audit_page import write_audit
from grader.report.slugs import slug
from grader.report.strings import LANGUAGES
from grader.report.tutorial_page import write_tutorial
from grader.text import Text

from ..report.sample import HUBER, STUDENTS, graded, marked, sample
from ..tutorial.samples import report as tutorial

FAILING, PASSING = STUDENTS[1], "ada"


@dataclass(frozen=True, slots=True)
class Shown:
    """A page; its `kind` is what `KINDS` calls it."""

    kind: str
    lang: str
    path: Path

    def __str__(self) -> str:
        return f"{self.kind}-{self.lang}"


KINDS = {
    "class": "report/index",
    "failures": f"report/students/{slug(FAILING)}",
    "passed": f"report/students/{slug(PASSING)}",
    "exercise": f"report/exercises/{slug(HUBER.id)}",
    "audit": "audit/index",
    "documents": "tutorial/index",
    "document": f"tutorial/documents/{slug(tutorial().checked[0].path)}",
}
"""The page types, and where each is written, but for the suffix of its language."""


def shown(folder: Path) -> tuple[Shown, ...]:
    """All the pages, where `write_all` puts them."""
    return tuple(
        Shown(kind, lang, folder / f"{stem}{'.html' if lang == 'en' else f'.{lang}.html'}")
        for kind, stem in KINDS.items()
        for lang in LANGUAGES
    )


def write_all(folder: Path) -> tuple[Shown, ...]:
    """Writes the reports; the pages to look at."""
    class_ = marked()
    specs = {spec.id: spec for spec in class_.exercises}
    rows = tuple(
        graded(PASSING, specs[row.exercise]) if row.student == PASSING else row
        for row in class_.results
    )
    write_report(dataclasses.replace(class_, results=rows), folder / "report")
    write_audit(audit(), folder / "audit")
    write_tutorial(tutorial(), folder / "tutorial")
    return shown(folder)


def audit() -> Audit:
    """An audit with holes, mutants that were noticed, one that is equivalent, and a survivor."""

    def case(kind: Kind, name: str, failed: str = "", fails: str = "", seed: int = 1) -> Case:
        outcomes = {
            spec.id: "failed" if spec.id in failed.split() else "passed" for spec in HUBER.checks
        }
        title = Text(f"What {name} does wrong", f"{name} 的错误")
        subject = Subject(name, kind, title, frozenset(fails.split()))
        return Case(subject, seed, outcomes, {}, 0.4, "", name)

    every = " ".join(spec.id for spec in HUBER.checks)
    cases = (
        case("reference", "reference"),
        case("stub", "stub", every, every),
        case("right", "right_where"),
        case("wrong", "wrong_threshold_ignored", "test_threshold", "test_threshold"),
        case("wrong", "wrong_no_config", "", "test_reload"),
    )
    holes = (
        Hole(
            "wrong_no_config",
            "test_reload",
            Text("should fail, but passes (seed 1)", "应未通过，却通过了（种子 1）"),
        ),
        Hole("", "", Text("line 7: no check notices `<=`", "第 7 行：没有检查项发现 `<=`")),
    )
    mutants = (
        Mutant("Lt_LtE", 7, "small = tf.abs(error) < t", "small = tf.abs(error) <= t", ()),
        Mutant("Add_Sub", 8, "return a + b", "return a - b", ("test_values", "test_gradient")),
        Mutant("Div_Mul", 9, "x / 1", "x * 1", (), "division by one"),
    )
    huber = ExerciseAudit("huber", HUBER.title, HUBER.checks, cases, holes, mutants)
    return Audit(sample().run, (huber,))
