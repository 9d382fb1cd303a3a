"""How long after its limit a worker is really gone: `python tests/bench/overshoot.py [ROUNDS]`.

Prints, for several ways not to end, the time from the limit to the moment when the process is dead,
reaped, and its scratch removed. The contract is 0.2 s; a busy machine adds its own delays, which is
why no test asserts it on the clock.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from grader import course
from grader.asking import Session
from grader.engine.config import EngineConfig
from grader.engine.zygote import Zygote
from grader.errors import WorkerLost
from grader.sandbox.levels import Level

TINY = Path(__file__).parents[1] / "courses" / "tiny"
LIMIT = 0.3
WAYS = {
    "loop": "def square(x):\n    while True: pass",
    "GIL held": "def square(x): return sum(range(10 ** 15))",
    "regex": "import re\ndef square(x): re.match(r'(a|a)*$', 'a' * 60 + 'b')",
    "sleep": "import time\ndef square(x): time.sleep(1e6)",
    "drip": "import os, time\ndef square(x):\n    os.write(3, b'\\0\\0\\0\\x50\\0\\0\\0\\0')\n"
    "    while True: os.write(3, b'x'); time.sleep(0.005)",
    "1 GB resident": "import numpy as np\nkept = []\ndef square(x):\n"
    "    kept.append(np.ones(1 << 27))\n    while True: pass",
    "1,000 files": "def square(x):\n    for i in range(1000): open(str(i), 'w').write('x')\n"
    "    while True: pass",
    "100 threads": "import threading, time\ndef square(x):\n    for i in range(100):\n"
    "        threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()\n"
    "    while True: pass",
}


def overshoot(zygote: Zygote, exercise: course.Exercise, source: str) -> float:
    """Seconds between the limit and the worker's end."""
    worker = zygote.spawn(zygote.stage("square.py", source.encode()), exercise, trusted=False)
    worker.deadline = time.monotonic() + 30
    worker.load()
    end = worker.deadline = time.monotonic() + LIMIT
    try:
        Session(worker).square(1)
    except WorkerLost:
        return time.monotonic() - end
    raise SystemExit("it answered")


def main() -> None:
    """Prints a line for each way."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    loaded = course.load(TINY)
    zygote = Zygote(EngineConfig(Level.STRICT, loaded.limits))
    try:
        for name, source in WAYS.items():
            late = [overshoot(zygote, loaded.by_id("square"), source) for _ in range(rounds)]
            print(
                f"{name:15} median {statistics.median(late) * 1000:6.1f} ms"
                f"   worst {max(late) * 1000:6.1f} ms   ({rounds} rounds)"
            )
    finally:
        zygote.close()


if __name__ == "__main__":
    main()
