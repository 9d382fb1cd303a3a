"""Hands a student's files in, in a temporary directory, and collects them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.submissions import collect, find_students

from .handins import SYMBOLS

if TYPE_CHECKING:
    from pathlib import Path

    from grader.submissions import Submission

    from .handins import HandIn


@pytest.fixture
def hand_in(tmp_path: Path) -> HandIn:
    """`hand_in({path: bytes})` collects a directory, `hand_in(bytes)` a zip: exercise to result."""

    def run(
        files: dict[str, bytes] | bytes, symbols: dict[str, tuple[str, ...]] | None = None
    ) -> dict[str, Submission]:
        root = tmp_path / "class"
        root.mkdir(exist_ok=True)
        if isinstance(files, bytes):
            (root / "ada.zip").write_bytes(files)
        else:
            (root / "ada").mkdir()
            for name, data in files.items():
                path = root / "ada" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        (student,) = find_students(root)
        return {found.exercise: found for found in collect(student, symbols or SYMBOLS)}

    return run
