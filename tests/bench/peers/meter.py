"""Runs a command and measures it: seconds on the clock, and seconds of CPU of all its processes.

What `wait` tells a parent about its children's CPU lacks every process that nobody waited for: a
zygote that is killed takes along all that its workers used. So a command runs in a control group of
its own, where the kernel counts whatever belongs to it. Where none can be made (it takes root), the
difference of `/proc/stat` counts, which includes everybody else on the machine; `Measured.method`
says which.
"""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measured:
    """What one command took.

    Attributes:
        seconds: on the clock.
        cpu_seconds: user and system, of all its processes.
        method: what `cpu_seconds` comes from: `cgroup` or `/proc/stat`.
        waited_cpu_seconds: the same by `getrusage`, for comparison.
        machine_cpu_seconds: the same by `/proc/stat`, others' included, for comparison.
        load: the machine's load average, over a minute, before it started.
    """

    seconds: float
    cpu_seconds: float
    method: str
    waited_cpu_seconds: float
    machine_cpu_seconds: float
    load: float


class CommandFailed(Exception):
    """A command ended with a status that it shouldn't; holds the end of what it said."""


def run(
    command: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    log: Path,
    statuses: Sequence[int] = (0,),
) -> Measured:
    """Runs a command to its end.

    Raises:
        CommandFailed: its status isn't among `statuses`.
    """
    group = _new_group()
    load = os.getloadavg()[0]

    def enter() -> None:
        if group is not None:
            (group / "cgroup.procs").write_text(str(os.getpid()))

    waited, machine = _waited(), _machine()
    begun = time.perf_counter()
    with log.open("wb") as output:
        status = subprocess.run(
            command, cwd=cwd, env=dict(environment), stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, preexec_fn=enter, check=False,
        ).returncode  # fmt: skip
    seconds = time.perf_counter() - begun
    waited, machine = _waited() - waited, _machine() - machine
    cpu = machine if group is None else _close(group)
    if status not in statuses:
        said = log.read_text("utf-8", "replace")[-3000:]
        raise CommandFailed(f"{' '.join(command)}: status {status}\n{said}")
    method = "/proc/stat" if group is None else "cgroup"
    return Measured(seconds, cpu, method, waited, machine, load)


def _new_group() -> Path | None:
    """A new control group (version 2), or None where this user can't have one."""
    for line in Path("/proc/mounts").read_text("utf-8").splitlines():
        _, place, kind, *_ = line.split()
        if kind == "cgroup2":
            group = Path(place, f"grader-bench-{os.getpid()}")
            try:
                group.mkdir()
            except OSError:
                return None
            return group
    return None


def _close(group: Path) -> float:
    """Removes the group; returns its CPU seconds, once every process in it has ended."""
    for _ in range(1200):  # a minute: a killed process may take a moment to go
        if not (group / "cgroup.procs").read_text().split():
            break
        time.sleep(0.05)
    lines = (group / "cpu.stat").read_text().splitlines()
    usage = dict(line.split() for line in lines)["usage_usec"]
    group.rmdir()
    return int(usage) / 1e6


def _waited() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _machine() -> float:
    """CPU seconds that were used on this machine since it started."""
    with open("/proc/stat", encoding="utf-8") as lines:
        user, nice, system, _idle, _wait, irq, softirq, *_ = map(int, next(lines).split()[1:])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")
