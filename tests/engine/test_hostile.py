"""Hostile submissions: each ends as the student's own loss, and the next check has a new worker.

`forbidden`, `crashed`, `timeout`, `out_of_memory`, a wrong value or an exception of the student's
are all fine; an exception of any other kind would be blamed on the grader.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from grader.asking import Session
from grader.engine import worker as workers
from grader.engine.walled import WalledSeat
from grader.engine.worker import Worker
from grader.engine.zygote import Zygote
from grader.errors import (
    CheckFailed,
    Forbidden,
    ImportFailed,
    MissingSymbol,
    NotRun,
    StudentError,
    WorkerLost,
)
from grader.expect import Expect
from grader.text import Text

ASK = Text("asked", "问题")
STUDENTS_LOSS = (CheckFailed, Forbidden, MissingSymbol, StudentError, WorkerLost)

Seat = Callable[[str], WalledSeat]
Limited = Callable[..., Zygote]

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


def lost(seat: Seat, source: str, timeout: float | None = None) -> WorkerLost:
    """How the worker ends when `square(1)` is asked; afterwards a new one answers `ping`."""
    taken = seat(source + "\n    def ping(): return 42\n")
    with pytest.raises(WorkerLost) as caught:
        Session(taken.begin(1, timeout)).square(1)
    taken.end()
    assert Session(taken.begin(2, None)).ping() == 42, "the next check must find a new worker"
    taken.end()
    return caught.value


# -- time ------------------------------------------------------------------------------------------

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
def test_endless(seat: Seat, source: str) -> None:
    """What never answers is ended at the limit, as `timeout`."""
    assert lost(seat, "    " + source.lstrip(), timeout=0.5).outcome == "timeout"


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
    """A budget that ends while a worker starts is the student's time-out, no fault of the wall's."""
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
    from grader.engine import walled

    real = time.monotonic
    monkeypatch.setattr(walled.time, "monotonic", lambda: real() + 1000)
    assert session.square(2) == 4
    assert taken._left > left[0] - 900
    assert taken._check_left > left[1] - 900


# -- memory, threads, disk -------------------------------------------------------------------------


def test_memory_bomb(seat: Seat, limited: Limited) -> None:
    """Memory that is really used ends the worker as `out_of_memory`."""
    limited(memory_mb=1200)
    source = """
    def square(x):
        kept = []
        while True:
            kept.append(np.ones(1 << 22)); time.sleep(0.01)"""
    assert lost(seat, source).outcome == "out_of_memory"


def test_thread_bomb(seat: Seat) -> None:
    """Threads without end are stopped by the kernel or by the watch."""
    taken = seat("""
    import threading
    def square(x):
        while True:
            threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()
    """)
    with pytest.raises(STUDENTS_LOSS):
        Session(taken.begin(1, 5.0)).square(1)


DISK = {
    "large files": "open(str(i), 'wb').write(bytes(32 << 20))",
    "many files": "open(str(i), 'wb').close()",
    "nested folders": "os.mkdir('d'); os.chdir('d')",
    "deleted files": "f = open(str(i), 'wb'); os.unlink(str(i)); f.write(bytes(32 << 20)); kept.append(f)",
}


@pytest.mark.parametrize("fill", DISK.values(), ids=DISK.keys())
def test_disk(seat: Seat, zygote: Zygote, fill: str) -> None:
    """Filling the disk ends the worker as `out_of_memory`, and nothing of it is left."""
    source = f"""
    from itertools import count
    kept = []
    def square(x):
        for i in count():
            {fill}
            if i % 50 == 0: time.sleep(0.001)"""
    assert lost(seat, source).outcome == "out_of_memory"
    assert not [
        p for p in zygote.root.glob("scratch-*") if (p / "0").exists() or (p / "d").exists()
    ]


# -- ends ------------------------------------------------------------------------------------------

ENDS = {
    "os._exit": ("os._exit(0)", "crashed"),
    "segmentation fault": ("import ctypes; ctypes.string_at(0)", "crashed"),
    "abort": ("os.abort()", "crashed"),
    "stack overflow": ("import faulthandler; faulthandler._stack_overflow()", "crashed"),
    "closing the channel": ("os.close(3); time.sleep(1e6)", "crashed"),
    "killing itself": ("os.kill(os.getpid(), 9)", "crashed"),
    "replacing the channel": (
        "os.dup2(os.open('/dev/null', os.O_RDWR), 3); time.sleep(1e6)",
        "crashed",
    ),
}


@pytest.mark.parametrize(("code", "outcome"), ENDS.values(), ids=ENDS.keys())
def test_ends(seat: Seat, code: str, outcome: str) -> None:
    """A worker that ends itself costs its own check, named as what it is."""
    assert lost(seat, f"    def square(x):\n        {code}").outcome == outcome


@pytest.mark.parametrize("code", ["os._exit(0)", "os.kill(os.getpid(), 9)", "os.close(3)"])
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


# -- forged frames ---------------------------------------------------------------------------------

FORGED = {
    "a wrong nonce": "send(frame(1, nonce='0' * 24))",
    "no nonce": "send(frame(1))",
    "an array for a nonce": (
        "send(frame(1, msgpack.unpackb(b'\\x01') and b'\\0' * 8, nonce=msgpack.ExtType(1,"
        " msgpack.packb(['f4', [2]]))))"
    ),
    "a late second reply": "send(frame(1, nonce=nonce()) * 2)",
    "10 GB": "send(struct.pack('!II', 10, 0xffffffff) + bytes(1 << 20))",
    "a 4 GB header": "send(b'\\xff' * 8)",
    "no frame": "send(b'GET / HTTP/1.1\\r\\n\\r\\n' * 100)",
    "nested 60,000 deep": "d = b'\\x91' * 60000; send(struct.pack('!II', len(d), 0) + d)",
    "nested 500 deep": (
        "d = b'\\x82\\xa5nonce\\xb8' + nonce().encode() + b'\\xa5value' + b'\\x91' * 500 + b'\\x90';"
        " send(struct.pack('!II', len(d), 0) + d)"
    ),
    "a handle beyond 64 bits": (
        "send(frame(msgpack.ExtType(2, msgpack.packb([msgpack.ExtType(9, b'9' * 50), 'f'])),"
        " nonce=nonce()))"
    ),
    "bytes as keys": "send(frame({b'factor': 1}, nonce=nonce()))",
    "pickle": "send(frame(msgpack.ExtType(42, b'\\x80\\x04.'), nonce=nonce()))",
    "a point in time": (
        "d = frame(0, nonce=nonce())[8:].replace(b'\\xa5value\\x00', b'\\xa5value\\xd6\\xff\\0\\0\\0\\0');"
        " send(struct.pack('!II', len(d), 0) + d)"
    ),
}


@pytest.mark.parametrize("code", FORGED.values(), ids=FORGED.keys())
def test_forged(seat: Seat, code: str) -> None:
    """A frame written by hand, malformed or with the wrong nonce, is `forbidden`."""
    source = f"{FRAMES}\n    def square(x):\n        {code}\n        time.sleep(1e6)"
    assert lost(seat, source).outcome == "forbidden"


def test_a_reply_before_the_question(seat: Seat) -> None:
    """Bytes that nobody asked for are `forbidden` when the next question comes."""
    taken = seat(f"""{FRAMES}
    import threading
    asked = threading.Event()
    def later():
        asked.wait(); time.sleep(0.05); send(frame(1, nonce="0" * 24)); done.set()
    done = threading.Event()
    threading.Thread(target=later, daemon=True).start()
    def square(x): asked.set(); return x
    def wait(): done.wait()
    """)
    session = Session(taken.begin(1, None))
    session.square(1)
    with pytest.raises(WorkerLost) as caught:
        session.wait()
    assert caught.value.outcome == "forbidden"


def test_a_stolen_nonce_forges_the_present_answer_only(seat: Seat) -> None:
    """A submission can find its question's nonce and answer by itself: it is its own word then.

    Nothing is gained: the value is compared like any other, and what the worker's own loop sends
    afterwards is a byte nobody asked for.
    """
    taken = seat(
        f"{FRAMES}\n    def square(x):\n        send(frame(7, nonce=nonce())); time.sleep(1e6)"
    )
    got = Session(taken.begin(1, None)).square(3)
    with pytest.raises(CheckFailed, match="expected 9"):
        Expect().close(got, 9, ask=ASK)


ERRORS = {
    "errno an array": {"kind": "raised", "errno": "A"},
    "errno a list": {"kind": "raised", "errno": [1]},
    "kind a number": {"kind": 3},
    "an error that is a list": [1, 2],
    "numbers for names": {"kind": "missing", "name": 3, "near": [1, None, ["x"]]},
    "frames of nonsense": {"kind": "raised", "frames": [1, [1], ["a", 2, 3], [True, "f", "c"]]},
    "bases of nonsense": {"kind": "import", "bases": {"a": 1}, "type": None, "message": [1]},
    "escapes": {
        "kind": "raised",
        "type": "\x1b[31m",
        "message": "\u202e" * 9000,
        "bases": ["\x1b"],
    },
    "nothing": None,
}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS.keys())
def test_forged_errors(seat: Seat, error: object) -> None:
    """An error reply of any form becomes one of the student's errors, with defused words."""
    taken = seat(f"""{FRAMES}
    def square(x):
        error = {error!r}
        if isinstance(error, dict) and error.get("errno") == "A":
            error["errno"] = msgpack.ExtType(1, msgpack.packb(["i4", [2]]))
            send(frame(None, bytes(8), ok=False, error=error, nonce=nonce()))
        else:
            send(frame(None, ok=False, error=error, nonce=nonce()))
        time.sleep(1e6)
    """)
    with pytest.raises((StudentError, MissingSymbol, CheckFailed)) as caught:
        Session(taken.begin(1, None)).square(1)
    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)
    assert len(str(caught.value)) < 3000


def test_questions_for_an_answer(seat: Seat) -> None:
    """A path or a mark, which only questions hold, is no answer."""
    for code, body in ((3, ["module", ["square"]]), (4, ["variable", 1])):
        taken = seat(f"""{FRAMES}
    def square(x):
        send(frame(msgpack.ExtType({code}, msgpack.packb({body!r})), nonce=nonce())); time.sleep(1e6)
    """)
        with pytest.raises(Forbidden, match="tampered"):
            Session(taken.begin(1, None)).square(1)


def test_an_answer_too_large_to_be_asked_about(seat: Seat) -> None:
    """An answer that just fits, handed back with more beside it, costs the student the check."""
    taken = seat("""
    def square(x): return {"k": ["a" * 65_000] * 16}
    def other(*args): return 1
    """)
    session = Session(taken.begin(1, None))
    config = session.square(1)
    with pytest.raises(CheckFailed, match="can't be examined"):
        session.other(config, config)
    assert session.other(1) == 1, "the worker has not been lost over it"


# -- chameleons ------------------------------------------------------------------------------------

CHAMELEONS = {
    "float subclass": "class F(float):\n        __eq__ = lambda s, o: True\n    value = F(2.0)",
    "int subclass": "class F(int):\n        __index__ = lambda s: 9\n    value = F(2)",
    "str subclass": "class F(str):\n        __eq__ = lambda s, o: True\n        __hash__ = str.__hash__\n    value = F('x')",
    "dict subclass": "class F(dict):\n        items = keys = lambda s: 1 / 0\n    value = F(a=1)",
    "list without end": "class F(list):\n        def __iter__(s):\n            while True: yield 1\n    value = F([1])",
    "array protocol": "class F:\n        __array__ = lambda s, *a, **k: np.full(3, 9.0)\n    value = F()",
    "array subclass": "class F(np.ndarray):\n        __array_finalize__ = lambda s, o: None\n        astype = tobytes = lambda *a: 1/0\n    value = np.zeros(2).view(F)",
    "class": "class F:\n        __class__ = property(lambda s: float)\n    value = F()",
    "class that raises": "class F:\n        __class__ = property(lambda s: os._exit(3))\n    value = F()",
    "attributes": "class F:\n        def __getattribute__(s, n): raise MemoryError(n)\n    value = F()",
    "repr": "class F:\n        __repr__ = __str__ = lambda s: os._exit(1)\n    value = F()",
    "equality": "class F:\n        __eq__ = __le__ = __lt__ = lambda s, o: True\n        __hash__ = lambda s: 1\n    value = F()",
    "evil class name": "value = type('\\x1b[31m' + 'x' * 5000, (), {})()",
    "objects": "value = np.array([object(), 1], dtype=object)",
    "text in an array": "value = np.array(['9.0', '9.0'])",
    "bytes in a tensor": "value = tf.constant([b'\\xff\\x00', b''])",
    "odd keys": "value = {1: 2, None: 3, (1, 2): 4}",
    "keys that are tuples": "value = {'a': {('x',): 1}}",
    "surrogates": "value = '\\ud800'",
    "surrogate keys": "value = {'\\ud800': 1}",
    "itself": "value = []\n    value.append(value)",
    "deep list": "value = 1\n    for _ in range(5000): value = [value]",
    "deep tuple": "value = 1\n    for _ in range(200): value = (value,)",
    "wide list": "value = [0] * 10_000_000",
    "huge array": "value = np.zeros(200 << 20, 'i1')",
    "huge number": "value = 10 ** 1000",
    "hugest number": "value = 1 << 10 ** 7",
    "rank 20": "value = tf.zeros([1] * 20)",
    "empty": "value = tf.zeros([0, 3])",
    "nan": "value = float('nan')",
    "infinities": "value = tf.constant([float('inf'), float('-inf'), float('nan')])",
    "complex": "value = 9 + 0j",
    "complex tensor": "value = tf.constant([9 + 0j])",
    "ragged": "value = tf.ragged.constant([[1], [2, 3]])",
    "sparse": "value = tf.sparse.eye(2)",
    "symbolic": "value = keras.Input((3,))",
    "generator": "value = (x for x in iter(int, 1))",
    "function": "value = lambda *a: 9",
    "module": "value = sys",
    "slice": "value = slice(1, [2], None)",
    "bfloat16": "value = tf.zeros(2, tf.bfloat16)",
    "quantised": "value = tf.zeros(2, tf.qint8)",
    "resource": "value = tf.Variable(9.0).handle",
    "dates": "value = np.array(['2020-01-01'], 'datetime64[D]')",
    "structured": "value = np.zeros(2, [('a', 'f4')])",
    "long double": "value = np.longdouble(9)",
    "masked": "value = np.ma.masked_array([9.0], [True])",
    "exception that is evil": "class E(Exception):\n        __str__ = lambda s: 1/0\n        ag_error_metadata = property(lambda s: 1/0)\n    value = 1\n    def square(x): raise E",
    "exception with surrogates": "value = 1\n    def square(x): raise ValueError('\\ud800' * 9)",
    "exception without end": "value = 1\n    def square(x): raise ValueError('x' * 10 ** 7)",
    "operating system's error": "value = 1\n    def square(x): raise OSError(10 ** 50, 'x')",
    "group": "value = 1\n    def square(x): raise BaseExceptionGroup('x', [ValueError()])",
}


def questions(got: object) -> list[Callable[[], object]]:
    """All that a check may ask about an answer; none of it is true of any chameleon."""
    expect = Expect()
    want = np.array([9.0, 9.0, 9.0], dtype="float32")
    return [
        lambda: expect.close(got, want, ask=ASK),
        lambda: expect.close(got, 9.25, ask=ASK),
        lambda: expect.equal(got, {"a": [1]}, ask=ASK),
        lambda: expect.equal(got, "y", ask=ASK),
        lambda: expect.equal(got, 9.25, ask=ASK),
        lambda: expect.array(got, ask=ASK, shape=(7, 7)),
    ]


@pytest.mark.parametrize("code", CHAMELEONS.values(), ids=CHAMELEONS.keys())
def test_chameleons(seat: Seat, code: str) -> None:
    """Whatever comes back, every question about it ends as the student's loss, never a pass."""
    body = code if "def square" in code else code + "\n    def square(x): return value"
    source = "    " + body + "\n    def echo(*args): return args"
    taken = seat("\n" + source)
    session = Session(taken.begin(1, 2.0))
    try:
        got = session.square(1)
    except STUDENTS_LOSS:
        return
    for ask in questions(got):
        with pytest.raises(CheckFailed):
            ask()
    try:
        session.echo(got)
    except STUDENTS_LOSS:
        return


# -- monkeypatching --------------------------------------------------------------------------------

PATCHES = {
    "numpy": "np.asarray = np.array = np.ascontiguousarray = lambda *a, **k: 1",
    "is_tensor": "tf.is_tensor = lambda x: 1 / 0",
    "constant": "tf.constant = lambda *a, **k: 9.0",
    "tape": "class T:\n        watch = lambda *a: None\n        __enter__ = lambda s: s\n        __exit__ = lambda *a: None\n        gradient = lambda *a, **k: [np.full(2, 'x')]\n    tf.GradientTape = T",
    "function": "tf.function = lambda f, *a, **k: f",
    "seeds": "keras.utils.set_random_seed = keras.utils.clear_session = lambda *a, **k: None",
    "isinstance": "import builtins; builtins.isinstance = lambda *a: True",
    "type": "import builtins; builtins.type = lambda *a: str",
    "len": "import builtins; builtins.len = lambda x: 0",
    "json": "import json; json.loads = json.dumps = lambda *a, **k: 1 / 0",
    "msgpack": "import msgpack; msgpack.packb = lambda *a, **k: b''",
    "encode": "import grader.worker.answering as a, grader.worker.serve as s; a.encode = s.encode = lambda v: b'x' * 100",
    "probes": """
    import grader.worker.probes as p
    p.Prober.answer = lambda s, request: [1, "f", {"a": 1}]""",
    "trace counter": """
    import grader.worker.traces as t
    t.TraceWatch.stop = lambda s: [("f", 1, {"Add": "x"}), 3]""",
    "os.write": "os.write = lambda *a: 0",
    "import": "import builtins; builtins.__import__ = lambda *a, **k: 1 / 0",
    "garbage": "import gc; [setattr(o, 'f_trace', 1) for o in []]; gc.disable(); gc.get_objects()",
    "modules": "sys.modules.clear()",
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES.keys())
def test_monkeypatching(seat: Seat, patch: str) -> None:
    """Patched libraries and probes give no right answer, and no exception but the student's."""
    taken = seat("\n    " + patch.lstrip() + "\n    def square(x): return x * 0 + 1\n")
    x = np.array([1.5, 2.5], dtype="float32")
    expect, wrong = Expect(), []

    def values(session: Session) -> None:
        expect.close(session.square(x), x * x, ask=ASK)

    def gradient(session: Session) -> None:
        expect.close(session.gradient(session.square, x).grads[0], 2 * x, ask=ASK)

    def traces(session: Session) -> None:
        with session.traces() as log:
            session.square(x)
        expect.traces(log, ask=ASK, exactly=7)

    def parameters(session: Session) -> None:
        expect.equal(session.parameters("square"), ["y"], ask=ASK)

    def reload(session: Session) -> None:
        data = session.save(session.square)
        expect.close(session.fresh().load(data)(x), x * x, ask=ASK)

    for number, check in enumerate((values, gradient, traces, parameters, reload)):
        try:
            check(Session(taken.begin(number, 3.0)))
        except (*STUDENTS_LOSS, NotRun):
            wrong.append(check)
        finally:
            taken.end()
    assert len(wrong) == 5


def test_own_files_only(seat: Seat, zygote: Zygote) -> None:
    """Neither the canary nor another submission's directory can be read or listed."""
    other = zygote.stage("square.py", b"secret = 1")
    for path in (zygote.root / "canary", other, other.parent, zygote.root, Path(__file__)):
        taken = seat(
            f"def square(x): return os.listdir({str(path)!r}) or open({str(path)!r}).read()"
        )
        with pytest.raises((Forbidden, StudentError)):
            Session(taken.begin(1, None)).square(1)
        taken = seat(f"def square(x): return open({str(path)!r}).read()")
        with pytest.raises((Forbidden, StudentError)):
            Session(taken.begin(1, None)).square(1)
