"""Every attack against the real engine: whatever it tries, nothing comes of it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from catalogue import Attack, load
from harness import HONEST, Bench

ATTACKS = [attack for attack in load() if attack.needs in ("", "outer wall", platform.machine())]


@pytest.fixture(scope="module", params=["both walls", "the inner wall"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """One zygote for all of them: an attack that ends it has succeeded."""
    outer = request.param == "both walls"
    made = Bench(wall=True, outer=outer)
    if outer and not made.outer:
        made.close()
        pytest.skip("there is no outer wall on this machine")
    yield made
    assert made.close() == [], "processes and directories that outlive the grader's end"


def test_the_witnesses_are_quiet(bench: Bench) -> None:
    """An honest submission is no attack; it has its points and nobody complains."""
    honest = Attack("honest", "none", "", "", "mark", "open", HONEST.decode(), deserves=10.0)
    report = bench.run(honest)
    assert report.row is not None
    assert (report.achieved, report.row.points) == ({}, 10.0)


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.id for attack in ATTACKS])
def test_held(bench: Bench, attack: Attack) -> None:
    """No witness sees anything, and the next submission is graded as if nothing had been."""
    report = bench.run(attack)
    bench.mend(report)
    # Without the outer wall the reports say that these few aren't held.
    lost = {attack.witness} if attack.needs == "outer wall" and not bench.outer else set()
    assert set(report.achieved) == lost, (report.achieved, report.outcomes)
    if "which kills" in attack.stopped_by:
        assert set(report.outcomes) <= {"forbidden", "not_run"}, "the filter didn't end it"
