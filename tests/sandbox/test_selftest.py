"""The self-test where there is no wall: it must notice everything, and leave nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def test_no_wall_is_reported_in_full(script: Callable[..., Any]) -> None:
    """Every single try succeeds and is named; no file, process or descriptor stays behind."""
    assert script("unwalled.py") == {
        "holes": [
            "inet socket",
            "unix socket",
            "fork",
            "exec",
            "signal to the parent",
            "memfd",
            "reading the canary",
            "writing the canary",
            "reading /etc/passwd",
            "writing outside scratch",
        ],
        "same files": True,
        "same descriptors": True,
        "without scratch": "no working scratch directory",
        "canary": "the answers",
    }
