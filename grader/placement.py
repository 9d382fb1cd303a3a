"""Where the workers of a run compute: on which device, and how much of it each of them may have.

Chosen by `grader.devices`, carried out by the worker itself (`grader.worker.placing`) after the
fork, since CUDA doesn't survive one, and before anything of a student's is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["cpu", "gpu"]

WORKERS_OF_A_JOB = 4
"""Workers that one process of a batch has at once, at most: the submission's, the reference's, and
for checks that load in a fresh process another one of each."""

CONTEXT_MB = 600
"""What CUDA and its libraries take of a GPU's memory for each process, beside TensorFlow's own: an
estimate (a context is 300 to 500 MB on recent cards), not measured in this project."""

HOST_MB = 4096
"""Resident memory that a worker on a GPU may have on top of `memory_mb`, for CUDA's libraries and
their staging buffers: an estimate too."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU as CUDA_VISIBLE_DEVICES names it.

    `places` processes of a batch compute there at once.
    """

    name: str
    places: int


@dataclass(frozen=True, slots=True)
class Placement:
    """The device under test.

    Attributes:
        kind: what results call it.
        device: TensorFlow's name for it in a worker. One GPU is visible there, so a GPU is always
            `GPU:0`. `CPU:1` is a second logical device of the CPU: with it the rules for a device
            that isn't TensorFlow's default are tested where there is no GPU.
        memory_mb: of the device's memory for one worker; 0: unbounded.
        gpus: what the processes of a batch take turns on; empty on a CPU.
    """

    kind: Kind = "cpu"
    device: str = "CPU:0"
    memory_mb: int = 0
    gpus: tuple[Gpu, ...] = ()

    @property
    def cuda(self) -> bool:
        """Whether workers need the GPU's device nodes and what goes with them."""
        return self.device.startswith("GPU")

    @property
    def places(self) -> int:
        """How many processes of a batch may compute there at once; 0: as many as the cores take."""
        return sum(gpu.places for gpu in self.gpus)

    @property
    def meaning(self) -> str:
        """What verdicts depend on: neither which of several GPUs it is, nor how many jobs share it.

        The memory is part of it, as a program that runs out of it fails.
        """
        return f"{self.kind} {self.device} {self.memory_mb}"


CPU = Placement()
