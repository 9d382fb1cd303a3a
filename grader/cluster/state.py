"""A worker of the cluster as the grader sees it, and what it must be like."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from grader.cluster.files import Parcel
from grader.cluster.travels import sorts
from grader.job import Job

if TYPE_CHECKING:
    from distributed import Future


@dataclass(slots=True, eq=False)
class Attempt:
    """A shard that is on a worker."""

    jobs: list[Job]
    future: Future[Any]


@dataclass(slots=True, eq=False)
class Node:
    """A worker.

    Attributes:
        slots: shards that it works at side by side.
        token: of its very process; empty until it has answered.
        attempts: shards that it has been sent, in the order in which it takes them.
        bad_starts: processes that didn't come up there, one after the other.
    """

    address: str
    slots: int
    state: Literal["greeted", "usable", "refused"] = "greeted"
    token: str = ""
    attempts: deque[Attempt] = field(default_factory=deque)
    bad_starts: int = 0


@dataclass(frozen=True, slots=True)
class Fitness:
    """What is asked of a worker before it gets anything to do."""

    level: str
    gpu: bool
    course: Parcel
    sorts: Mapping[str, str] = field(default_factory=sorts)
