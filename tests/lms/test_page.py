"""The documentation shows what `grader intake` prints."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from grader.lms.show import tables

from .downloads import CODE, ONE, canvas, understood, write_zip

if TYPE_CHECKING:
    from grader.lms import Intake

PAGE = Path(__file__).parents[2] / "docs" / "lms.md"


def printed(intake: Intake) -> list[str]:
    """The lines, without spaces at their ends."""
    out = io.StringIO()
    Console(file=out, width=1000, highlight=False, markup=False).print(tables(intake))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_the_page_shows_what_comes(tmp_path: Path) -> None:
    """Line by line."""
    members = {
        canvas("Doe, Jane", 4242, 9001, "hw3.py", late=True): CODE,
        canvas("Doe, Jane", 4242, 9002, "plots.pdf", late=True): b"%PDF",
        canvas("Lee, Kim", 20, 9003): CODE,
        canvas("Lee, Kim", 20, 9005, "huber-1.py"): CODE,
        canvas("Roy, Lou", 21, 9006, "a.py"): CODE,
        canvas("Roy, Lou", 21, 9007, "b.py"): CODE,
        "readme.txt": b"",
    }
    lines = printed(understood(write_zip(tmp_path / "submissions.zip", members), ONE))
    block = PAGE.read_text("utf-8").split("```text\n")[1].split("```")[0]
    assert lines == block.splitlines()
