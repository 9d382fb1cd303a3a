"""Shows long work getting on: a bar on a terminal, one line per finished unit elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text as Styled

from grader.defuse import defuse_line
from grader.results import Row


def warn(text: str) -> None:
    """One line about something that was mended and that staff should know of, also with --quiet."""
    # Asked for when it is written: a progress bar takes the place of this stream while it shows.
    print(f"grader: warning: {defuse_line(text, max_chars=600)}", file=sys.stderr)


class Shown:
    """A context manager; `begin` and `row` are what grading calls, other work `begin` and `line`.

    Args:
        quiet: show nothing.
        doing: what the bar says is being done.
    """

    def __init__(self, *, quiet: bool, doing: str = "grading") -> None:
        self._console = Console(stderr=True, quiet=quiet)
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        if self._console.is_terminal and not quiet:
            self._bar = Progress(
                TextColumn(doing),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.description}", markup=False),  # a student's name is text
                console=self._console,
                transient=True,
            )

    def __enter__(self) -> Shown:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, total: int) -> None:
        """The work starts; `total` units are to come."""
        if self._bar is not None:
            if self._task is not None:  # all over again, such as with a new store
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task("", total=total)

    def row(self, row: Row) -> None:
        """A row is complete."""
        if self._bar is None and self._console.quiet:
            return
        self.line(f"{defuse_line(row.student, max_chars=60)}  {row.exercise}  {_score(row)}")

    def line(self, said: str) -> None:
        """A unit is complete, of which this is to be said."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, advance=1, description=said)
        elif not self._console.quiet:  # which would lay the line out all the same
            # A student's name is text, never markup of the console's.
            self._console.print(Styled(said), highlight=False, soft_wrap=True)


def _score(row: Row) -> str:
    if row.status != "graded":
        return row.status if row.counts == row.points else f"{row.status}, counts {row.counts:g}"
    odd = sorted({c.outcome for c in row.checks} - {"passed", "failed", "not_run"})
    cached = " (known from before)" if row.cached else ""
    checks = f" (checks: {row.points:g})" if row.counts != row.points else ""
    points = f"{row.counts:g}/{row.max_points:g}{checks}"
    return points + (f" {', '.join(odd)}" if odd else "") + cached
