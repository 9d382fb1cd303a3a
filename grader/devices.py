"""Which devices TensorFlow will find here, told without importing it."""

from __future__ import annotations

from pathlib import Path

from grader.errors import UsageError


def devices_of(wanted: str) -> tuple[str, ...]:
    """The devices that `cpu`, `gpu` or `both` stands for."""
    return ("cpu", "gpu") if wanted == "both" else (wanted,)


def require_device(wanted: str) -> tuple[str, ...]:
    """The devices to grade on, for `cpu`, `gpu` or `both`.

    Raises:
        UsageError: a GPU is asked for and the machine shows none.
    """
    if wanted != "cpu" and not nvidia_gpus():
        raise UsageError(
            f"--device {wanted}: no NVIDIA GPU is visible here (/dev/nvidia0); use --device cpu, or"
            " run where the driver is installed and the device is passed into the container"
        )
    return devices_of(wanted)


def nvidia_gpus() -> tuple[str, ...]:
    """The device nodes of the NVIDIA GPUs that are visible here."""
    return tuple(sorted(str(node) for node in Path("/dev").glob("nvidia[0-9]*")))
