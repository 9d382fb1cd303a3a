"""Writes the statement: the notebook's Markdown in English, and a draft to be translated."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grader.migration.values import Cell, Ledger

_HEADING = re.compile(r"^#{1,6}[ \t]+(\S.*)$", re.MULTILINE)
_ANSWER = "YOUR ANSWER HERE"


def title_of(statements: Sequence[tuple[int, str]], otherwise: str) -> str:
    """The notebook's first heading as plain text."""
    for _, text in statements:
        if match := _HEADING.search(text[:20_000]):
            plain = re.sub(r"[`*_#]", "", match[1]).strip()
            return " ".join(plain.split())[:100] or otherwise
    return otherwise


def statement(
    statements: Sequence[tuple[int, str]], exercise: str, title: str, ledger: Ledger
) -> str:
    """README.md; the ledger learns of pictures, which aren't carried."""
    parts = []
    for number, text in statements:
        ledger.went(number, f"exercises/{exercise}/README.md")
        parts.append(text.strip("\n"))
    headed = bool(parts) and parts[0].lstrip().startswith("# ")
    head = [] if headed else [f"# {title}"]
    foot = (
        f"## Your file\n\nComplete `{exercise}.py`.\n\n## Check yourself\n\n"
        f"```sh\npytest exercises/{exercise}\n```"
    )
    return "\n\n".join([*head, *parts, foot]) + "\n"


def pictures(cells: Sequence[Cell], ledger: Ledger) -> None:
    """Tells of what is pasted into a cell and of files beside the notebook."""
    for cell in cells:
        if cell.kind != "markdown":
            continue
        if cell.attachments or "](attachment:" in cell.source:
            ledger.lost(cell.number, "pictures pasted into it; save them beside README.md")
        elif re.search(r"!\[[^\]\n]{0,300}\]\((?!https?:)[^)\n]", cell.source):
            ledger.remark(cell.number, "it shows a picture from a file; copy it beside README.md")


def draft(title: str, exercise: str) -> str:
    """README.zh.md, which says that it is to be written: nothing is translated by a machine."""
    return (
        f"# {title}（待翻译）\n\n"
        f"TODO：请把 `README.md` 译成中文。本页是 `grader migrate` 写下的占位文件。\n\n"
        f"## 任务\n\n补全 `{exercise}.py`。\n\n## 自查\n\n```sh\npytest exercises/{exercise}\n```\n"
    )
