"""The baseline: one submission, one fresh pytest process that imports TensorFlow itself.

The reference's answers come ready from a file (written when it isn't there), so that the baseline
pays for nothing but what any grader without a warm process has to pay.

    python tests/bench/one_pytest.py EXERCISE FILE MEMORY
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from grader.plugin import SEATS
from grader.seats import LocalSeats
from grader.wire import PREFIX, decode, encode, lengths

ROOT = Path(__file__).parents[2]


class Preloaded:
    """Hands seats with a filled memory of the reference to the plugin."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seats = LocalSeats()
        if file.exists():
            data = file.read_bytes()
            header, _ = lengths(data[: PREFIX.size])
            body = data[PREFIX.size :]
            known = decode(body[:header], body[header:])
            self._seats._memory.update({bytes.fromhex(k): v for k, v in known.items()})

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[SEATS] = self._seats

    def save(self) -> None:
        known = {key.hex(): value for key, value in self._seats._memory.items()}
        self._file.write_bytes(encode(known))


if __name__ == "__main__":
    exercise, submission, memory = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    preloaded = Preloaded(memory)
    status = pytest.main(
        [
            str(ROOT / "solutions" / exercise), f"--submission={submission}", "-q",
            "-p", "no:cacheprovider", "--no-header",
        ],
        plugins=[preloaded],
    )  # fmt: skip
    if not memory.exists():
        preloaded.save()
    sys.exit(0 if status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else 3)
