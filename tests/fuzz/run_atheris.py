"""Fuzzes one target with atheris: `python tests/fuzz/run_atheris.py TARGET [-runs=N] [FOLDER]`.

The options are libFuzzer's (`-max_total_time=60`, `-seed=1`, …). It starts from the seeds in
seeds.py and keeps what it finds in FOLDER, or nowhere. A fault ends it with its traceback and
status 77; the bytes that made it are written into the current directory as `fault-…`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

_INSIDE = "GRADER_FUZZES"
# No reader may take more than this on the few kilobytes that libFuzzer makes.
_LIMITS = ("-rss_limit_mb=1024", "-timeout=10", "-artifact_prefix=fault-")


def main() -> None:
    if os.environ.get(_INSIDE):
        fuzz()
        return
    # libFuzzer ends its process without a farewell, so that somebody else has to clean up.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=memory) as folder:
        there = {**os.environ, "TMPDIR": folder, _INSIDE: "1"}
        sys.exit(subprocess.run([sys.executable, *sys.argv], env=there).returncode)


def fuzz() -> None:
    import atheris

    # The grader must be imported under instrumentation: these two import it.
    with atheris.instrument_imports(include=["grader", "targets"]):
        sys.path.insert(0, str(Path(__file__).parent))
        from seeds import SEEDS
        from targets import TARGETS

    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"usage: run_atheris.py {{{','.join(TARGETS)}}} [-runs=N] [FOLDER]")
    target, rest = sys.argv[1], sys.argv[2:]
    seeds = Path(tempfile.mkdtemp(prefix="seeds-"))
    for number, data in enumerate(SEEDS[target]()):
        (seeds / f"seed-{number}").write_bytes(data)
    options = [argument for argument in rest if argument.startswith("-")]
    kept = [argument for argument in rest if not argument.startswith("-")]
    kept = kept or [tempfile.mkdtemp(prefix="corpus-")]
    atheris.Setup([sys.argv[0], *_LIMITS, *options, *kept, str(seeds)], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
