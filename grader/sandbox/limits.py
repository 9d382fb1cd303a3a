"""Resource limits of a worker: what the kernel counts for us."""

from __future__ import annotations

import sys
from dataclasses import dataclass

if sys.platform != "win32":
    import resource

_QUIET = {"CORE": 1, "MSGQUEUE": 0, "MEMLOCK": 1 << 20}
"""No core dumps, no message queues, next to no locked memory: nothing here needs them.

1 and not 0: a dump that the system pipes into a handler heeds no limit but this one (fs/coredump.c
in Linux), and writing out gigabytes of TensorFlow takes seconds per crash.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """Hard limits of one process.

    Attributes:
        cpu_seconds: processor time of all threads together; past it the kernel kills.
        file_bytes: largest file it may write.
        open_files: descriptors open at once.
        processes: threads of its uid; counts only for a uid of its own (see `apply`). Below about
            64 TensorFlow aborts.
        address_bytes: address space; `None` on a GPU, where CUDA reserves far more than it uses.
            TensorFlow on a CPU maps 1.4 GB at its first op and 2.4 GB in `fit`.
        data_bytes: private writable memory; `None` on a GPU.
    """

    cpu_seconds: int = 60
    file_bytes: int = 64 << 20
    open_files: int = 256
    processes: int = 256
    address_bytes: int | None = 6 << 30
    data_bytes: int | None = 3 << 30

    def apply(self, *, own_uid: bool) -> None:
        """Set the limits on this process, for good: soft and hard alike.

        Args:
            own_uid: this process will have a uid that it shares with no other. Otherwise the
                limit on processes isn't set: the kernel would count the threads of everything
                that the user runs, and TensorFlow would abort on a busy desktop.

        Raises:
            OSError: the kernel refused a limit.
        """
        wanted: dict[str, int | None] = {
            **_QUIET,
            "CPU": self.cpu_seconds,
            "FSIZE": self.file_bytes,
            "NOFILE": self.open_files,
            "NPROC": self.processes if own_uid else None,
            "AS": self.address_bytes,
            "DATA": self.data_bytes,
        }
        for name, value in wanted.items():
            if value is not None:
                _lower(name, value)


def _lower(name: str, value: int) -> None:
    kind = getattr(resource, f"RLIMIT_{name}")
    hard = resource.getrlimit(kind)[1]
    # Never ask for more than an outer limit leaves: an ordinary user can't raise it again.
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (bound, bound))
