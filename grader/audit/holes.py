"""From what was graded to what the checks miss: each hole a sentence that names the mend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from grader.audit.values import Case, Hole, Mutant, nameless
from grader.results import CheckSpec
from grader.text import Text

LEAST_RIGHT, LEAST_WRONG = 3, 6
"""Variants that an exercise needs, so that the matrix says something."""
LEAST_NAMED = 0.8
"""The share of an exercise's wrong variants that a diagnosis can tell from all others.

Not all of them: those that use a forbidden shortcut are told so in the same words.
"""


def find(specs: Sequence[CheckSpec], cases: Sequence[Case]) -> tuple[Hole, ...]:
    """All holes that the cases of one exercise show, the reference's first."""
    return (
        *(hole for case in cases for hole in _disagreements(case)),
        *_unfailed(specs, cases),
        *_too_few(cases),
        *_alike(cases),
    )


def of_mutants(mutants: Iterable[Mutant]) -> tuple[Hole, ...]:
    """One hole for each mutant that nobody noticed."""
    return tuple(
        Hole(
            "mutant",
            "",
            Text(
                f"line {mutant.line}: no check notices `{mutant.now}` in place of `{mutant.was}`;"
                " add a check that does, or enter it in equivalent.toml with the reason",
                f"第 {mutant.line} 行：没有检查能发现把 `{mutant.was}` 改成 `{mutant.now}`；"
                "请补充检查，或在 equivalent.toml 中登记并说明理由",
            ),
        )
        for mutant in mutants
        if mutant.survived
    )


def _disagreements(case: Case) -> Iterator[Hole]:
    subject = case.subject
    at = f" (seed {case.seed})"
    if case.problem:
        yield Hole(
            subject.name,
            "",
            Text(f"can't be graded: {case.problem}", f"无法评分：{case.problem}"),
        )
        return
    for name in sorted(case.failed - subject.fails):
        said = case.messages.get(name, "")[:300]
        outcome = case.outcomes[name]
        yield Hole(
            subject.name,
            name,
            Text(f"should pass, but: {outcome}{at}: {said}", f"应通过，实为 {outcome}{at}：{said}"),
        )
    for name in sorted(subject.fails - case.failed):
        known = name in case.outcomes
        yield Hole(
            subject.name,
            name,
            Text(f"should fail, but passes{at}", f"应失败，却通过了{at}")
            if known
            else Text("names a check that isn't there", "所列的检查不存在"),
        )


def _unfailed(specs: Sequence[CheckSpec], cases: Sequence[Case]) -> Iterator[Hole]:
    wrong = [case for case in cases if case.subject.kind == "wrong"]
    caught = {name for case in wrong for name in case.failed}
    for spec in specs:
        if spec.id not in caught:
            yield Hole(
                "",
                spec.id,
                Text(
                    "no wrong variant fails it: write one that does, or leave the check out",
                    "没有任何错误变体未通过它：请写一个，或删去这项检查",
                ),
            )


def _alike(cases: Sequence[Case]) -> Iterator[Hole]:
    wrong = {case.subject.name for case in cases if case.subject.kind == "wrong"}
    alike = nameless(cases)
    if len(wrong) - len(alike) < LEAST_NAMED * len(wrong):
        names = ", ".join(alike)
        yield Hole(
            "",
            "",
            Text(
                f"{len(alike)} of {len(wrong)} wrong variants can't be told from others by what the"
                f" checks say, so students won't be told their names: {names}; ask what they differ"
                " in, or leave some out",
                f"{len(wrong)} 个错误变体中有 {len(alike)} 个无法凭检查结果与其他变体区分，"
                f"因此学生看不到对应的误解名称：{names}；请增加能区分它们的问题，或删去一些",
            ),
        )


def _too_few(cases: Sequence[Case]) -> Iterator[Hole]:
    names = {kind: set[str]() for kind in ("right", "wrong")}
    for case in cases:
        names.setdefault(case.subject.kind, set()).add(case.subject.name)
    for kind, least in (("right", LEAST_RIGHT), ("wrong", LEAST_WRONG)):
        if len(names[kind]) < least:
            yield Hole(
                "",
                "",
                Text(
                    f"{len(names[kind])} {kind} variants; at least {least} are needed",
                    f"{kind} 变体只有 {len(names[kind])} 个，至少需要 {least} 个",
                ),
            )
