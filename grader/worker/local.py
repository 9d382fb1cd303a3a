"""A fresh process for the self-check: serves one module over standard input and output.

There is no wall here: it is the student's own code on the student's own machine. It only has to be
a process in which nothing of the first one is left.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main() -> None:
    """`python -m grader.worker.local FILE [SHORTCUTS, OPS]`, the second in JSON."""
    requests, replies = os.dup(0), os.dup(1)
    os.dup2(2, 1)  # what the student's module prints must not mix with the frames
    shortcuts, ops = json.loads(sys.argv[2])
    serve_module(Path(sys.argv[1]), shortcuts, ops, requests, replies)


def serve_module(
    file: Path, shortcuts: Sequence[str], ops: Sequence[str], requests: int, replies: int
) -> None:
    """Imports `file` and answers what is asked over two descriptors, until the first is closed."""
    from grader.wire import encode
    from grader.worker.answering import Answerer
    from grader.worker.serve import serve
    from grader.worker.traces import TraceWatch
    from grader.worker.tripwires import Tripwires

    def write(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(replies, view) :]

    answerer = Answerer(TraceWatch(), Tripwires())
    loaded = answerer.load(file, shortcuts, ops)
    write(encode(loaded))
    if loaded["ok"]:
        serve(answerer, lambda count: os.read(requests, count), write)


if __name__ == "__main__":
    main()
