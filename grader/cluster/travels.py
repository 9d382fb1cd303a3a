"""What travels between the grader and the workers of its cluster, both of which are trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from grader.engine.config import EngineConfig
from grader.keys import source_digest, versions

SOURCE = "grader's source"
"""The name under which `sorts` has the digest of the code itself."""


@dataclass(frozen=True, slots=True)
class Order:
    """What all shards of a run have in common.

    Attributes:
        run: of one call of `grader grade`; what belongs to it can be dismissed at its end.
        course: digest of the course, which the worker has been sent before.
    """

    run: str
    course: str
    config: EngineConfig
    seed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt at a shard ended on a worker.

    Attributes:
        what: as in `crew.Told`.
        rows: (key, row as JSON) of everything that was finished.
        unusable: why this worker can't do anything any more, empty if it can.
    """

    what: Literal["done", "failed", "not_started", "returned"]
    reason: str = ""
    rows: tuple[tuple[str, bytes], ...] = ()
    unusable: str = ""


def sorts() -> dict[str, str]:
    """What two machines must have in common for the same verdicts, as plain texts."""
    return {**versions(), SOURCE: source_digest()}


def difference(wanted: Mapping[str, str], found: Mapping[str, str]) -> str:
    """What is otherwise on a worker, in words; empty if nothing is."""
    for name in wanted:
        if found.get(name) != wanted[name]:
            if name == SOURCE:
                return "its grader has the same version and other code: install the same one"
            return f"it has {name} {found.get(name, 'missing')}, and the grader {wanted[name]}"
    return ""
