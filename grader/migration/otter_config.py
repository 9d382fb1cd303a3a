"""Reads what otter keeps as YAML: configurations of assignment, question and test, and points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from grader.errors import UsageError

MAX_CHARS = 20_000
"""Of one configuration: YAML's parser is slow, and people write a few lines."""


def config(text: str, cell: int) -> dict[str, Any]:
    """The mapping in `text`; empty where there is none.

    Raises:
        UsageError: not YAML, something else than a mapping, or absurdly long.
    """
    if len(text) > MAX_CHARS:
        raise UsageError(f"cell {cell}: a configuration of {len(text)} characters; shorten it")
    try:
        read = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UsageError(f"cell {cell}, line {line}: not YAML: {error.problem}; mend it") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UsageError(f"cell {cell}: not YAML ({type(error).__name__}); mend it") from None
    if read is None:
        return {}
    if not isinstance(read, dict):
        raise UsageError(f"cell {cell}: its configuration isn't `key: value` lines; mend it")
    return {str(key): value for key, value in read.items()}


def plain(value: Any) -> str:
    """A text or a number as text; "" for anything else, which aliases can make endlessly large."""
    if isinstance(value, str):
        return value[:500]
    return "" if number(value) is None else f"{value:g}"


def number(value: Any) -> float | None:
    """`value` as points; None where it isn't a number of them."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        return None
    return float(value)


def shares(points: Any, own: Sequence[float | None], cell: int) -> list[float]:
    """The points of each of a question's tests, as otter resolves them.

    Args:
        points: the question's `points`: a number, a list, `{each: number}`, or None.
        own: what each test's own configuration says.

    Raises:
        UsageError: lists that don't fit, or more points in the tests than in the question.
    """
    if isinstance(points, dict):
        each = number(points.get("each", 1))
        points = None if each is None else each * len(own)
    if isinstance(points, list):
        if len(points) != len(own):
            raise UsageError(
                f"cell {cell}: {len(points)} points for {len(own)} tests; give each test its points"
            )
        own, points = [number(value) for value in points], None
    total = number(points)
    given = sum(value for value in own if value is not None)
    rest = sum(1 for value in own if value is None)
    if total is None:
        each = 1 / len(own) if rest and not given else 0.0
    elif given > total:
        raise UsageError(
            f"cell {cell}: its tests have {given:g} points, the question {total:g}; make them agree"
        )
    else:
        each = (total - given) / rest if rest else 0.0
    return [each if value is None else value for value in own]
