"""What the author of a check imports; NumPy only, so that a check never runs TensorFlow itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from grader.asking import Gradient, Session, TraceLog, as_numpy, as_variable, fetch
from grader.compare import Why
from grader.drawing import by_epoch, curves, measured_slopes, reloaded, updates
from grader.errors import StudentError
from grader.expect import Expect
from grader.text import Text

__all__ = [
    "CheckInfo",
    "Expect",
    "Gradient",
    "Session",
    "StudentError",
    "Text",
    "TraceLog",
    "Why",
    "as_numpy",
    "as_variable",
    "by_epoch",
    "check",
    "curves",
    "fetch",
    "measured_slopes",
    "reloaded",
    "updates",
]

TOPICS = (
    "values", "gradient", "serialization", "retracing", "training", "interface", "graph", "data",
)  # fmt: skip
REVEALS = ("full", "question", "nothing")

_Function = TypeVar("_Function", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """What a check is worth and says about itself.

    Attributes:
        points: what passing it adds to the exercise's points.
        topic: one of the eight topics of the results contract.
        reveal: `full` shows question, expected and got; `question` leaves the numbers out;
            `nothing` shows only the hint.
        timeout: seconds of wall clock; None takes the course's default.
    """

    title: Text
    points: float
    topic: str
    hint: Text
    reveal: str = "full"
    timeout: float | None = None

    def __post_init__(self) -> None:
        if self.topic not in TOPICS:
            raise ValueError(f"topic {self.topic!r} isn't one of {', '.join(TOPICS)}")
        if self.reveal not in REVEALS:
            raise ValueError(f"reveal {self.reveal!r} isn't one of {', '.join(REVEALS)}")
        if not self.points > 0:
            raise ValueError("points must be positive")


def check(
    *,
    title: Text,
    points: float,
    topic: str,
    hint: Text,
    reveal: str = "full",
    timeout: float | None = None,
) -> Callable[[_Function], _Function]:
    """Marks a test function as a check; see `CheckInfo`.

    Raises:
        ValueError: an unknown topic or reveal level, or points that aren't positive.
    """
    mark: Any = pytest.mark.check(CheckInfo(title, points, topic, hint, reveal, timeout))
    decorator: Callable[[_Function], _Function] = mark
    return decorator
