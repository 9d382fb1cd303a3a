"""Runs in a fresh interpreter: the wall's edge cases that need processes of their own.

Usage: edges.py ROOT CASE   prints the case's outcome as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from walled import base_spec

from grader.errors import GraderError
from grader.sandbox.wall import wall_in


def second_thread(root: Path) -> Any:
    wait = threading.Event()
    other = threading.Thread(target=wait.wait)
    other.start()
    try:
        wall_in(base_spec(root, "x"), rpc_fd=0, stdout_fd=1, stderr_fd=2)
    except GraderError as error:
        return f"{type(error).__name__}: {error}"
    finally:
        wait.set()
        other.join()
    return "walled in"


def crossed_descriptors(root: Path) -> Any:
    pipes = [os.pipe() for _ in range(3)]
    child = os.fork()
    if child == 0:
        # rpc sits on 1, stdout on 2 and stderr on 3 when the wall is asked for.
        held = [os.dup(writer) for _, writer in pipes]
        for place, number in zip((1, 2, 3), held, strict=True):
            os.dup2(number, place)
        if wall_in(base_spec(root, "x"), rpc_fd=1, stdout_fd=2, stderr_fd=3):
            os._exit(1)
        for place, text in ((3, b"rpc"), (1, b"stdout"), (2, b"stderr")):
            os.write(place, text)
        os._exit(0)
    for _, writer in pipes:
        os.close(writer)
    said = [os.read(reader, 100).decode() for reader, _ in pipes]
    os.waitpid(child, 0)
    return said


def parent_dies(root: Path) -> Any:
    reader, writer = os.pipe()
    zygote = os.fork()
    if zygote == 0:
        if os.fork() == 0:
            os.close(reader)
            holes = wall_in(base_spec(root, "x"), rpc_fd=writer, stdout_fd=1, stderr_fd=2)
            # Its own alarm tells of a failure: the worker would wait, and the reader, for ever.
            signal.signal(signal.SIGALRM, lambda number, frame: os.write(3, b"outlived it"))
            signal.alarm(30)
            os.write(3, repr(holes).encode() if holes else b"walled")
            signal.pause()
            os._exit(0)
        os.close(writer)
        while True:
            signal.pause()
    os.close(writer)
    first = os.read(reader, 100).decode()
    os.kill(zygote, signal.SIGKILL)
    os.waitpid(zygote, 0)
    # Only the worker still holds the other end: this returns when it is gone.
    return [first, os.read(reader, 100).decode()]


CASES = {
    "second thread": second_thread,
    "crossed descriptors": crossed_descriptors,
    "parent dies": parent_dies,
}

if __name__ == "__main__":
    print(json.dumps(CASES[sys.argv[2]](Path(sys.argv[1]))))
