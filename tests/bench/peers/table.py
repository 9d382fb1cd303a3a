"""The figures as a table in Markdown, and the place in a document where the table belongs."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

from .measuring import Batch

BEGIN = "<!-- peers: the table below is written by python -m tests.bench.peers --update -->"
END = "<!-- peers: end of the table -->"

REFERENCES = ("grader, --jobs 2", "warm process")
"""The graders whose seconds, and whose CPU seconds, the others are compared with."""


def table(batches: Sequence[Batch], versions: Mapping[str, str], machine: str) -> str:
    """Medians over the rounds; a ratio is the median of the ratios within a round."""
    graders = list(dict.fromkeys(batch.grader for batch in batches))
    by_name = {g: {b.round: b for b in batches if b.grader == g} for g in graders}
    seconds = {g: {n: b.seconds for n, b in of.items()} for g, of in by_name.items()}
    cpu = {g: {n: b.cpu_seconds for n, b in of.items()} for g, of in by_name.items()}
    lines = [
        "| grader | version | submissions a round | seconds each (fastest–slowest round)"
        " | × `--jobs 2` | CPU seconds each | × warm process |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in graders:
        times = seconds[name].values()
        lines.append(
            f"| {name.replace('--jobs', '`--jobs')}{'`' if '--jobs' in name else ''}"
            f" | {versions.get(name, '')}"
            f" | {next(iter(by_name[name].values())).submissions}"
            f" | {statistics.median(times):.2f} ({min(times):.2f}–{max(times):.2f})"
            f" | {_ratio(seconds, name, REFERENCES[0])}"
            f" | {statistics.median(cpu[name].values()):.2f}"
            f" | {_ratio(cpu, name, REFERENCES[1])} |"
        )
    return "\n".join([*lines, "", machine])


def update(document: Path, text: str) -> None:
    """Puts the table between its two markers.

    Raises:
        ValueError: the document lacks them.
    """
    before, begin, rest = document.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{document} lacks the lines {BEGIN!r} and {END!r}")
    document.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")


def _ratio(figures: Mapping[str, Mapping[int, float]], name: str, reference: str) -> str:
    """The median of the ratios within a round; empty where the reference wasn't measured."""
    known = figures.get(reference, {})
    ratios = [value / known[number] for number, value in figures[name].items() if number in known]
    return f"{statistics.median(ratios):.2f}" if ratios else ""
