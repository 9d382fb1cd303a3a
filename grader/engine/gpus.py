"""Places on GPUs: each process of a batch takes one, and the GPU with it.

A place is the name of an abstract socket, as with workers' uids: nobody else on the machine can
take the same while it is held, and it is free again as soon as its holder has ended, however it
ended. So two graders that share a GPU don't fill it twice.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass

from grader.errors import EngineError
from grader.placement import Gpu


@dataclass(frozen=True, slots=True)
class Place:
    """One process's share of a GPU while `claim` is open."""

    gpu: str
    claim: socket.socket


def claim(gpus: Sequence[Gpu]) -> Place:
    """The first free place, going round the GPUs so that all are used alike.

    Raises:
        EngineError: all are taken.
    """
    for number in range(max(gpu.places for gpu in gpus)):
        for gpu in gpus:
            if number >= gpu.places:
                continue
            held = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            try:
                held.bind(f"\0grader-gpu-{gpu.name}-{number}")
            except OSError:
                held.close()
                continue
            return Place(gpu.name, held)
    total = sum(gpu.places for gpu in gpus)
    raise EngineError(
        f"all {total} place(s) on the GPU(s) are taken: another grader computes there; wait for it,"
        " or allow more with --gpu-jobs"
    )
