"""The sample class, written once; its pages as trees by file name."""

from pathlib import Path

import pytest

from grader.report import write_report

from .pages import Node, read
from .sample import sample


@pytest.fixture(scope="session")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample's report."""
    folder = tmp_path_factory.mktemp("report")
    assert write_report(sample(), folder) == folder / "index.html"
    return folder


@pytest.fixture(scope="session")
def pages(out: Path) -> dict[str, Node]:
    """Every page of it, by path relative to the folder."""
    return {
        path.relative_to(out).as_posix(): read(path.read_text(encoding="utf-8"))
        for path in sorted(out.rglob("*.html"))
    }
