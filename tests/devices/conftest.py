"""Seats on the second device and on the plain CPU, one zygote for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from grader.placement import CPU

from .stand_in import Take, seats_on, stand_in


@pytest.fixture(scope="session")
def second() -> Iterator[Take]:
    """Seats on the second device."""
    yield from seats_on(stand_in())


@pytest.fixture(scope="session")
def plain() -> Iterator[Take]:
    """Seats on the CPU as it is."""
    yield from seats_on(CPU)
