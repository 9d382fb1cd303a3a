"""Memory, threads, disk and sudden ends: each costs its own check and nothing else."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.asking import Session
from grader.course import Exercise
from grader.engine.walled import WalledSeat
from grader.engine.worker import Worker
from grader.engine.zygote import Zygote
from grader.errors import (
    CheckFailed,
    EngineError,
    ImportFailed,
    NotRun,
    StudentError,
    WorkerKilled,
    WorkerLost,
)

Seat = Callable[[str], WalledSeat]
Limited = Callable[..., Zygote]
Lost = Callable[..., WorkerLost]


def test_memory_bomb(lost: Lost, limited: Limited) -> None:
    """Memory that is really used ends the worker as `out_of_memory`."""
    limited(memory_mb=1200)
    source = """
    def square(x):
        kept = []
        while True:
            kept.append(np.ones(1 << 22)); time.sleep(0.01)"""
    assert lost(source).outcome == "out_of_memory"


def test_thread_bomb(seat: Seat) -> None:
    """Threads without end are stopped by the kernel or by the watch."""
    taken = seat("""
    import threading
    def square(x):
        while True:
            threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()
    """)
    with pytest.raises((StudentError, WorkerLost, CheckFailed)):
        Session(taken.begin(1, 5.0)).square(1)


DISK = {
    "large files": "open(str(i), 'wb').write(bytes(32 << 20))",
    "many files": "open(str(i), 'wb').close()",
    "nested folders": "os.mkdir('d'); os.chdir('d')",
    "deleted files": "f = open('x', 'wb'); keep(f); os.unlink('x'); f.write(bytes(32 << 20))",
}


@pytest.mark.parametrize("private", [True, False], ids=["bounded", "watched"])
@pytest.mark.parametrize("fill", DISK.values(), ids=DISK.keys())
def test_disk(
    lost: Lost, zygote: Zygote, monkeypatch: pytest.MonkeyPatch, fill: str, private: bool
) -> None:
    """Filling the disk ends the worker as `out_of_memory`, and nothing of it is left.

    Whether the kernel bounds a file system of the worker's own, or the grader looks.
    """
    if private and not zygote._capabilities.private_scratch:
        pytest.fail("no right to mount here: install bubblewrap, or allow user namespaces")
    ways = replace(zygote._capabilities, private_scratch=private)
    monkeypatch.setattr(zygote, "_capabilities", ways)
    source = f"""
    from itertools import count
    keep = [].append
    def square(x):
        for i in count():
            {fill}
            if i % 50 == 0: time.sleep(0.001)"""
    assert lost(source).outcome == "out_of_memory"
    zygote.removals.finish()
    assert not [
        p for p in zygote.root.glob("scratch-*") if (p / "0").exists() or (p / "d").exists()
    ]


def test_the_kernel_takes_workers_first(zygote: Zygote, loaded: Callable[..., Worker]) -> None:
    """Should the machine run out of memory, a worker is a better victim than the grader."""
    worker = loaded("def square(x): return x")
    scores = [
        int(Path(f"/proc/{pid}/oom_score_adj").read_text()) for pid in (worker._pid, zygote.pid)
    ]
    assert scores[0] >= scores[1] + 500


ENDS = {
    "os._exit": ("os._exit(0)", "crashed"),
    "segmentation fault": ("import ctypes; ctypes.string_at(0)", "crashed"),
    "abort": ("os.abort()", "crashed"),
    "stack overflow": ("import faulthandler; faulthandler._stack_overflow()", "crashed"),
    "closing the channel": ("os.close(3); time.sleep(1e6)", "crashed"),
    "ending itself": ("os.kill(os.getpid(), 15)", "crashed"),
    "replacing the channel": (
        "os.dup2(os.open('/dev/null', os.O_RDWR), 3); time.sleep(1e6)",
        "crashed",
    ),
}


@pytest.mark.parametrize(("code", "outcome"), ENDS.values(), ids=ENDS.keys())
def test_ends(lost: Lost, code: str, outcome: str) -> None:
    """A worker that ends itself costs its own check, named as what it is."""
    assert lost(f"    def square(x):\n        {code}").outcome == outcome


def test_killed_from_outside(seat: Seat) -> None:
    """A worker that somebody else killed is the grader's trouble; the next check gets a new one."""
    taken = seat("def square(x):\n    while True: pass\ndef ping(): return 42")
    backend = taken.begin(1, None)
    worker = taken._worker
    assert worker is not None
    killer = threading.Thread(target=os.kill, args=(worker._pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(WorkerKilled, match="outside the grader"):
        Session(backend).square(1)
    killer.join()
    taken.end()
    assert Session(taken.begin(2, None)).ping() == 42


def test_a_killed_reference_is_replaced(zygote: Zygote, square: Exercise) -> None:
    """A lost worker stays lost: what is asked of it later doesn't hang."""
    file = zygote.stage("square.py", b"def square(x): return x")
    worker = zygote.spawn(file, square, trusted=True)
    worker.deadline = float("inf")
    worker.load()
    os.kill(worker._pid, signal.SIGKILL)
    for _ in range(2):
        with pytest.raises(EngineError):
            Session(worker).square(1)


@pytest.mark.parametrize("code", ["os._exit(0)", "os.kill(os.getpid(), 15)", "os.close(3)"])
def test_ends_at_import(seat: Seat, code: str) -> None:
    """So does one that ends while it is imported; the checks after it aren't run."""
    taken = seat(code)
    with pytest.raises(WorkerLost) as caught:
        taken.begin(1, None)
    assert caught.value.outcome == "crashed"
    with pytest.raises(NotRun):
        taken.begin(2, None)


def test_a_failing_import_is_told_once(seat: Seat) -> None:
    """The first check says why the module can't be imported, the others aren't run."""
    taken = seat("raise ValueError('no')")
    with pytest.raises(ImportFailed, match="no"):
        taken.begin(1, None)
    with pytest.raises(NotRun, match="first check"):
        taken.begin(2, None)
