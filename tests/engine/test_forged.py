"""Frames that a submission writes by itself: malformed, unasked for, or well made."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.asking import Session
from grader.engine.walled import WalledSeat
from grader.errors import CheckFailed, Forbidden, MissingSymbol, StudentError, WorkerLost
from grader.expect import Expect
from grader.text import Text

ASK = Text("asked", "问题")

Seat = Callable[[str], WalledSeat]
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
        "d = b'\\x82\\xa5nonce\\xb8' + nonce().encode() + b'\\xa5value';"
        " d += b'\\x91' * 500 + b'\\x90'; send(struct.pack('!II', len(d), 0) + d)"
    ),
    "a handle beyond 64 bits": (
        "send(frame(msgpack.ExtType(2, msgpack.packb([msgpack.ExtType(9, b'9' * 50), 'f'])),"
        " nonce=nonce()))"
    ),
    "bytes as keys": "send(frame({b'factor': 1}, nonce=nonce()))",
    "pickle": "send(frame(msgpack.ExtType(42, b'\\x80\\x04.'), nonce=nonce()))",
    "a point in time": (
        "d = frame(0, nonce=nonce())[8:];"
        " d = d.replace(b'\\xa5value\\x00', b'\\xa5value\\xd6\\xff\\0\\0\\0\\0');"
        " send(struct.pack('!II', len(d), 0) + d)"
    ),
}


@pytest.mark.parametrize("code", FORGED.values(), ids=FORGED.keys())
def test_forged(lost: Lost, code: str) -> None:
    """A frame written by hand, malformed or with the wrong nonce, is `forbidden`."""
    source = f"{FRAMES}\n    def square(x):\n        {code}\n        time.sleep(1e6)"
    assert lost(source).outcome == "forbidden"


def test_a_reply_before_the_question(seat: Seat) -> None:
    """Bytes that nobody asked for are `forbidden`, whether they overtake an answer or follow it."""
    taken = seat(f"""{FRAMES}
    import threading
    asked = threading.Event()
    def later():
        asked.wait(); send(frame(1, nonce="0" * 24)); done.set()
    done = threading.Event()
    threading.Thread(target=later, daemon=True).start()
    def square(x): asked.set(); return x
    def wait(): done.wait()
    """)
    session = Session(taken.begin(1, None))

    def ask() -> None:
        session.square(1)
        session.wait()

    with pytest.raises(WorkerLost) as caught:
        ask()
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
        value = msgpack.ExtType({code}, msgpack.packb({body!r}))
        send(frame(value, nonce=nonce())); time.sleep(1e6)
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
