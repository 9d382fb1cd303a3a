"""`grader watch`: the self-check anew at every save."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

import click

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("files", metavar="[FILE|DIR]...", nargs=-1, type=_PATH)
@click.option("--course", type=_PATH, default=Path(), help="The course; default: here.")
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Language of the messages.")
@click.option("--quiet", is_flag=True, help="Only the exit status.")
def watch(files: tuple[Path, ...], course: Path, lang: str | None, quiet: bool) -> None:
    """Check your own work at every save, from a process that has TensorFlow loaded.

    Without a file it goes through the course in its order: it waits at the first
    exercise that isn't done, and goes on to the next when it is.

    \b
    Examples:
        grader watch                                  the whole course, exercise by exercise
        grader watch exercises/huber                  one exercise
        grader watch ~/Downloads/huber.py             a file that lies elsewhere

    Ctrl-C ends it. Exit status 0 if everything that is watched passed when it was
    checked last, 1 if not (without a file that is the whole course).
    """
    from grader.selfcheck import find_course
    from grader.text import preferred_language
    from grader.watch import words
    from grader.watch.loop import Watcher
    from grader.watch.show import Screen

    screen = Screen(lang or preferred_language(), quiet=quiet)
    watcher = Watcher(find_course(course, files), files, screen)
    for name in ("SIGTERM", "SIGHUP"):  # a closed terminal ends it as Ctrl-C does
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    try:
        watcher.watch()
    except KeyboardInterrupt:
        screen.say(words.stopped(watcher.passing, watcher.total))
    except BrokenPipeError:  # whoever read it is gone; nothing more can be said
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(0 if watcher.passing == watcher.total else 1)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
