"""What staff change by hand: adjustments.csv beside results.json, which no grading overwrites."""

from grader.adjustments.file import (
    FILE,
    ByHand,
    Settled,
    Source,
    add,
    for_grading,
    read_adjustments,
    settle,
    with_adjustments,
)
from grader.adjustments.table import Entry, Table, entry

__all__ = [
    "FILE",
    "ByHand",
    "Entry",
    "Settled",
    "Source",
    "Table",
    "add",
    "entry",
    "for_grading",
    "read_adjustments",
    "settle",
    "with_adjustments",
]
