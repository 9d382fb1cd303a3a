"""Compares plain values without using any operator that a student could have defined.

Shapes first, then values with `<=`, so that NaN never agrees with anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.asking import Proxy
from grader.text import Text

# Twice the bound of the course for a correct formula would already hide a float32 cast.
_BOUNDS = {"f2": 1e-3, "f4": 1e-6, "f8": 1e-12, "c8": 1e-6, "c16": 1e-12}
_GPU_FACTOR = 4.0


@dataclass(frozen=True, slots=True)
class Why:
    """What an answer would be under a known misconception, and the sentence that names it."""

    value: Any
    text: Text


def device_factor(device: str) -> float:
    """How much wider every tolerance is on `device` (`cpu` or `gpu`) than on a CPU.

    Both answers of a comparison come from the same device, so most of what sets a GPU apart
    cancels. What doesn't, between two right formulas:

    - elementary functions: CUDA's single-precision ones are documented to a few units in the last
      place (CUDA C++ Programming Guide, "Mathematical Functions"), the CPU's to about one;
    - sums: a GPU adds in blocks whose sizes depend on the shape, and where it adds atomically
      (scatter, segment sums, gradients of gathers and of biases) in another order each time, also
      between two runs of the same formula.

    Both are a small multiple of the rounding that the CPU's bound already has room for. Four times
    1e-6 is 34 units in the last place of float32, and still a hundredth of what TF32 or float16
    would do to a product. The figure is reasoned; it has not been measured on a GPU.
    """
    return _GPU_FACTOR if device == "gpu" else 1.0


def tolerance(got: NDArray[Any], want: NDArray[Any]) -> float:
    """The course's bound for the coarser of two dtypes; 0 (exact) for integers and strings."""
    kinds = [_BOUNDS[a.dtype.str[1:]] for a in (got, want) if a.dtype.str[1:] in _BOUNDS]
    return max(kinds, default=0.0)


def numeric(got: Any, *, inside: bool = False) -> bool:
    """Whether NumPy can make an array of an answer without making its parts larger.

    A single array is one already, whatever is in it.
    """
    if isinstance(got, list | tuple):
        return all(numeric(item, inside=True) for item in got)
    if isinstance(got, np.ndarray):
        return not inside or got.dtype.kind in "fiubc"
    return not isinstance(got, str | bytes | dict)


def misses(got: NDArray[Any], want: NDArray[Any], tolerance: float) -> NDArray[np.bool_]:
    """Where two arrays of the same shape disagree; NaN in `got` disagrees with everything."""
    if got.dtype.kind not in "fiubc" or want.dtype.kind not in "fiubc":
        return np.asarray(got != want, dtype=bool).reshape(got.shape)
    if tolerance == 0.0:
        return np.asarray(got != want, dtype=bool)
    # Were only `want` asked, the imaginary part of a complex `got` would be dropped.
    kind = np.complex128 if "c" in (got.dtype.kind, want.dtype.kind) else np.float64
    with np.errstate(all="ignore"):
        wide = np.asarray(want, dtype=kind)
        distance = np.abs(np.asarray(got, dtype=kind) - wide)
        # An infinite `want` has an infinite tolerance, within which everything would lie.
        near = np.isfinite(distance) & (distance <= tolerance * np.maximum(1.0, np.abs(wide)))
    return ~np.asarray(near, dtype=bool)


def agree(got: NDArray[Any], want: NDArray[Any], tolerance: float) -> bool:
    """Same shape, and every value within the tolerance."""
    return got.shape == want.shape and not bool(np.any(misses(got, want, tolerance)))


def slope(
    above: NDArray[Any], below: NDArray[Any], weight: NDArray[Any], width: float, got: float
) -> tuple[float, bool]:
    """The slope between two outputs, `width` apart in the input, and whether `got` agrees with it.

    Outputs that don't depend on the input cancel exactly, as they are subtracted one by one. The
    tolerance of 1e-6 leaves room for values up to 1e4 and grows with them beyond.
    """
    with np.errstate(all="ignore"):
        rise = float(np.sum((above.astype(np.float64) - below) * weight)) / width
        size = float(np.max(np.abs(above * weight), initial=0.0))
    bound = 1e-6 * max(1.0, size * 1e-4, abs(rise))
    # An infinite rise would bring an infinite bound along.
    return rise, bool(np.isfinite(rise) and abs(got - rise) <= bound)


def recognised(
    got: NDArray[Any], want: NDArray[Any], why: Sequence[Why], tolerance: float
) -> Text | None:
    """The one misconception whose answer this is; none where two would explain it equally well."""
    loose = max(tolerance * 10, 1e-6)
    return only(
        item.text
        for item in why
        if agree(got, np.asarray(item.value), loose)
        and not agree(np.asarray(item.value), want, tolerance)
    )


def only(found: Iterable[Text]) -> Text | None:
    """The one sentence among those found, however often it was found; None for several."""
    different = set(found)
    return different.pop() if len(different) == 1 else None


def reduced(got: NDArray[Any], want: NDArray[Any]) -> Text | None:
    """Recognises a mean or a sum where single values were asked for."""
    if got.shape != () or want.size < 2:
        return None
    if got.dtype.kind not in "fiu" or want.dtype.kind not in "fiu":
        return None
    mean = Text(
        "that is their mean: return one value for each element",
        "这是它们的平均值：请为每个元素各返回一个值",
    )
    total = Text(
        "that is their sum: return one value for each element",
        "这是它们的总和：请为每个元素各返回一个值",
    )
    values = ((np.mean(want), mean), (np.sum(want), total))
    return only(text for value, text in values if agree(got, np.asarray(value), 1e-5))


def _flag(value: Any) -> bool | None:
    """A bool, or the scalar tensor of one; None for anything else, 1 and 0 included."""
    if isinstance(value, np.ndarray | np.generic):
        return bool(value) if value.dtype.kind == "b" and value.shape == () else None
    return value if isinstance(value, bool) else None


def same(got: Any, want: Any) -> bool:
    """Equality of plain values without any operator a student could have defined."""
    if isinstance(got, Proxy):
        return False
    if isinstance(want, list | tuple):
        return (
            type(got) in (list, tuple)
            and len(got) == len(want)
            and all(same(a, b) for a, b in zip(got, want, strict=True))
        )
    if isinstance(want, dict):
        return (
            type(got) is dict
            and got.keys() == want.keys()
            and all(same(got[key], want[key]) for key in want)
        )
    if isinstance(want, bool) or isinstance(got, bool):
        return _flag(got) is not None and _flag(got) is _flag(want)
    if isinstance(want, np.ndarray | np.generic) or isinstance(got, np.ndarray | np.generic):
        if not isinstance(got, np.ndarray | np.generic | int | float):
            return False
        return bool(np.array_equal(np.asarray(got), np.asarray(want)))
    if isinstance(want, int | float):
        return type(got) in (int, float) and bool(got == want)  # a subclass may redefine ==
    return type(got) is type(want) and bool(got == want)
