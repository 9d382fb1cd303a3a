"""The form that the answer to each probe has; any other was not made by our probes.

A student's code could have replaced a probe, so forms are checked before a check's own code meets
them: a forged answer must end as the student's fault, and never as an exception in a check.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from grader.errors import Forbidden
from grader.text import Text


def _forged() -> NoReturn:
    raise Forbidden(
        Text(
            "the program tampered with the grader's probes: an answer came back in a form that they"
            " never give",
            "程序篡改了评分探针：返回了探针从不给出的形式",
        )
    )


def gradient(answer: Any) -> tuple[Any, tuple[NDArray[Any] | None, ...]]:
    """(value, gradients)."""
    match answer:
        case [value, [*grads]] if all(g is None or isinstance(g, np.ndarray) for g in grads):
            return value, tuple(grads)
    _forged()


def traces(answer: Any) -> list[tuple[str, int, Mapping[str, int], int]]:
    """(name, line, operation counts, number of the request) of each tracing."""
    found: list[tuple[str, int, Mapping[str, int], int]] = []
    for event in answer if type(answer) is list else _forged():
        match event:
            case [str(name), int(line), dict(ops), int(request)] if all(
                type(n) is int for n in ops.values()
            ):
                found.append((name, line, ops, request))
            case _:
                _forged()
    return found


def arrays(answer: Any) -> list[NDArray[Any]]:
    """The values of variables."""
    if type(answer) is list and all(isinstance(item, np.ndarray) for item in answer):
        return answer
    _forged()


def elements(answer: Any, count: int | None = None) -> list[Any]:
    """What a dataset yields, or `count` calls return; each may be anything."""
    if type(answer) is list and count in (None, len(answer)):
        return answer
    _forged()


def names(answer: Any) -> list[str]:
    """Names of parameters, or of files."""
    if type(answer) is list and all(type(item) is str for item in answer):
        return answer
    _forged()


def file(answer: Any) -> bytes:
    """A file: a saved model, or whatever else was written."""
    if type(answer) is bytes:
        return answer
    _forged()
