"""The same attacks with the wall off, where they harm nobody: each of them works.

A test that an attack is held proves nothing about an attack that wouldn't work anyway.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from catalogue import Attack, load
from harness import HONEST, Bench, why_no_throw_away

ATTACKS = [attack for attack in load() if attack.needs in ("", "outer wall", platform.machine())]

pytestmark = pytest.mark.skipif(bool(why_no_throw_away()), reason=why_no_throw_away())


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """One zygote for all of them, made anew when an attack has harmed it."""
    made = Bench(wall=False)
    yield made
    made.close()


def test_the_witnesses_are_quiet(bench: Bench) -> None:
    """An honest submission is no attack: what the witnesses say later they have really seen."""
    honest = Attack("honest", "none", "", "", "mark", "open", HONEST.decode(), deserves=10.0)
    report = bench.run(honest)
    assert report.row is not None
    assert (report.achieved, report.row.points) == ({}, 10.0)


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.id for attack in ATTACKS])
def test_works(bench: Bench, attack: Attack) -> None:
    """The witness that the attack names sees it succeed."""
    report = bench.run(attack)
    bench.mend(report)
    assert report.seen[attack.witness], (report.achieved, report.row, report.naive)
