"""What `grader watch` shows: on a terminal the latest verdict alone, elsewhere all of them."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import datetime

import click

from grader.defuse import defuse_line
from grader.text import Text


class Screen:
    """Where verdicts are shown.

    Args:
        quiet: shows nothing.
    """

    def __init__(self, lang: str, *, quiet: bool) -> None:
        self.lang = lang
        self._quiet = quiet
        self._terminal = sys.stdout.isatty()
        self._waiting = False
        self.colour = self._terminal and not os.environ.get("NO_COLOR")

    @property
    def columns(self) -> int:
        """How wide it is."""
        return shutil.get_terminal_size().columns

    def say(self, text: Text | str) -> None:
        """Lines that stay until the next verdict."""
        if self._quiet:
            return
        self._forget_waiting()
        words = text if isinstance(text, str) else text.in_(self.lang)
        click.echo(words.rstrip("\n"), color=self.colour)

    def wait_for(self, text: Text) -> None:
        """A line that is shown on a terminal only, until something else is."""
        if self._terminal and not self._quiet:
            self._forget_waiting()
            click.echo(defuse_line(text.in_(self.lang)), nl=False)
            self._waiting = True

    def _forget_waiting(self) -> None:
        if self._waiting:
            self._waiting = False
            click.echo("\r\x1b[K" if self.colour else "", nl=not self.colour, color=self.colour)

    def turn_over(self, name: str) -> None:
        """Begins a new page, on a terminal with colours; elsewhere a line with the time."""
        if self._quiet:
            return
        if self.colour:
            self._waiting = False
            click.clear()
            return
        self._forget_waiting()
        click.echo(f"\n── {datetime.now():%H:%M:%S} {defuse_line(name)} ──")
