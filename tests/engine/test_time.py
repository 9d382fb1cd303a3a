"""What never ends is ended at its limit, and only the submission's own time counts."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from grader.asking import Session
from grader.engine import walled
from grader.engine import worker as workers
from grader.engine.walled import WalledSeat
from grader.engine.worker import Worker
from grader.engine.zygote import Zygote
from grader.errors import NotRun, WorkerLost

Seat = Callable[[str], WalledSeat]
Limited = Callable[..., Zygote]
Lost = Callable[..., WorkerLost]

# How a submission gets at the channel and at the nonce of the question that it is being asked.
FRAMES = """
    import inspect, msgpack, struct
    def nonce():
        for frame in inspect.stack():
            if "nonce" in frame.frame.f_locals and frame.function == "serve":
                return frame.frame.f_locals["nonce"]
    def frame(value, payload=b"", **more):
        header = msgpack.packb({"ok": True, "value": value, "tripped": [], **more})
        return struct.pack("!II", len(header), len(payload)) + header + payload
    def send(data):
        while data:
            data = data[os.write(3, data):]
    """


ENDLESS = {
    "loop": "def square(x):\n        while True: pass",
    "sleep": "def square(x): time.sleep(1e6)",
    "regex holding the GIL": """
    import re
    def square(x): return re.match(r"(a|a)*$", "a" * 60 + "b")""",
    "C holding the GIL": "def square(x): return sum(range(10 ** 15))",
    "signals ignored": """
    import signal
    for number in range(1, 65):
        try: signal.signal(number, signal.SIG_IGN)
        except Exception: pass
    def square(x):
        while True:
            try:
                while True: pass
            except BaseException: pass""",
    "exit handlers": """
    import atexit
    @atexit.register
    def again():
        while True: pass
    def square(x): sys.exit.__call__; again()""",
    "stopping itself": "def square(x): import signal; os.kill(os.getpid(), signal.SIGSTOP)",
    "TensorFlow": """
    def square(x):
        return tf.while_loop(lambda i: tf.constant(True), lambda i: [i + 1], [tf.constant(0)])""",
    "slow drip": FRAMES
    + """
    def square(x):
        for byte in frame(1, nonce=nonce()) + bytes(10 ** 6):
            os.write(3, bytes([byte])); time.sleep(0.02)""",
    "half a frame": FRAMES
    + "def square(x):\n        send(frame(1, nonce=nonce())[:-1]); time.sleep(1e6)",
    "a reply that is never finished": FRAMES
    + "def square(x):\n        send(struct.pack('!II', 100, 60 << 20)); time.sleep(1e6)",
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS.keys())
def test_endless(lost: Lost, source: str) -> None:
    """What never answers is ended at the limit, as `timeout`."""
    assert lost("    " + source.lstrip(), timeout=0.5).outcome == "timeout"


def test_endless_import(seat: Seat) -> None:
    """A loop at import is ended at the limit; later checks know it and aren't run."""
    taken = seat("while True: pass")
    with pytest.raises(WorkerLost) as caught:
        taken.begin(1, 0.5)
    assert caught.value.outcome == "timeout"
    with pytest.raises(NotRun, match="import"):
        taken.begin(2, None)


class Clock:
    """Stands for the engine's clock: time passes only while the grader waits for a worker."""

    def __init__(self, worker: Worker) -> None:
        self.now = 1000.0
        self.waits: list[float] = []
        self.ended: float | None = None
        self._finish = worker._finish
        worker._poll = self  # type: ignore[assignment]
        worker._finish = self.finish  # type: ignore[method-assign]

    def modify(self, descriptor: int, event: int) -> None:
        """The channel is never ready, so what is waited for doesn't matter."""

    def poll(self, milliseconds: float) -> None:
        self.waits.append(milliseconds / 1000)
        self.now += milliseconds / 1000

    def finish(self) -> int:
        self.ended = self.now
        return self._finish()

    def monotonic(self) -> float:
        return self.now


@pytest.mark.parametrize("limit", [0.003, 0.25, 7.0])
def test_ended_within_a_fifth_of_a_second(
    loaded: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch, limit: float
) -> None:
    """A silent worker is ended at its deadline: no wait goes beyond it, by 0.2 s or anything."""
    worker = loaded("def square(x):\n    while True: pass")
    clock = Clock(worker)
    monkeypatch.setattr(workers, "time", clock)
    worker.deadline = clock.now + limit
    with pytest.raises(WorkerLost) as caught:
        Session(worker).square(1)
    assert caught.value.outcome == "timeout"
    assert clock.ended == pytest.approx(1000.0 + limit, abs=1e-6)
    assert max(clock.waits) <= workers._WATCH_SECONDS < 0.2


def test_answers_that_trickle_in_meet_the_same_deadline(
    loaded: Callable[..., Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes that keep coming don't put the deadline off: it is looked at after every piece."""
    worker = loaded("def square(x): return 1")
    worker.deadline = time.monotonic() + 20
    pieces: list[int] = []

    class Channel:
        def recv(self, count: int) -> bytes:
            if not pieces and count == 1:
                pieces.append(0)
                raise BlockingIOError  # nothing unasked so far
            pieces.append(count)
            if len(pieces) == 5:
                monkeypatch.setattr(worker, "deadline", time.monotonic() - 1)
            return b"\0" if len(pieces) > 5 else b"\0\0\0\x50\0\0\0\0"[len(pieces) - 2 :][:1]

        def send(self, data: bytes) -> int:
            return len(data)

        def close(self) -> None:
            channel.close()

        def fileno(self) -> int:
            return channel.fileno()

    channel, worker._channel = worker._channel, Channel()  # type: ignore[assignment]
    with pytest.raises(WorkerLost) as caught:
        Session(worker).square(1)
    assert caught.value.outcome == "timeout"
    assert len(pieces) == 5


def test_budget(seat: Seat, limited: Limited) -> None:
    """When the submission's time is used up, the check at hand times out and the rest isn't run."""
    limited(submission_seconds=1.0, check_seconds=0.6)
    taken = seat("def square(x):\n    while True: pass")
    for seed in (1, 2):
        with pytest.raises(WorkerLost):
            Session(taken.begin(seed, None)).square(1)
        taken.end()
    with pytest.raises(NotRun, match="time as a whole"):
        taken.begin(3, None)


@pytest.mark.parametrize("left", [1e-9, 1e-3])
def test_the_last_moment_of_a_budget(seat: Seat, left: float) -> None:
    """A budget that ends while a worker starts is the student's time-out, not the wall's fault."""
    taken = seat("def square(x): return x")
    taken._left = left
    with pytest.raises(WorkerLost) as caught:
        taken.begin(1, None)
    assert caught.value.outcome == "timeout"


def test_time_in_the_reference_is_not_the_students(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only asking the student's worker uses up its time, whatever happens between two questions."""
    taken = seat("def square(x): return x * x")
    session = Session(taken.begin(1, 5.0))
    session.square(2)
    left = taken._left, taken._check_left
    real = time.monotonic
    monkeypatch.setattr(walled.time, "monotonic", lambda: real() + 1000)
    assert session.square(2) == 4
    assert taken._left > left[0] - 900
    assert taken._check_left > left[1] - 900
