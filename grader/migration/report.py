"""Tells what became of every cell: MIGRATION.md beside the solution, and a table for a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from grader.defuse import defuse, defuse_line
from grader.migration.checks import Check
from grader.migration.values import Manual, Outcome

_WORDS = {"mapped": "mapped", "partly": "partly", "not": "NOT"}
_MAX_SOURCE = 20_000


def migration_page(
    notebook: str, outcomes: Sequence[Outcome], todo: Sequence[str], checks: Sequence[Check]
) -> str:
    """MIGRATION.md: what is left to do, the checks, every cell, the text of what isn't whole."""
    counts = {state: sum(1 for o in outcomes if o.state == state) for state in _WORDS}
    lines = [
        f"# Migrated from {_cell(notebook)}",
        "",
        f"{len(outcomes)} cells: {counts['mapped']} mapped, {counts['partly']} partly, "
        f"{counts['not']} not. Staff only: this page quotes solutions and tests.",
        "",
        "## Left to do",
        "",
        *(f"- [ ] {_cell(item)}" for item in todo),
        "",
        "## Checks",
        "",
        "| grade id | check | points | |",
        "| --- | --- | --- | --- |",
        *(
            f"| {_cell(c.name)} | `{c.id}` | {c.points:g} |"
            f" {'not migrated: fails until it is written' if c.missed else ''} |"
            for c in checks
        ),
        "",
        "## Every cell",
        "",
        "| cell | kind | | where it is now | what is not as it was |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {o.cell.number} | {o.cell.kind} | {_WORDS[o.state]} |"
            f" {_cell('; '.join(o.where))} | {_cell('; '.join([*o.lost, *o.remarks]))} |"
            for o in outcomes
        ),
        "",
    ]
    for outcome in outcomes:
        if outcome.state != "mapped":
            lines += [f"## Cell {outcome.cell.number}", "", *_quoted(outcome.cell.source), ""]
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Text in a cell of a table: one line, nothing that Markdown would take for markup."""
    line = defuse_line(text, max_chars=1500)
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", line)


def _quoted(source: str) -> list[str]:
    """A fenced block that no text ends early."""
    text = defuse(source, max_chars=_MAX_SOURCE)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, *text.split("\n"), fence]


def table(outcomes: Sequence[Outcome]) -> Table:
    """The same for a terminal, one row a cell."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("cell", "kind", "", "where", "what is not as it was"):
        shown.add_column(heading, overflow="fold")
    for o in outcomes:
        why = "; ".join([*o.lost, *o.remarks])
        shown.add_row(
            *(str(o.cell.number), o.cell.kind, Text(_WORDS[o.state])),
            Text(defuse_line("; ".join(o.where), max_chars=300)),
            Text(defuse_line(why, max_chars=600)),
        )
    return shown


def left_to_do(
    outcomes: Sequence[Outcome],
    checks: Sequence[Check],
    manual: Sequence[Manual],
    foreign: Sequence[str],
    exercise: str,
) -> tuple[str, ...]:
    """What staff still have to do, most urgent first."""
    todo = [
        f"{check.id}: write {len(check.missed)} statement(s) by hand; the check fails until then"
        for check in checks
        if check.missed
    ]
    todo += [
        f"cell {m.cell}, {m.name}: {m.what}, {m.points:g} points; grade it by hand" for m in manual
    ]
    by_hand = {m.cell for m in manual}
    todo += [
        f"cell {o.cell.number}: {'; '.join(o.lost)}"
        for o in outcomes
        if o.state == "partly" and o.cell.number not in by_hand | {c.cell for c in checks}
    ]
    todo += [f"install {name} for the grader, or take it out" for name in foreign]
    todo += [
        f"cell {o.cell.number}: not carried over: {'; '.join(o.lost)}"
        for o in outcomes
        if o.state == "not" and o.cell.number not in by_hand
    ]
    return (
        *todo,
        f"exercises/{exercise}/README.zh.md and the titles and hints of the checks: translate them",
        f"solutions/{exercise}/variants: write right and wrong ones; `grader audit {exercise}`"
        " judges the checks by them",
    )
