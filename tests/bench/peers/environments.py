"""A virtual environment for each grader: its own packages, pinned, and this project's TensorFlow.

TensorFlow with what it needs is installed once, into a directory of its own, in the versions of
`constraints.txt`; a `.pth` file shows it to every environment. It comes last on the path, so that a
grader keeps its own versions of what both need.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[3]
CONSTRAINTS = ROOT / "constraints.txt"

# What computes is the same everywhere; beyond it, some graders need versions of their own.
_SHARED = ("tensorflow", "keras", "numpy", "h5py", "ml_dtypes", "protobuf", "ipykernel")

# What is installed for each grader; the first is the grader itself.
PINS: Mapping[str, tuple[str, ...]] = {
    "pytest": ("pytest==9.2.0",),
    "gradescope-utils": ("gradescope-utils==0.5.0",),
    "check50": ("check50==3.5.0",),
    "otter-grader": ("otter-grader==7.0.0", "ipykernel==7.4.0"),
    "nbgrader": ("nbgrader==0.9.6", "ipykernel==7.4.0"),
}


def prepare(name: str, work: Path) -> Path:
    """The Python of a grader's environment, which is made unless it is there.

    Raises:
        subprocess.CalledProcessError: pip or venv failed.
    """
    folder = work / "environments" / name
    python = folder / "bin" / "python"
    done = folder / "complete"
    pins = "\n".join(PINS[name])
    if done.is_file() and done.read_text("utf-8") == pins:
        return python
    tensorflow = _tensorflow(work)
    print(f"installing {', '.join(PINS[name])}", file=sys.stderr, flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    constraints = folder / "constraints.txt"
    constraints.write_text(_shared(), "utf-8")
    _pip(python, "-c", str(constraints), *PINS[name])
    site = _output(python, "import sysconfig; print(sysconfig.get_path('purelib'))")
    Path(site, "tensorflow.pth").write_text(f"{tensorflow}\n", "utf-8")
    done.write_text(pins, "utf-8")
    return python


def versions(python: Path, names: tuple[str, ...]) -> dict[str, str]:
    """The versions that an environment has of some packages."""
    code = f"from importlib.metadata import version; print(*map(version, {names!r}))"
    return dict(zip(names, _output(python, code).split(), strict=True))


def _tensorflow(work: Path) -> Path:
    """A directory with TensorFlow and what it needs, and nothing else."""
    folder = work / "environments" / "tensorflow"
    done = folder / "complete"
    wanted = CONSTRAINTS.read_text("utf-8")
    if not (done.is_file() and done.read_text("utf-8") == wanted):
        print("installing tensorflow", file=sys.stderr, flush=True)
        _pip(
            Path(sys.executable), "--upgrade", "--target", str(folder), "-c", str(CONSTRAINTS),
            "tensorflow",
        )  # fmt: skip
        done.write_text(wanted, "utf-8")
    return folder


def _shared() -> str:
    """The lines of `constraints.txt` that hold for every grader."""
    lines = CONSTRAINTS.read_text("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if line.split("==")[0] in _SHARED)


def _pip(python: Path, *args: str) -> None:
    subprocess.run(
        [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *args],
        check=True,
    )


def _output(python: Path, code: str) -> str:
    done = subprocess.run([str(python), "-c", code], check=True, capture_output=True, text=True)
    return done.stdout.strip()
