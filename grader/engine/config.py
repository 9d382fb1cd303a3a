"""What holds for all workers of a run: a value for those who plan the work, too."""

from __future__ import annotations

from dataclasses import dataclass

from grader.course import Limits
from grader.placement import CPU, Placement
from grader.sandbox.levels import Level


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """What holds for all workers of a run."""

    level: Level
    limits: Limits
    placement: Placement = CPU
