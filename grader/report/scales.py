"""Axes of a drawing: from numbers to places, round ticks, and numbers as people write them.

The numbers may be anything finite: what is beyond ±`LARGEST` counts as `LARGEST`, so that no
difference of two of them overflows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

LARGEST = 1e300
SMALLEST = 1e-290
"""Sizes below it count as 0: a step between two of them would be no number."""
_FLAT = 1e-6
"""A range this small beside its numbers is drawn as one value; a page couldn't show it."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Numbers from `low` to `high` along `start` to `end`, in the drawing's units."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of `value`, also beyond the axis, but at most one axis away from it."""
        share = (bounded(value) - self.low) / (self.high - self.low)
        return self.start + (self.end - self.start) * min(2.0, max(-1.0, share))

    def along(self, start: float, end: float) -> Axis:
        """The same numbers in another place."""
        return Axis(self.low, self.high, start, end)

    def ticks(self, about: int, *, whole: bool = False) -> list[float]:
        """About so many round numbers on the axis; whole numbers only, where that makes sense."""
        step = _step((self.high - self.low) / max(1, about))
        if whole:
            step = max(1.0, step)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [n * step for n in range(first, min(last, first + 20) + 1)]


def axis(values: Iterable[float], *, zero: bool = False) -> Axis:
    """An axis on which all values have room; with `zero`, 0 too."""
    found = [bounded(value) if abs(value) >= SMALLEST else 0.0 for value in values]
    if zero or not found:
        found.append(0.0)
    low, high = min(found), max(found)
    size = max(abs(low), abs(high))
    if high - low <= _FLAT * size or size == 0:
        room = size / 2 or 1.0
        return Axis(low - room, high + room, 0.0, 1.0)
    return Axis(low, high, 0.0, 1.0)


def bounded(value: float) -> float:
    """`value`, or the nearest number that an axis can have."""
    return max(-LARGEST, min(LARGEST, value))


def _step(raw: float) -> float:
    power = 10.0 ** math.floor(math.log10(raw))
    nearest = next((n for n, below in ((1, 1.5), (2, 3.2), (5, 7.1)) if raw < below * power), 10)
    return nearest * power


def tick_texts(ticks: list[float]) -> list[str]:
    """The ticks with as many digits as tell them apart."""
    size = max(map(abs, ticks), default=0.0)
    if len(ticks) < 2 or size == 0:
        return [number(tick) for tick in ticks]
    step = ticks[1] - ticks[0]
    if size < 1e6 and step >= 1e-5:
        places = max(0, -math.floor(math.log10(step) + 1e-9))
        return [_signed(f"{tick:.{places}f}") for tick in ticks]
    digits = math.floor(math.log10(size)) - math.floor(math.log10(step) + 1e-9) + 1
    return [_signed(f"{tick:.{max(1, min(9, digits))}g}") for tick in ticks]


def number(value: float | None) -> str:
    """Four digits of `value`; a dash where there is none."""
    return "—" if value is None else _signed(f"{value:.4g}")


def _signed(text: str) -> str:
    mantissa, _, exponent = text.partition("e")
    if float(mantissa) == 0:
        mantissa = mantissa.lstrip("-")
    text = f"{mantissa}e{int(exponent)}" if exponent else mantissa
    return text.replace("-", "−")
