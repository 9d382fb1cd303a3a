"""Tries all attacks and tells what came of them: `python tests/attacks/count.py`.

Exit status 1 if one got through the wall, or if one doesn't work without it.
"""

from __future__ import annotations

import getpass
import os
import platform
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from catalogue import Attack, load
from harness import Bench, why_no_throw_away


def main() -> int:
    """Tries each attack with each wall that there is, then without."""
    attacks = load()
    groups = Counter(attack.group for attack in attacks)
    print(f"{len(attacks)} attacks: " + ", ".join(f"{n} {name}" for name, n in groups.items()))
    print(f"on Linux {platform.release()}, {platform.machine()}, as {_user()}")
    through = [*_with_wall(attacks, outer=True), *_with_wall(attacks, outer=False)]
    harmless = list(_without_wall(attacks))
    return 1 if through or harmless else 0


def _with_wall(attacks: Sequence[Attack], *, outer: bool) -> Iterator[str]:
    """Tells how many are held; gives those that aren't."""
    bench = Bench(wall=True, outer=outer)
    if outer and not bench.outer:
        bench.close()
        print("no outer wall on this machine")
        return
    with bench:
        tried = [attack for attack in attacks if not bench.why_not(attack)]
        through = list(_through(bench, tried))
        own = "a uid of their own" if bench.own_uids else "the grader's uid"
        where = f"level {bench.process.config.level.value}, workers under {own}, "
        where += "with the outer wall" if outer else "without the outer wall"
        print(f"{len(tried) - len(through)} of {len(tried)} held: {where}")
    yield from through


def _through(bench: Bench, attacks: Sequence[Attack]) -> Iterator[str]:
    for attack in attacks:
        report = bench.run(attack)
        bench.mend(report)
        if report.achieved:
            print(f"GOT THROUGH: {attack.id}: {report.achieved}")
            yield attack.id


def _without_wall(attacks: Sequence[Attack]) -> Iterator[str]:
    """Tells how many work; gives those that don't."""
    if why_no_throw_away():
        print(f"not tried without the wall: {why_no_throw_away()}")
        return
    with Bench(wall=False) as bench:
        tried = [attack for attack in attacks if not bench.why_not(attack)]
        failed = list(_failed(bench, tried))
        print(f"{len(tried) - len(failed)} of {len(tried)} work with the wall off")
    yield from failed


def _failed(bench: Bench, attacks: Sequence[Attack]) -> Iterator[str]:
    for attack in attacks:
        report = bench.run(attack)
        bench.mend(report)
        if not report.seen[attack.witness]:
            print(f"DOESN'T WORK: {attack.id}: {report.achieved} {report.outcomes}")
            yield attack.id


def _user() -> str:
    try:
        return "root" if os.geteuid() == 0 else getpass.getuser()
    except (KeyError, OSError):  # a uid without a name
        return f"uid {os.geteuid()}"


if __name__ == "__main__":
    sys.exit(main())
