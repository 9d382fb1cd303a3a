"""`pytest --tutorial docs/`: every block of a document as a test, so that pages fail as code does.

The documents whose blocks were selected are run together when the first of them is due.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.errors import GraderError
from grader.text import preferred_language

if TYPE_CHECKING:
    from grader.tutorial.values import Block, Verdict

_VERDICTS = pytest.StashKey["dict[Path, tuple[Verdict, ...]]"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--tutorial`."""
    parser.getgroup("grader", "TensorFlow exercises").addoption(
        "--tutorial",
        action="store_true",
        help="also test the blocks of Markdown and notebook documents",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Takes every document, when asked to."""
    if not parent.config.getoption("--tutorial"):
        return None
    from grader.tutorial.reading import MARKDOWN, NOTEBOOK
    from grader.tutorial.repair import MARK

    if file_path.suffix.lower() not in MARKDOWN | NOTEBOOK or file_path.stem.endswith(MARK):
        return None
    found: pytest.Collector = DocumentFile.from_parent(parent, path=file_path)
    return found


class BlockFailed(Exception):
    """A block doesn't hold; its text says why."""


class DocumentFile(pytest.File):
    """One document."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its blocks that can be run."""
        from grader.tutorial.control import settings_for
        from grader.tutorial.reading import read_document

        try:
            document = read_document(self.path, settings_for(self.path))
        except GraderError as error:
            raise self.CollectError(str(error)) from None
        for block in document.blocks:
            if block.kind in ("code", "transcript"):
                yield BlockItem.from_parent(self, name=f"line-{block.line}", block=block)


class BlockItem(pytest.Item):
    """One block of a document."""

    def __init__(self, *, block: Block, **more: Any) -> None:
        super().__init__(**more)
        self.block = block

    def runtest(self) -> None:
        """Looks up what was found out of the block; the first to come has everything run."""
        verdict = _verdicts(self.session)[self.path][self.block.index]
        lang = preferred_language()
        if verdict.status == "skipped":
            pytest.skip(verdict.why.in_(lang))
        if verdict.status not in ("passed", "expected"):
            raise BlockFailed(_told(self.path, verdict, lang))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Only the words: the frames on the way there are the checker's."""
        if isinstance(excinfo.value, BlockFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """Where the block stands."""
        return self.path, self.block.line - 1, self.name


def _verdicts(session: pytest.Session) -> dict[Path, tuple[Verdict, ...]]:
    found = session.stash.get(_VERDICTS, None)
    if found is None:
        from grader.tutorial.flow import Request, Unfinished, check

        paths = dict.fromkeys(item.path for item in session.items if isinstance(item, BlockItem))
        try:
            report = check(Request(files=tuple(paths), jobs=os.cpu_count() or 1))
        except Unfinished as ended:  # Ctrl-C must end the session
            raise ended.__cause__ or ended from None
        found = {Path(checked.path): checked.verdicts for checked in report.checked}
        session.stash[_VERDICTS] = found
    return found


def _told(path: Path, verdict: Verdict, lang: str) -> str:
    from grader.defuse import defuse
    from grader.tutorial.results import fault_line

    lines = [f"{path.name}:{fault_line(verdict)}: {verdict.status}: {verdict.why.in_(lang)}"]
    if verdict.error is not None:
        lines.append(f"{verdict.error.type}: {verdict.error.message}")
    if verdict.status == "drifted" and verdict.claimed:
        lines += ["--- shown", verdict.claimed, "+++ came", verdict.got]
    for advice in verdict.advice:
        lines.append(f"{advice.line}: {advice.finding.rule}: {advice.finding.message.in_(lang)}")
    return defuse("\n".join(lines), max_chars=10_000)
