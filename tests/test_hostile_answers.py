"""Answers that are well formed and built to cost the process that compares them time or memory."""

from __future__ import annotations

import resource
from typing import Any

import numpy as np
import pytest

from grader import compare, show
from grader.errors import CheckFailed
from grader.expect import Expect
from grader.text import Text

ASK = Text("`f(x)`", "`f(x)`")
MANY_AXES = np.zeros((6,) * 9, "i1")
"""Ten million numbers, of which NumPy would write every one: no axis is long enough to shorten."""


def said(got: Any, want: Any = 1.0) -> str:
    """What the student is told about an answer."""
    with pytest.raises(CheckFailed) as caught:
        Expect().close(got, want, ask=ASK)
    return caught.value.text.en + str(caught.value.evidence)


@pytest.mark.parametrize(
    "array", [MANY_AXES, np.zeros((4,) * 11, "i1"), np.zeros((2,) * 16, "?"), np.ones((1,) * 16)]
)
def test_arrays_of_many_axes_stay_short(array: Any) -> None:
    """The front of them is shown, with the shape, alone and inside other values."""
    text = show.value(array)
    assert len(text) < 2_000
    assert text.endswith(f"shape {array.shape}, {array.dtype}")
    assert len(show.plain(array)) < 300
    assert len(show.plain([{"a": (array,)}])) < 300
    assert len(said(array)) < 4_000


def test_usual_values_are_shown_as_before() -> None:
    """What a check meets every day reads as NumPy and Python write it."""
    assert show.value(np.arange(6.0).reshape(2, 3)) == (
        "[[0., 1., 2.],\n [3., 4., 5.]]  shape (2, 3), float64"
    )
    assert show.value(np.arange(100)).startswith("[ 0,  1,  2, ..., 97, 98, 99]  shape (100,)")
    assert show.value(np.zeros((50, 50))).count("...") > 1
    assert show.plain([1, 2.5, None, "x", (1,), {"b": 1, "a": [True]}]) == (
        "[1, 2.5, None, 'x', (1,), {'b': 1, 'a': [True]}]"
    )
    assert show.plain(list(range(40))) == str(list(range(40)))
    assert show.plain("it's\x1b") == '"it\'s\\x1b"'
    assert show.plain(slice(1, None)) == "slice(1, None, None)"
    assert show.plain(b"x" * 20) == repr(b"x" * 20)


def test_a_string_among_numbers() -> None:
    """NumPy would make each number as long as the string: 450 GB. It is no array of numbers."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "expected numbers" in said([1] * 200_000 + ["x" * 600_000])
    assert "expected numbers" in said([[1, [b"x" * 600_000]]] * 1000)
    assert "expected numbers" in said([np.array([b"x"], dtype=object), 1.0])
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 300 * 1024


@pytest.mark.parametrize(
    "got", [10**390, [10**390, 1.0], [1, [2]], [[]], [None], {}, "1", b"1", (slice(None),), [{}]]
)
def test_what_is_no_array_of_numbers(got: Any) -> None:
    """Is told as that, and raises nothing else."""
    assert "expected" in said(got)


def test_lists_of_numbers_are_arrays() -> None:
    """As they were: a list, and arrays in a list."""
    assert compare.numeric([1, [2.5, np.float32(1)]])
    Expect().close([1.0, 2.0], np.array([1.0, 2.0]), ask=ASK)
    Expect().close([np.ones(2), np.ones(2)], np.ones((2, 2)), ask=ASK)


def test_a_million_values_are_told_in_a_line() -> None:
    """Nothing of the size of the answer is written out."""
    with pytest.raises(CheckFailed) as caught:
        Expect().equal([{"k": [1.5] * 50}] * 20_000, [1], ask=ASK)
    assert len(caught.value.text.en) < 400
