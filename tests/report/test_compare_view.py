"""Expected beside got: columns, the mark, and texts that only look like arrays."""

from __future__ import annotations

import numpy as np
import pytest

from grader import show
from grader.report.compare_view import compare


def test_columns_are_common_to_both() -> None:
    """Decimal points stand below each other, in each text and across the two."""
    told = compare(
        "[1.5, 20.  ]  shape (2,), float32", "[10., 2.25]  shape (2,), float32", "[1]: expected"
    )
    assert told.expected.text == "[ 1.5 20.  ]"
    assert told.got.text == "[10.   2.25]"
    assert (told.expected.marked, told.got.marked) == ("20.", "2.25")
    assert told.got.caret == "       ^^^^"
    assert not told.shapes_differ
    assert not told.dtypes_differ


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 2, 2), (100,), (30, 40), (2, 8, 8)])
def test_the_element_that_is_told_is_marked(shape: tuple[int, ...]) -> None:
    """Also behind a gap, whatever the number of axes; nothing where it isn't shown."""
    want = np.arange(np.prod(shape), dtype="float32").reshape(shape)
    got = want.copy()
    last = tuple(n - 1 for n in shape)
    got[last] = -1.5
    _, first = show.difference(got, want, got != want)
    told = compare(show.value(want), show.value(got), first)
    assert float(told.got.marked) == -1.5
    assert float(told.expected.marked) == want[last]
    assert told.got.text == (told.got.above + told.got.before + told.got.marked + told.got.after)
    hidden = compare(show.value(want), show.value(got), f"{[n // 2 for n in shape]}: x")
    assert bool(hidden.got.marked) == (want.size <= 24)


def test_shapes_and_dtypes_are_told_apart() -> None:
    """Where they differ nothing is aligned, and both are said."""
    told = compare("[1. 2.]  shape (2,), float32", "[1. 2. 3.]  shape (3,), float64")
    assert (told.expected.shape, told.got.dtype) == ("(2,)", "float64")
    assert told.shapes_differ
    assert told.dtypes_differ
    assert told.expected.text == "[1. 2.]"
    assert not told.expected.marked


@pytest.mark.parametrize(
    "text",
    ["", "3", "a `Model` object", "[1, 2", "[1]]", "[a]", "[1 [2]]", "[" * 6000, "[1.+2.j]",
     "[[1]" * 1500, " " * 5000 + "x", "['" + "x" * 100 + "']"],
)  # fmt: skip
def test_what_is_no_array_is_shown_as_it_is(text: str) -> None:
    """Nothing is marked and nothing is lost that `defuse` keeps."""
    told = compare(text, text, "[0]: expected 1, got 2")
    assert not told.got.marked
    assert told.got.text[:100] == text[:100]
