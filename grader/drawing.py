"""Pictures for failing comparisons: what a check hands to `expect` as `picture=lambda: …`.

A picture is drawn only when its comparison has failed, and never decides anything: whatever goes
wrong while it is drawn, the student reads the same sentence, without a picture. It may ask the
student's module at most two more things.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from grader.asking import TraceLog
from grader.results.pictures import Picture, Role, Series, from_evidence, series, to_evidence
from grader.text import Text
from grader.wire import Marked, Path

Draw = Callable[[], Picture | None]

NAMES: dict[Role, Text] = {
    "yours": Text("yours", "你的结果"),
    "expected": Text("expected", "期望"),
    "measured": Text("slope of your own values", "由你的函数值求出的斜率"),
    "before": Text("before saving", "保存前"),
    "after": Text("after loading", "加载后"),
}
_EPOCH = Text("epoch", "周期")
_MOST_BARS = 12


def evidence(draw: Draw | None) -> dict[str, Any]:
    """The entry of a check's evidence that holds the picture; none where it can't be drawn.

    Numbers and exceptions are the student's, so any of them is expected here.
    """
    if draw is None:
        return {}
    try:
        with np.errstate(all="ignore"):
            picture = draw()
        found = {"pictures": to_evidence([picture] if picture is not None else [])}
        return found if from_evidence(found) else {}
    except Exception:  # the verdict stands, whatever the drawing ran into
        return {}


def curves(x: ArrayLike, *, title: Text, x_label: Text, y_label: Text, **numbers: Any) -> Picture:
    """Numbers along `x`, by whose they are: `yours`, `expected`, `measured`, `before`, `after`.

    Raises:
        ValueError: numbers that aren't one for each `x`.
    """
    places = np.asarray(x, "float64")
    drawn = [_curve(places, role, numbers[role]) for role in NAMES if numbers.get(role) is not None]
    return Picture("lines", title, x_label, y_label, drawn)


def measured_slopes(
    function: Callable[[NDArray[Any]], Any], x: NDArray[Any], *, every: int = 4
) -> NDArray[Any]:
    """Slopes of a function of single numbers, central differences of its own values.

    One question, about every so many of `x`; NaN for the others, so that single dots are drawn.
    The step is eps^(1/3) * max(1, |x|), as in `expect.slopes`.
    """
    some = x[::every]
    step = (np.finfo(x.dtype).eps ** (1 / 3) * np.maximum(1, np.abs(some))).astype(x.dtype)
    above, below = some + step, some - step
    values = np.asarray(function(np.concatenate([above, below])))
    if values.shape != (2 * some.size,):
        raise ValueError(f"{values.shape} values at {2 * some.size} places")
    wide = values.astype("float64")
    slopes = np.full(x.shape, np.nan)
    slopes[::every] = (wide[: some.size] - wide[some.size :]) / (above.astype("float64") - below)
    return slopes


def by_epoch(
    title: Text, yours: Any, expected: Any = None, *, y_label: Text | None = None
) -> Picture:
    """A number for each epoch, such as the loss."""
    return curves(
        np.arange(1, np.size(yours) + 1),
        title=title,
        x_label=_EPOCH,
        y_label=y_label or Text("loss", "损失"),
        yours=yours,
        expected=expected,
    )


def updates(
    title: Text, start: Mapping[str, Any], yours: Mapping[str, Any], expected: Mapping[str, Any]
) -> Picture:
    """How far each variable has moved from its start, and how far it should have.

    What counts is the way along the expected direction, so that a step uphill is negative; where no
    change is expected, any counts.
    """
    wanted = {name: np.subtract(expected[name], start[name], dtype="float64") for name in start}
    moved = {name: np.subtract(yours[name], start[name], dtype="float64") for name in start}
    return _bars(
        title,
        [name.replace("`", "") for name in start],
        Text("variable", "变量"),
        Text("change in the expected direction (RMS)", "沿期望方向的变化量（均方根）"),
        yours=[_along(wanted[name], moved[name]) for name in start],
        expected=[_along(wanted[name], wanted[name]) for name in start],
    )


def reloaded(title: Text, before: Any, after: Any, *, labels: Sequence[str] = ()) -> Picture:
    """Numbers of the same object before it was saved and after it was loaded.

    Args:
        labels: names of the numbers; by default they are counted.
    """
    old, new = np.ravel(before)[:_MOST_BARS], np.ravel(after)[:_MOST_BARS]
    names = list(labels) or [str(n) for n in range(1, old.size + 1)]
    return _bars(title, names, Text("output", "输出"), Text("value", "值"), before=old, after=new)


def traces(log: TraceLog, most: int | None) -> Picture | None:
    """New traces of each call of the student's own functions; none where that tells nothing.

    Args:
        most: how many there may be in all.
    """
    if len(log.calls) < 2 or not log.events:
        return None
    at = [event.request for event in log.events]
    count = len(log.calls)
    # Which of several calls is to make several traces, nobody knows.
    wanted = [most, *[0] * (count - 1)] if most in (0, 1) else None
    return _bars(
        Text("New traces of each call", "每次调用产生的新追踪"),
        [_call(request) for _, request in log.calls],
        Text("call, in order", "各次调用（按顺序）"),
        Text("new traces", "新追踪次数"),
        yours=[at.count(number) for number, _ in log.calls],
        expected=wanted,
    )


def _bars(title: Text, labels: list[str], over: Text, measured: Text, **numbers: Any) -> Picture:
    drawn = [
        series(NAMES[role], role, _real(numbers[role]))
        for role in NAMES
        if numbers.get(role) is not None
    ]
    return Picture("bars", title, over, measured, drawn, labels)


def _curve(x: NDArray[Any], role: Role, values: Any) -> Series:
    numbers = _real(values)
    if numbers.shape != x.shape:
        raise ValueError(f"{numbers.shape} numbers for {x.shape}")
    return series(NAMES[role], role, numbers, x)


def _real(values: Any) -> NDArray[Any]:
    numbers = np.asarray(values)
    if numbers.dtype.kind not in "fiub":
        raise ValueError(f"{numbers.dtype} is no real number")
    return numbers


def _along(direction: NDArray[Any], change: NDArray[Any]) -> float:
    """The root mean square of what of `change` goes in a direction, or of all where it has none."""
    length = np.sqrt(np.mean(direction**2))
    if length == 0:
        return float(np.sqrt(np.mean(change**2)))
    return float(np.mean(direction * change) / length)


def _call(request: Mapping[str, Any]) -> str:
    """A call as a student would write it, tensors by their dtype and shape."""
    return f"{request['target'].names[-1]}({', '.join(map(_argument, request['args']))})"


def _argument(value: Any) -> str:
    if isinstance(value, Marked):
        value = value.value
    if isinstance(value, np.ndarray | np.generic):
        return f"{value.dtype}{list(value.shape)}"
    if isinstance(value, Path) and isinstance(value.root, int):
        return "…"
    return repr(value)[:20] if isinstance(value, bool | int | float | str) else "…"
