"""Memory is gathered into huge pages where the kernel can, and nothing is lost by it."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader.worker import pages

MAPS = """\
00400000-00452000 r-xp 00000000 08:02 173521      /usr/bin/dbus daemon
00e03000-01224000 rw-p 00000000 00:00 0           [heap]
7f0000000000-7f0000400000 rw-p 00000000 00:00 0
7f0000500000-7f00006ff000 rw-p 00000000 00:00 0
7f0001000000-7f0001400000 r--p 00000000 00:00 0
7f0002000000-7f0002400000 rw-s 00000000 00:00 0
7f0003000000-7f0003400000 rw-p 00000000 08:02 77  /usr/lib/lib.so
7ffd00000000-7ffd00400000 rw-p 00000000 00:00 0   [stack]
"""


def test_what_is_gathered() -> None:
    """Whole huge pages of anonymous memory: no code, no file, nothing shared, no stack."""
    assert list(pages.anonymous(MAPS)) == [
        (0x1000000, 0x1200000),
        (0x7F0000000000, 0x7F0000400000),
    ]


# What is there before is there afterwards, and a child has it too.
PROGRAM = """
import os
from grader.worker.pages import gather

kept = [bytes([n % 251]) * 50_000 for n in range(2_000)]
done = gather()
def whole():
    return all(text == bytes([n % 251]) * 50_000 for n, text in enumerate(kept))
assert whole()
child = os.fork()
if child == 0:
    os._exit(0 if whole() else 1)
assert os.waitpid(child, 0)[1] == 0
print(done)
"""


def test_nothing_is_lost() -> None:
    """A hundred megabytes, gathered or not, as the kernel likes."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) >= 0


class Refusing:
    """`madvise` of a kernel that doesn't know the advice."""

    def __call__(self, *_: object) -> int:
        return -1


def test_a_kernel_that_cant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is gathered, and nothing is said."""
    monkeypatch.setattr(pages, "anonymous", lambda _: [(0, 1 << 30)])
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: SimpleNamespace(madvise=Refusing()))
    assert pages.gather() == 0


def test_no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that can't see its own memory leaves it as it is."""

    def missing(*_: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    assert pages.gather() == 0
