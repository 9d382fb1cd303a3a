"""What a grader is to this benchmark: files to build, commands that grade, results to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

HERE = Path(__file__).parent
SIX_CHECKS = HERE / "six_checks.py"
EXERCISE = "huber6"
CHECKS = ("values", "gradient", "config", "reload", "retrace", "fit")

# The variants of `solutions/huber` that a class is made of, in turn, and what each fails.
KINDS: Mapping[str, tuple[str, ...]] = {
    "right_clipped_error": (),
    "wrong_square_without_half": CHECKS,
    "right_keras_ops": (),
    "wrong_config_lacks_threshold": ("config", "reload"),
}


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's program.

    Attributes:
        kind: the variant that it is.
    """

    student: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a grader.

    Attributes:
        argv: `{python}` stands for the Python of the grader's environment.
        statuses: those that say it did its work.
    """

    argv: tuple[str, ...]
    cwd: Path
    statuses: tuple[int, ...] = (0,)


Failures = dict[str, tuple[str, ...]]
"""The checks that each student failed, in the order of `CHECKS`."""


class Form(Protocol):
    """A grader's way to run the six checks on a class.

    Attributes:
        name: as in the table.
        environment: the name of the virtual environment it runs in; empty: that of this project.
        does: what it does, in one sentence.
    """

    name: str
    environment: str
    does: str

    def build(self, folder: Path, submissions: Sequence[Submission]) -> None:
        """Writes the assignment and the class into an empty folder."""

    def setup(self, folder: Path) -> list[Command]:
        """What is done once for an assignment, whoever hands in; it isn't measured."""

    def commands(self, folder: Path, submissions: Sequence[Submission]) -> list[Command]:
        """What grades the class; this is measured."""

    def failures(self, folder: Path, submissions: Sequence[Submission]) -> Failures:
        """What came of it."""


def make_class(size: int, batch: str) -> list[Submission]:
    """`size` submissions, the kinds in turn; `batch` makes them differ from every other batch."""
    variants = HERE.parents[2] / "solutions" / "huber" / "variants"
    sources = {kind: (variants / f"{kind}.py").read_text("utf-8") for kind in KINDS}
    made = []
    for number in range(size):
        kind = list(KINDS)[number % len(KINDS)]
        source = f"{sources[kind]}\n# {batch}, number {number}\n"
        made.append(Submission(f"student-{number:03}", kind, source))
    return made


def in_order(failed: Sequence[str]) -> tuple[str, ...]:
    """The same names in the order of `CHECKS`."""
    return tuple(name for name in CHECKS if name in failed)


def write(file: Path, text: str) -> None:
    """Writes a file and the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
