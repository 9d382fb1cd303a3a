"""How long graders take over one submission: the same six checks, the same programs, in turn.

    python -m tests.bench.peers [--rounds 3] [--submissions 4] [--ours 100] [--only NAME]…
        [--work DIR] [--out FILE] [--update]

Run in the repository's root, on a machine with nothing else to do. A round is every grader once, on
a class of its own. What was installed stays in DIR. Exit status 1: a grader judged a submission
otherwise than it is known to be, so its time means nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import environments, table
from .environments import ROOT
from .grader_form import KINDS, Form
from .measuring import Batch, as_json, disagreements, measure
from .notebooks import Nbgrader, Otter
from .ours import Baseline, Ours
from .scripts import Check50, GradescopeUtils, Pytest

DOCUMENT = ROOT / "docs" / "performance.md"
_TENSORFLOW = ("tensorflow", "keras", "numpy")


def forms() -> tuple[Form, ...]:
    """Everything that is measured, in the order of the table."""
    return (
        Ours(2), Ours(1), Pytest(), GradescopeUtils(), Check50(), Otter(), Nbgrader(),
        Baseline("same"), Baseline("same", our_settings=False), Baseline("fork"),
    )  # fmt: skip


def main() -> int:
    """Parses, measures, writes."""
    options = _options()
    chosen = [f for f in forms() if not options.only or f.name.startswith(tuple(options.only))]
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    work.chmod(0o755)
    versions = _versions(chosen, work)
    tensorflow = versions.pop("tensorflow")
    batches: list[Batch] = []
    for form, number in _turns(chosen, options.rounds):
        size = {Ours: options.ours, Baseline: options.baseline}.get(type(form), options.submissions)
        batch = measure(form, number, size, options.ours, work)
        batches.append(batch)
        print(
            f"round {number + 1}, {form.name}: {batch.seconds:.2f} s each,"
            f" CPU {batch.cpu_seconds:.2f} s, load {batch.commands[0].load:.1f}",
            file=sys.stderr, flush=True,
        )  # fmt: skip
        machine = _machine(tensorflow, batches, options.rounds)
        wrong = [sentence for batch in batches for sentence in disagreements(batch)]
        if options.out:  # each time: what was measured survives whatever comes
            everything = {
                "machine": machine,
                "versions": versions,
                "does": {form.name: form.does for form in chosen},
                "batches": [as_json(batch) for batch in batches],
                "disagreements": wrong,
            }
            options.out.write_text(json.dumps(everything, indent=1), "utf-8")
    order = [form.name for form in chosen]
    batches.sort(key=lambda batch: (order.index(batch.grader), batch.round))
    text = table.table(batches, versions, machine)
    print(text)
    for sentence in wrong:
        print(f"DISAGREES: {sentence}", file=sys.stderr)
    if options.update and not wrong:
        table.update(DOCUMENT, text)
    return 1 if wrong else 0


def _turns(chosen: Sequence[Form], rounds: int) -> Iterator[tuple[Form, int]]:
    """Every grader once a round, each round from another one on: a drift hits all alike."""
    for number in range(rounds):
        begin = number * len(chosen) // rounds
        for form in (*chosen[begin:], *chosen[:begin]):
            yield form, number


def _options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for.

    Raises:
        SystemExit: it can't be done; one line says why.
    """
    parser = argparse.ArgumentParser(
        "python -m tests.bench.peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    sizes = {
        "submissions": (1, "other graders"),
        "ours": (25, "this"),
        "baseline": (4, "baselines"),
    }
    for name, (times, whose) in sizes.items():
        of = f"submissions a round of {whose}; default: {times * len(KINDS)}"
        parser.add_argument(f"--{name}", type=int, default=times * len(KINDS), metavar="N", help=of)
    parser.add_argument("--only", action="append", metavar="NAME", help="the start of a name")
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir(), "grader-peers"), metavar="DIR"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="every measurement, as JSON")
    parser.add_argument("--update", action="store_true", help=f"the table in docs/{DOCUMENT.name}")
    options = parser.parse_args(arguments)
    names = [form.name for form in forms()]
    if options.rounds < 1:
        parser.error("--rounds: at least 1")
    for name in sizes:
        size = getattr(options, name)
        if size < 1 or size % len(KINDS):
            parser.error(f"--{name}: a multiple of {len(KINDS)}, so that all classes are alike")
    for prefix in options.only or ():
        if not any(name.startswith(prefix) for name in names):
            parser.error(f"--only {prefix}: the names are {'; '.join(names)}")
    if options.only and options.update:
        parser.error("--update: the page shows all graders, so it can't go with --only")
    if options.out and not options.out.resolve().parent.is_dir():
        parser.error(f"--out: there is no folder {options.out.parent}")
    return options


def _versions(chosen: Sequence[Form], work: Path) -> dict[str, str]:
    """Each grader's version; TensorFlow's, Keras's and NumPy's, which are the same for all.

    Raises:
        SystemExit: they aren't.
    """
    own = environments.versions(Path(sys.executable), (*_TENSORFLOW, "tf-course-grader"))
    found = {form.name: own["tf-course-grader"] for form in chosen if isinstance(form, Ours)}
    for form in chosen:
        if not form.environment:
            continue
        python = environments.prepare(form.environment, work)
        has = environments.versions(python, (*_TENSORFLOW, form.environment))
        if any(has[name] != own[name] for name in _TENSORFLOW):
            raise SystemExit(f"{form.name}: {has}, but this grader has {own}")
        found[form.name] = has[form.environment]
    found["tensorflow"] = ", ".join(f"{name} {own[name]}" for name in _TENSORFLOW)
    return found


def _machine(tensorflow: str, batches: Sequence[Batch], rounds: int) -> str:
    """The sentence below the table."""
    loads = [command.load for batch in batches for command in batch.commands]
    methods = sorted({command.method for batch in batches for command in batch.commands})
    return (
        f"{time.strftime('%Y-%m-%d', time.gmtime())}, {rounds} rounds, {os.cpu_count()} cores"
        f" ({_processor()}), Linux {platform.release()}, Python {platform.python_version()},"
        f" {tensorflow}; load average before a command {min(loads):.1f} to {max(loads):.1f};"
        f" CPU by {' and '.join(methods)}."
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    sys.exit(main())
