"""TensorFlow behind the wall: everything that an exercise may use must work there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def test_tensorflow_works_behind_the_wall(script: Callable[..., Any]) -> None:
    """AutoGraph, XLA, fit, saving and pipelines work; reading a hidden file through TF doesn't."""
    assert script("with_tensorflow.py") == {
        "autograph": 8,
        "jit": 25.0,
        "reloaded": True,
        "checkpoint": 7.0,
        "saved model": 7.0,
        "records": [3],
        "hidden": "denied",
    }
