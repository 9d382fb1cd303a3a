"""A course that may be added to, and a way to migrate cells into it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.migration import Migrated, Request, migrate

from . import notebooks

TINY = Path(__file__).parents[1] / "courses" / "tiny"
Migrate = Callable[..., Migrated]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(TINY, tmp_path / "tiny")
    return tmp_path / "tiny"


@pytest.fixture
def run(root: Path, tmp_path: Path) -> Migrate:
    """Migrates a list of cells as the exercise `made`."""

    def migrated(cells: list[dict[str, Any]], tool: Any = None, **top: Any) -> Migrated:
        file = notebooks.write(tmp_path / "made.ipynb", cells, **top)
        return migrate(Request(file, root, tool))

    return migrated
