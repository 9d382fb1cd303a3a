"""A thousand submissions in a row, and what they leave: `python tests/bench/endurance.py [COUNT]`.

One process of a batch, as `grader grade` starts them, checks COUNT submissions in shards: right,
wrong, and such as fill the disk, end themselves, start threads, or are stopped at a limit. Printed
are processes, descriptors, temporary files and memory of that process and of its zygote, after the
first tenth (what is loaded once is loaded by then) and at the end. Exit status 1 if anything grew.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass, fields
from pathlib import Path

from grader import course
from grader.engine.config import EngineConfig
from grader.job import Job
from grader.results import Row
from grader.sandbox.levels import Level
from grader.shard import Process, run

TINY = Path(__file__).parents[1] / "courses" / "tiny"
SHARD = 16
KINDS = {
    "right": "def square(x): return x * x",
    "wrong": "def square(x): return x + x",
    "raises": "def square(x): raise ValueError('no')",
    "ends itself": "import os\ndef square(x): os._exit(1)",
    "leaves files": "def square(x):\n    for i in range(50): open(str(i), 'w').write('x' * 9999)\n"
    "    return x * x",
    "leaves threads": "import threading, time\ndef square(x):\n    for i in range(20):\n"
    "        threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()\n"
    "    return x * x",
    "takes memory": "import numpy as np\ndef square(x):\n    square.kept = np.ones(1 << 24)\n"
    "    return x * x",
    "forges": "import os\ndef square(x): os.write(3, b'x' * 100)",
    "cannot be imported": "import nothing_of_this_name",
    "never returns": "def square(x):\n    while True: pass",
}
RARE = ("never returns",)  # costs its whole budget
LEAKS = ("processes", "descriptors", "zygote_descriptors", "temporary_files")
MEMORY = ("memory_mb", "zygote_memory_mb")
_SLACK_MB = 20  # an interpreter's heap breathes


@dataclass(frozen=True, slots=True)
class Traces:
    """What is there at one moment."""

    processes: int
    descriptors: int
    zygote_descriptors: int
    temporary_files: int
    memory_mb: int
    zygote_memory_mb: int


def look(process: Process, work: Path) -> Traces:
    """Counts what this process and its zygote hold; waits for removals that are under way."""
    zygote = process.zygote()
    zygote.removals.finish()
    return Traces(
        processes=sum(_parent(pid) in (os.getpid(), zygote.pid) for pid in _pids()),
        descriptors=len(os.listdir("/proc/self/fd")),
        zygote_descriptors=len(os.listdir(f"/proc/{zygote.pid}/fd")),
        temporary_files=sum(len(folders) + len(files) for _, folders, files in os.walk(work)),
        memory_mb=_resident_mb(os.getpid()),
        zygote_memory_mb=_resident_mb(zygote.pid),
    )


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1])
    except OSError:  # it has just ended
        return -1


def _resident_mb(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def jobs(count: int) -> list[Job]:
    """That many different submissions, all kinds mixed; of the rare ones, one in a hundred."""
    often = [name for name in KINDS if name not in RARE]
    made = []
    for number in range(count):
        kind = RARE[number // 100 % len(RARE)] if number % 100 == 99 else often[number % len(often)]
        source = f"# {number}\n{KINDS[kind]}\n".encode()
        name = f"{kind} {number}"
        made.append(Job(name, name, "square", source, "square.py", None, ()))
    return made


def endure(count: int) -> tuple[Traces, Traces, dict[str, set[str]]]:
    """Checks `count` submissions; traces after a tenth, at the end, and outcomes by kind."""
    loaded = course.load(TINY)
    limits = course.Limits(check_seconds=2.0, submission_seconds=2.0, memory_mb=2048)
    outcomes: dict[str, set[str]] = {}
    traces: list[Traces] = []

    def note(_: str, row: Row) -> None:
        kind = row.student.rpartition(" ")[0]
        outcomes.setdefault(kind, set()).add(" ".join(check.outcome for check in row.checks))

    with tempfile.TemporaryDirectory(prefix="endurance-") as name:
        work = Path(name)
        process = Process(loaded.root, EngineConfig(Level.STRICT, limits), work)
        try:
            todo = jobs(count)
            first = count // 10
            for part in (todo[:first], todo[first:]):
                for at in range(0, len(part), SHARD):
                    run(process, 7, part[at : at + SHARD], note)
                traces.append(look(process, work))
        finally:
            process.close()
    return traces[0], traces[1], outcomes


def main() -> None:
    """Prints the traces before and after."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    begun = time.monotonic()
    before, after, outcomes = endure(count)
    print(f"{count} submissions in {time.monotonic() - begun:.0f} s")
    print(f"{'':20} after {count // 10:5}   after {count:5}")
    for field in fields(Traces):
        name = field.name.replace("_", " ")
        print(f"{name:20} {getattr(before, field.name):11} {getattr(after, field.name):13}")
    for kind, found in outcomes.items():
        print(f"  {kind:20} {', '.join(sorted(found))}")
    grown = [name for name in LEAKS if getattr(after, name) > getattr(before, name)]
    grown += [n for n in MEMORY if getattr(after, n) > getattr(before, n) + _SLACK_MB]
    if grown:
        raise SystemExit(f"grown: {', '.join(grown)}")


if __name__ == "__main__":
    main()
