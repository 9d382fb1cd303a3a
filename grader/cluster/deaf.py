"""Loaded by workers on the grader's own terminal: Ctrl-C is the grader's to handle."""

from __future__ import annotations

import signal


def dask_setup(worker: object) -> None:
    """Called by Dask when the worker starts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
