"""Which files Python, TensorFlow and, if asked, CUDA must be able to read inside the wall."""

from __future__ import annotations

import os
import sys
import sysconfig

_SYSTEM = (
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
)
COMMAND_LINE = "/proc/self/cmdline"
ALWAYS_READ = ("/dev/urandom", COMMAND_LINE)
"""TensorFlow aborts without the second; the wall adds both by itself."""

GPU_READ = (
    "/usr/local/cuda",
    "/etc/alternatives",
    "/proc/driver/nvidia",
    "/proc/devices",
    "/proc/modules",
    "/proc/self/maps",
    "/sys/bus/pci",
    "/sys/devices",
)
_GPU_DEVICES = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-caps")


# Isolated, and yet this very copy of the grader: another one that is installed may be of another
# version, and lies outside what a worker may read. AutoGraph needs to read the probes' source.
_START = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); import grader; del sys.path[0];"
    " runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def command(module: str, *arguments: str) -> list[str]:
    """A command that runs a module of this grader in an isolated interpreter of its own."""
    root = os.path.dirname(_package())
    return [sys.executable, "-I", "-B", "-c", _START, root, module, *arguments]


def _package() -> str:
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def default_read_paths() -> tuple[str, ...]:
    """Directories of this interpreter, of what is installed into it and of the grader itself.

    Deliberately not `sys.path`: an editable install puts a project's root there, and with it
    whatever lies beside the package, hidden checks included.
    """
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    installed = [sysconfig.get_path(name) for name in names]
    # A virtual environment's standard library and shared libpython live under the base prefix.
    shared = [os.path.join(sys.base_prefix, "lib"), os.path.join(sys.base_prefix, "lib64")]
    marker = os.path.join(sys.prefix, "pyvenv.cfg")
    found = [*installed, *shared, marker, _package(), *_SYSTEM]
    return tuple(dict.fromkeys(path for path in found if os.path.exists(path)))


def gpu_devices() -> tuple[str, ...]:
    """The NVIDIA device nodes that are there, to be opened for reading, writing and ioctl."""
    try:
        names = sorted(os.listdir("/dev"))
    except OSError:
        return ()
    return tuple(
        f"/dev/{name}"
        for name in names
        if name in _GPU_DEVICES or (name.startswith("nvidia") and name[6:].isdigit())
    )
