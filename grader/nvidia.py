"""What there is of NVIDIA GPUs, their driver and CUDA, told without TensorFlow and without CUDA.

Memory is asked of `nvidia-smi`, which comes with the driver: a library (`nvidia-ml-py`) would be
one more dependency that only loads what the same driver brings, into the grader's own process.
"""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_DRIVER = Path("/proc/driver/nvidia/version")
_SMI = ("nvidia-smi", "--query-gpu=index,uuid,memory.total,memory.free")
_FORMAT = "--format=csv,noheader,nounits"
_SMI_SECONDS = 20.0  # the driver is loaded by the first question where it doesn't stay
_MOST_OUTPUT = 64 << 10
_MOST_GPUS = 64
_UUID = re.compile(r"GPU-[0-9a-fA-F-]{8,60}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_VERSION = re.compile(r"\b(\d{2,4}\.\d+(?:\.\d+)?)\b")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Card:
    """One GPU as `nvidia-smi` tells it; MiB, None where it doesn't tell (as with MIG)."""

    index: int
    uuid: str
    total_mb: int | None
    free_mb: int | None


@dataclass(frozen=True, slots=True)
class Build:
    """The TensorFlow that is installed.

    Attributes:
        name: distribution and version, such as `tensorflow 2.21.0`.
        cuda: the CUDA version that it is built for; "" for a build without.
        missing: packages of its own list (`tensorflow[and-cuda]`) that aren't installed.
    """

    name: str
    cuda: str
    missing: tuple[str, ...]


def nodes() -> tuple[str, ...]:
    """The device nodes of the GPUs that are visible here."""
    return tuple(sorted(str(node) for node in Path("/dev").glob("nvidia[0-9]*")))


def driver() -> str:
    """The version of the driver that is loaded; "" where none is."""
    try:
        text = _DRIVER.read_bytes()[:4096].decode("utf-8", "replace")
    except OSError:
        return ""
    found = _VERSION.search(text)
    return found[1] if found else "of an unknown version"


def cards() -> tuple[Card, ...] | None:
    """What `nvidia-smi` tells of each GPU; None where it isn't there, fails or says odd things."""
    try:
        done = subprocess.run(
            [*_SMI, _FORMAT],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SMI_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if len(done.stdout) > _MOST_OUTPUT:
        return None
    return read_cards(done.stdout.decode("utf-8", "replace"))


def read_cards(text: str) -> tuple[Card, ...] | None:
    """The table that `nvidia-smi` printed; None if any line of it isn't as expected."""
    found = []
    for line in text.splitlines():
        match [field.strip() for field in line.split(",")]:
            case [index, uuid, total, free] if _NUMBER.fullmatch(index) and _UUID.fullmatch(uuid):
                found.append(Card(int(index), uuid, _amount(total), _amount(free)))
            case _:
                return None
    return tuple(found) if len(found) <= _MOST_GPUS else None


def _amount(field: str) -> int | None:
    """A number; `[N/A]` and `[Insufficient Permissions]` are answers too."""
    return int(field) if _NUMBER.fullmatch(field) else None


def allotted(found: Sequence[Card], environment: Mapping[str, str]) -> tuple[Card, ...]:
    """Those of `found` that CUDA_VISIBLE_DEVICES leaves, in its order: a cluster allots with it.

    As CUDA does, the list ends at the first entry that names none.
    """
    wanted = environment.get("CUDA_VISIBLE_DEVICES")
    if wanted is None:
        return tuple(found)
    left = []
    for entry in (part.strip() for part in wanted.split(",")):
        match = [
            card
            for card in found
            if (entry.isdecimal() and card.index == int(entry[:9]))
            or (entry.startswith("GPU-") and card.uuid.startswith(entry))
        ]
        if len(match) != 1 or match[0] in left:
            break
        left += match
    return tuple(left)


def build() -> Build | None:
    """The installed TensorFlow, without importing it; None where there is none."""
    spec = importlib.util.find_spec("tensorflow")
    if spec is None or not spec.submodule_search_locations:
        return None
    root = Path(next(iter(spec.submodule_search_locations)))
    for name in ("tensorflow", "tensorflow-cpu"):
        try:
            version = importlib.metadata.version(name)
            requires = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        info = _build_info(root / "python" / "platform" / "build_info.py")
        cuda = str(info.get("cuda_version", "")) if info.get("is_cuda_build") else ""
        return Build(f"{name} {version}", cuda, _missing(requires) if cuda else ())
    return None


def _build_info(file: Path) -> dict[str, object]:
    """The list of pairs in TensorFlow's build_info.py, read and not run."""
    try:
        tree = ast.parse(file.read_text("utf-8"))
    except (OSError, ValueError, SyntaxError):
        return {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id="build_info")], value=ast.Call(args=[pairs])):
                try:
                    return dict(ast.literal_eval(pairs))
                except (ValueError, TypeError):
                    return {}
    return {}


def _missing(requires: Sequence[str]) -> tuple[str, ...]:
    """What TensorFlow's extra `and-cuda` asks for and isn't installed, unless the system has it."""
    wanted = [
        name[0]
        for line in requires
        if "and-cuda" in line and (name := _NAME.match(line)) is not None
    ]
    missing = tuple(name for name in wanted if not _installed(name))
    # Distributions and containers bring the libraries by themselves.
    from ctypes import util  # which takes longer than all else here, where there is no GPU

    if missing and util.find_library("cudnn") and util.find_library("cudart"):
        return ()
    return missing


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def hidden_by() -> str:
    """The value of CUDA_VISIBLE_DEVICES, where it hides every GPU; "" otherwise."""
    value = os.environ.get("CUDA_VISIBLE_DEVICES")
    if value is None:
        return ""
    first = value.split(",")[0].strip()
    shown = first.isdecimal() or first.startswith(("GPU-", "MIG-"))
    return "" if shown else f"CUDA_VISIBLE_DEVICES={value[:40]!r}"
