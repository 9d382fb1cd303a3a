"""Tries, where the zygote would run, what a worker will need; prints one JSON object.

`python -I -m grader.sandbox.probe FOLDER`, with a JSON list of the paths that a worker must be able
to read on its input. It runs inside the outer wall if there is one, because that decides: behind
it, a Python in root's own home is readable for every uid.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from typing import TYPE_CHECKING

from grader.sandbox import kernel, scratch
from grader.sandbox.namespaces import own_namespaces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FIRST_WORKER_UID = 60_000
"""A worker that drops root becomes this uid, or one counted up from it."""

_CAP_CHOWN, _CAP_SETGID, _CAP_SETUID = 0, 6, 7


def main() -> None:
    """Prints what is possible here."""
    folder, paths = sys.argv[1], json.loads(sys.stdin.read())
    droppable, unreachable = _worker_uid(paths)
    found = {
        "namespaces": own_namespaces(),
        "can_drop_uid": droppable,
        "unreachable": unreachable,
        "private_scratch": _in_child(lambda: _mount(folder)) == "ok",
    }
    print(json.dumps(found))


def _mount(folder: str) -> str:
    scratch.mount(folder, uid=None)
    return "ok"


def _worker_uid(paths: Sequence[str]) -> tuple[bool, str]:
    """Whether a process can take a worker's uid and read `paths`, and the first it can't."""
    if os.geteuid() != 0:
        return False, ""
    held = kernel.effective_capabilities()
    if any(not held >> bit & 1 for bit in (_CAP_CHOWN, _CAP_SETGID, _CAP_SETUID)):
        return False, ""

    def attempt() -> str:
        kernel.become(FIRST_WORKER_UID)
        blocked = next((found for found in map(_blocked_at, paths) if found), "")
        return f"no {blocked}" if blocked else "ok"

    verdict, _, path = _in_child(attempt).partition(" ")
    return verdict == "ok", path


def _blocked_at(path: str) -> str:
    """The first directory on the way to `path`, or itself, that this process may not enter."""
    if os.access(path, os.R_OK):
        return ""
    try:
        os.stat(path)
    except OSError as error:
        if error.errno != errno.EACCES:
            return ""  # not there at all: nobody reads it, and the wall skips it
        parent = os.path.dirname(path)
        return _blocked_at(parent) or path
    return path


def _in_child(attempt: Callable[[], str]) -> str:
    """What `attempt` returns in a forked child, which keeps what it changes to itself."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, os.fsencode(attempt()))
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        answer = stream.read(1 << 16)
    os.waitpid(child, 0)
    return os.fsdecode(answer)


if __name__ == "__main__":
    main()
