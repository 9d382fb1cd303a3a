"""Values that pretend, and libraries that were patched: never a pass, never the grader's fault."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from grader.asking import Session
from grader.engine.walled import WalledSeat
from grader.engine.zygote import Zygote
from grader.errors import (
    CheckFailed,
    Forbidden,
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


CHAMELEONS = {
    "float subclass": "class F(float):\n        __eq__ = lambda s, o: True\n    value = F(2.0)",
    "int subclass": "class F(int):\n        __index__ = lambda s: 9\n    value = F(2)",
    "str subclass": """
    class F(str):
        __eq__ = lambda s, o: True
        __hash__ = str.__hash__
    value = F('x')""",
    "dict subclass": "class F(dict):\n        items = keys = lambda s: 1 / 0\n    value = F(a=1)",
    "list without end": """
    class F(list):
        def __iter__(s):
            while True: yield 1
    value = F([1])""",
    "array protocol": """
    class F:
        __array__ = lambda s, *a, **k: np.full(3, 9.0)
    value = F()""",
    "array subclass": """
    class F(np.ndarray):
        __array_finalize__ = lambda s, o: None
        astype = tobytes = lambda *a: 1/0
    value = np.zeros(2).view(F)""",
    "class": "class F:\n        __class__ = property(lambda s: float)\n    value = F()",
    "class that raises": """
    class F:
        __class__ = property(lambda s: os._exit(3))
    value = F()""",
    "attributes": """
    class F:
        def __getattribute__(s, n): raise MemoryError(n)
    value = F()""",
    "repr": "class F:\n        __repr__ = __str__ = lambda s: os._exit(1)\n    value = F()",
    "equality": """
    class F:
        __eq__ = __le__ = __lt__ = lambda s, o: True
        __hash__ = lambda s: 1
    value = F()""",
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
    "exception that is evil": """
    class E(Exception):
        __str__ = lambda s: 1/0
        ag_error_metadata = property(lambda s: 1/0)
    value = 1
    def square(x): raise E""",
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


PATCHES = {
    "numpy": "np.asarray = np.array = np.ascontiguousarray = lambda *a, **k: 1",
    "is_tensor": "tf.is_tensor = lambda x: 1 / 0",
    "constant": "tf.constant = lambda *a, **k: 9.0",
    "tape": """
    class T:
        watch = lambda *a: None
        __enter__ = lambda s: s
        __exit__ = lambda *a: None
        gradient = lambda *a, **k: [np.full(2, 'x')]
    tf.GradientTape = T""",
    "function": "tf.function = lambda f, *a, **k: f",
    "seeds": "keras.utils.set_random_seed = keras.utils.clear_session = lambda *a, **k: None",
    "isinstance": "import builtins; builtins.isinstance = lambda *a: True",
    "type": "import builtins; builtins.type = lambda *a: str",
    "len": "import builtins; builtins.len = lambda x: 0",
    "json": "import json; json.loads = json.dumps = lambda *a, **k: 1 / 0",
    "msgpack": "import msgpack; msgpack.packb = lambda *a, **k: b''",
    "encode": """
    import grader.worker.answering as a, grader.worker.serve as s
    a.encode = s.encode = lambda v: b'x' * 100""",
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
    source = "\n    " + patch.lstrip() + "\n    def square(x): return x * 0 + 1\n"
    compile(textwrap.dedent(source), "square.py", "exec")  # a slip here would pass for a loss
    taken = seat(source)
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
