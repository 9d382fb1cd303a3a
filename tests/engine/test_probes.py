"""What a student's module puts in the library's place doesn't change what a probe asks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from grader.asking import Session
from grader.errors import StudentError

Begun = Callable[[str], Session]


def test_graphs_are_graphs(begun: Begun) -> None:
    """With a `tf.function` that only calls, code that can't be traced is caught all the same."""
    session = begun("""
    tf.function = lambda function=None, **settings: function
    def square(x): return tf.constant(x.numpy() ** 2)
    """)
    x = np.array([3.0], "float32")
    assert session.square(x) == 9.0
    with pytest.raises(StudentError, match="numpy"):
        session.in_graph(session.square)(x)


def test_tapes_are_tapes(begun: Begun) -> None:
    """A tape of the student's own making isn't asked for gradients."""
    session = begun("""
    class Tape:
        __enter__ = lambda self: self
        __exit__ = lambda self, *error: None
        watch = lambda self, source: None
        gradient = lambda self, value, sources, **settings: [6.0 + 0 * s for s in sources]
    tf.GradientTape = Tape
    def square(x): return tf.stop_gradient(x * x)
    """)
    x = np.array([3.0], "float32")
    assert session.gradient(session.square, x).grads == (None,)
