"""The tests of `grader watch` share `watching`; none leaves a watcher behind, however it ends."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from watching import Watch


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_left() -> Iterator[None]:
    """A failed test doesn't come to its end; its endless loop would go on taking a core."""
    yield
    for running in Watch.started:
        running.kill()
