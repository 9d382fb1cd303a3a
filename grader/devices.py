"""Which devices a run is graded on, and how many jobs each takes; told without TensorFlow.

What is asked for and can't be had is refused here, before anything is graded, with what was found
instead and how to mend it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import nvidia
from grader.errors import UsageError
from grader.nvidia import Build, Card
from grader.placement import CONTEXT_MB, CPU, WORKERS_OF_A_JOB, Gpu, Kind, Placement

_NAME = re.compile(r"MIG-[0-9A-Za-z/-]{8,70}|[0-9]{1,3}")
_NO_GPU = "use --device cpu"


def devices_of(wanted: str) -> tuple[Kind, ...]:
    """The devices that `cpu`, `gpu` or `both` stands for."""
    if wanted == "both":
        return ("cpu", "gpu")
    return ("gpu",) if wanted == "gpu" else ("cpu",)


@dataclass(frozen=True, slots=True)
class Found:
    """What there is on this machine.

    Attributes:
        nodes: the GPUs' device nodes.
        driver: version of NVIDIA's driver; "" without one.
        build: the installed TensorFlow.
        hidden: the setting of the environment that hides every GPU; "" where none does.
        windows: under WSL2, whose GPU has another device node.
    """

    nodes: tuple[str, ...]
    driver: str
    build: Build | None
    hidden: str
    windows: bool = False

    def told(self) -> str:
        """In a few words each: device nodes, driver, TensorFlow's build, CUDA's libraries."""
        parts = [", ".join(self.nodes[:4]) if self.nodes else "no device node /dev/nvidia0"]
        parts.append(f"NVIDIA driver {self.driver}" if self.driver else "no NVIDIA driver")
        if self.windows:
            parts.append("WSL2's /dev/dxg, which the wall doesn't let through")
        if self.hidden:
            parts.append(f"{self.hidden} in the environment")
        build = self.build
        if build is None:
            parts.append("no TensorFlow")
        elif not build.cuda:
            parts.append(f"{build.name} built without CUDA")
        else:
            lacking = f", whose libraries lack ({build.missing[0]}, …)" if build.missing else ""
            parts.append(f"{build.name} for CUDA {build.cuda}{lacking}")
        return "; ".join(parts)

    def mend(self) -> str:
        """What to do first, so that a GPU can be graded on; "" if nothing is known to lack."""
        if not self.driver and not self.nodes:
            return (
                "install NVIDIA's driver and pass the GPU into the container"
                " (docker run --gpus all)"
            )
        if not self.nodes:
            return "pass the GPU into the container (docker run --gpus all)"
        if not self.driver:
            return "load NVIDIA's driver (nvidia-smi must list the GPU)"
        if self.hidden:
            return f"unset {self.hidden.partition('=')[0]}"
        if self.build is None or not self.build.cuda or self.build.missing:
            return "pip install 'tensorflow[and-cuda]' of the version in constraints.txt"
        return ""

    @property
    def usable(self) -> bool:
        """Whether it is worth a try. Libraries may lie where only TensorFlow finds them."""
        built = self.build is not None and bool(self.build.cuda)
        return bool(self.nodes and self.driver and built and not self.hidden)


def look() -> Found:
    """What this machine has, without touching a GPU."""
    windows = Path("/dev/dxg").exists()
    return Found(nvidia_gpus(), nvidia.driver(), nvidia.build(), nvidia.hidden_by(), windows)


def nvidia_gpus() -> tuple[str, ...]:
    """The device nodes of the NVIDIA GPUs that are visible here."""
    return nvidia.nodes()


def require_device(wanted: str) -> tuple[Kind, ...]:
    """The devices to compute on, for `cpu`, `gpu` or `both`.

    Raises:
        UsageError: a GPU is asked for and there is none to compute on; it says what was found.
    """
    if wanted == "cpu":
        return devices_of(wanted)
    found = look()
    if not found.usable:
        raise UsageError(
            f"--device {wanted}: no NVIDIA GPU can be used here (found: {found.told()});"
            f" {found.mend()}, or {_NO_GPU}"
        )
    return devices_of(wanted)


def placements(wanted: str, memory_mb: int, jobs: int, gpu_jobs: int | None) -> list[Placement]:
    """Where the workers of a run compute, one placement for each device.

    Args:
        memory_mb: of a GPU, for one worker.
        jobs: processes side by side; no more than that compute on GPUs either.
        gpu_jobs: how many compute on GPUs, all together, whatever they have room for.

    Raises:
        UsageError: as `require_device`; no GPU has room for a job.
    """
    kinds = require_device(wanted)
    if "gpu" not in kinds:
        return [CPU]
    gpus = _gpus(nvidia.cards())
    shared = _told_to(gpus, gpu_jobs) if gpu_jobs else _fitting(gpus, memory_mb, jobs)
    gpu = Placement("gpu", "GPU:0", memory_mb, shared)
    return [gpu] if wanted == "gpu" else [CPU, gpu]


def elsewhere(wanted: str, memory_mb: int) -> list[Placement]:
    """The placements for other machines, whose GPUs aren't known here; see `here`."""
    gpu = Placement("gpu", "GPU:0", memory_mb)
    return [gpu if kind == "gpu" else CPU for kind in devices_of(wanted)]


def here(placement: Placement, jobs: int) -> Placement:
    """One that came from `elsewhere`, with places for `jobs` on this machine's own GPUs.

    Not as many as fit into what is free: what the first job takes isn't free for the second, and
    how many there may be was said when the worker was started (`--resources GPU=N`).

    Raises:
        UsageError: as `require_device`.
    """
    if placement.kind != "gpu":
        return placement
    (own,) = placements("gpu", placement.memory_mb, jobs, jobs)
    return own


def _gpus(cards: tuple[Card, ...] | None) -> list[tuple[str, int | None]]:
    """(name for CUDA_VISIBLE_DEVICES, free MiB) of each GPU that is this user's."""
    setting = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    names = [name for name in setting.split(",") if _NAME.fullmatch(name)]
    if cards and not any(name.startswith("MIG-") for name in names):
        left = nvidia.allotted(cards, os.environ)
        if left:
            return [(card.uuid, card.free_mb) for card in left]
    # Without nvidia-smi's word only their number is known, and room for one job is assumed.
    numbers = [str(number) for number in range(len(nvidia_gpus()))]
    return [(name, None) for name in names or numbers]


def _told_to(gpus: Sequence[tuple[str, int | None]], wanted: int) -> tuple[Gpu, ...]:
    """`wanted` jobs, spread evenly."""
    each, more = divmod(wanted, len(gpus))
    spread = [Gpu(name, each + (n < more)) for n, (name, _) in enumerate(gpus)]
    return tuple(gpu for gpu in spread if gpu.places)


def _fitting(gpus: Sequence[tuple[str, int | None]], memory_mb: int, jobs: int) -> tuple[Gpu, ...]:
    """As many jobs as fit into what is free now, and no more than `jobs`."""
    need = WORKERS_OF_A_JOB * (memory_mb + CONTEXT_MB)
    room = [1 if free is None else free // need for _, free in gpus]
    if not any(room):
        most = max(free or 0 for _, free in gpus)
        raise UsageError(
            f"--device: no GPU has room for a job: {most} MB are free, and a job takes {need}"
            f" ({WORKERS_OF_A_JOB} workers of gpu_memory_mb = {memory_mb} and {CONTEXT_MB} for"
            " CUDA); end what else runs there (nvidia-smi shows it), lower gpu_memory_mb in"
            " course.toml, or say how many jobs there shall be with --gpu-jobs"
        )
    given = [0] * len(gpus)
    while sum(given) < min(jobs, sum(room)):
        # The emptiest first, so that all are used alike.
        place = min((n for n in range(len(gpus)) if given[n] < room[n]), key=lambda n: given[n])
        given[place] += 1
    return tuple(Gpu(name, n) for (name, _), n in zip(gpus, given, strict=True) if n)
