"""The warm process where a fork isn't safe (macOS) or isn't there (Windows): good for one check.

`python -P -m grader.watch.spare` says `ready` on its standard output, reads one job from its
standard input, makes the check and ends. Fresh processes are new Pythons here.
"""

from __future__ import annotations

import json
import os
import sys

from grader.watch.job import Job
from grader.watch.session import run_session, warm_up


def main() -> None:
    """Warms up, says so, waits for its job, does it."""
    replies = os.dup(1)
    os.dup2(2, 1)
    warm_up()
    os.write(replies, b'{"ready": true}\n')
    os.close(replies)
    line = sys.stdin.buffer.readline()
    if not line:  # the watcher has ended
        os._exit(0)
    try:
        run_session(Job.decode(json.loads(line)), None)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
