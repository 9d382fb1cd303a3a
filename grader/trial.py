"""Proves before anything is graded that a worker can compute on the device: not after a class."""

from __future__ import annotations

from dataclasses import replace

from grader import devices
from grader.engine.config import EngineConfig
from grader.engine.zygote import Zygote
from grader.errors import EngineError, UsageError


def on_each_gpu(config: EngineConfig) -> None:
    """Has a walled worker compute one product on each GPU; nothing to do for the CPU.

    Raises:
        UsageError: one of them can't be computed on; it says why, and what was found.
        SandboxUnavailable: the wall can't be had.
    """
    placement = config.placement
    for gpu in placement.gpus:
        try:
            zygote = Zygote(replace(config, placement=replace(placement, gpus=(gpu,))))
            try:
                zygote.try_out()
            finally:
                zygote.close()
        except EngineError as error:
            found = devices.look()
            mend = found.mend() or "see docs/devices.md"
            raise UsageError(
                f"--device: no worker can compute on GPU {gpu.name}: {error}"
                f" (found: {found.told()}); {mend}, or use --device cpu"
            ) from None
