"""What a worker can be asked, and that a fork of the zygote can do all that TensorFlow does."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from grader.asking import Proxy, Session, as_numpy, as_variable, fetch, path_of
from grader.course import Exercise
from grader.engine.worker import Worker
from grader.engine.zygote import Zygote
from grader.errors import EngineError, Forbidden, ImportFailed, MissingSymbol, StudentError
from grader.wire import Path as WirePath

Begun = Callable[[str], Session]
Loaded = Callable[..., Worker]

SCALE = """
@keras.utils.register_keras_serializable(package="tiny")
class Scale(keras.layers.Layer):
    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, inputs):
        return inputs * self.factor

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}
"""


def threads(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/task"))


def test_values(begun: Begun) -> None:
    """Tensors, arrays, variables, numbers and structures arrive and come back as documented."""
    session = begun("""
        def name(x): return type(x).__name__
        def square(x): return x * x
        def structure(x): return {"a": [x, (1, 2.5)], "b": None, "c": "é", "d": b"\\0"}
        """)
    x = np.array([1.5, -2.0], dtype="float32")
    assert session.square(x).tolist() == [2.25, 4.0]
    assert session.square(x).dtype == np.float32
    assert session.square(3) == 9
    assert session.name(x) == "EagerTensor"
    assert session.name(as_numpy(x)) == "ndarray"
    assert session.name(as_variable(x)) == "ResourceVariable"
    got = session.structure(x)
    assert got["a"][0].tolist() == [1.5, -2.0]
    assert got["a"][1] == (1, 2.5)
    assert (got["b"], got["c"], got["d"]) == (None, "é", b"\0")


def test_garbage_is_collected(begun: Begun) -> None:
    """The zygote imports without: a submission's cycles must not pile up until memory is out."""
    session = begun("""
        import gc, weakref
        class Ring: pass
        def alive():
            kept = []
            for _ in range(200_000):
                one = Ring()
                one.itself = one
                kept.append(weakref.ref(one))
            return sum(one() is not None for one in kept)
        def enabled(): return gc.isenabled()
        """)
    assert session.enabled() is True
    assert session.alive() < 200_000


def test_a_worker_of_a_zygote_with_many_behind_it(another: Zygote, square: Exercise) -> None:
    """At its fortieth the zygote gathers its memory; those after it are as those before."""
    for _ in range(42):
        another.try_out()
    assert another.alive()
    file = another.stage("square.py", b"def square(x):\n    return x * x\n")
    worker = another.spawn(file, square, trusted=False)
    worker.deadline = time.monotonic() + 20.0
    worker.load()
    worker.close()


def test_objects_stay_behind_proxies(begun: Begun) -> None:
    """A layer stays in its worker; its attributes and calls go through the proxy."""
    session = begun(SCALE)
    layer = session.Scale(2.5)
    assert isinstance(layer, Proxy)
    assert session.is_a(layer, "keras.layers.Layer")
    assert not session.is_a(layer, "keras.losses.Loss")
    assert fetch(layer.factor) == 2.5
    session.set(layer.factor, 4.0)
    assert layer(np.ones(2, "float32")).tolist() == [4.0, 4.0]
    assert session.parameters("Scale") == ["factor", "kwargs"]


def test_gradient(begun: Begun) -> None:
    """Value, gradients for arguments and variables, upstream, and None where nothing flows."""
    session = begun("""
        def f(x, y): return x * x * y
        def cut(x): return tf.stop_gradient(x) * 1.0
        v = tf.Variable(3.0)
        def with_variable(x): return x * v
        """)
    x, y = np.array([2.0, 3.0], "float32"), np.array([1.0, 10.0], "float32")
    got = session.gradient(session.f, x, y, wrt=(0, 1), upstream=np.array([1.0, 2.0], "float32"))
    assert got.value.tolist() == [4.0, 90.0]
    assert [g.tolist() for g in got.grads if g is not None] == [[4.0, 120.0], [4.0, 18.0]]
    assert session.gradient(session.cut, x).grads == (None,)
    by_variable = session.gradient(session.with_variable, x, wrt=session.v)
    assert by_variable.grads[0] is not None
    assert by_variable.grads[0].tolist() == 5.0


def test_functions_and_fit_work_in_a_fork(begun: Begun) -> None:
    """`tf.function`, datasets and `fit` finish: a zygote that had run an op would hang here."""
    session = begun("""
        @tf.function
        def loop(n):
            total = tf.constant(0)
            for i in tf.range(n):
                total += i
            return total

        def count():
            numbers = tf.data.Dataset.range(10).map(lambda x: x * 2)
            return sum(int(x) for x in numbers.batch(3).unbatch())

        def fit():
            model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            model.compile("sgd", "mse", jit_compile=False)
            history = model.fit(np.ones((8, 2)), np.ones((8, 1)), epochs=2, verbose=0)
            return len(history.history["loss"])
        """)
    assert int(session.loop(5)) == 10
    assert session.count() == 90
    assert session.fit() == 2


def test_in_graph(begun: Begun) -> None:
    """A target run inside a `tf.function` of the grader's sees symbolic tensors."""
    session = begun("def f(x): return x * (2.0 if hasattr(x, 'graph') else 1.0)")
    x = np.ones(2, "float32")
    assert session.f(x).tolist() == [1.0, 1.0]
    assert session.in_graph(session.f)(x).tolist() == [2.0, 2.0]


METHOD = """
class Squares:
    @tf.function
    def __call__(self, x):
        return x * x
square = Squares()
class Twice:
    def __init__(self): self.inner = Squares()
    def run(self, x): return self.inner(x)
twice = Twice().run
"""


@pytest.mark.parametrize("name", ["square", "twice"])
def test_traces_of_methods(begun: Begun, name: str) -> None:
    """A decorated method counts, whoever looks it up: the student's code or the grader's."""
    session = begun(METHOD)
    with session.traces() as log:
        session[name](np.ones(3, "float32"))
        session[name](np.ones(3, "float32"))
    assert len(log.events) == 1


def test_traces(begun: Begun) -> None:
    """Tracings of the student's functions are counted, with name, line and operations."""
    session = begun("@tf.function\ndef f(x):\n    return tf.cumsum(x) + 1\n")
    with session.traces() as log:
        for size in (2, 2, 3):
            session.f(np.ones(size, "float32"))
    assert [event.name for event in log.events] == ["f", "f"]
    assert [event.ops["Cumsum"] for event in log.events] == [1, 1]
    assert log.events[0].line == log.events[1].line > 0
    assert [event.request for event in log.events] == [1, 3]
    assert [number for number, _ in log.calls] == [1, 2, 3]


def test_save_and_load_in_a_fresh_process(begun: Begun) -> None:
    """A model goes as bytes into a second process that has imported the submission anew."""
    session = begun(SCALE + "marks = []\ndef mark():\n    marks.append(1)\n    return len(marks)\n")
    session.mark()
    model = session.keras.Sequential([session.keras.Input((2,)), session.Scale(2.5)])
    fresh = session.fresh()
    assert fresh.mark() == 1, "the fresh process must know nothing of the first"
    loaded = fresh.load(session.save(model))
    assert loaded(np.ones((1, 2), "float32")).tolist() == [[2.5, 2.5]]


def test_an_unregistered_class_does_not_load(begun: Begun) -> None:
    """Nothing of the first process helps the fresh one to find a class."""
    session = begun(SCALE.replace("@keras", "#@keras"))
    model = session.keras.Sequential([session.keras.Input((2,)), session.Scale(2.5)])
    data = session.save(model)
    fresh = session.fresh()
    with pytest.raises(StudentError, match="Scale"):
        fresh.load(data)


def test_seeds(begun: Begun) -> None:
    """The same seed gives the same numbers from TensorFlow, NumPy and Python."""
    source = """
        import random
        def f(): return float(tf.random.normal(())), np.random.rand(), random.random()
        """
    assert begun(source).f() == begun(source).f()


def test_a_check_starts_clean(seat: Callable) -> None:
    """A new check on the same worker finds no handles of the last one, and names from the start."""
    taken = seat(SCALE)
    layer = Session(taken.begin(1, None)).Scale(2.0)
    name = fetch(layer.name)
    taken.end()
    second = Session(taken.begin(2, None))
    with pytest.raises(StudentError, match="KeyError"):
        fetch(Proxy(second, WirePath(path_of(layer).root)))
    assert fetch(second.Scale(2.0).name) == name


def test_missing_symbol(begun: Begun) -> None:
    """A name that isn't there is told from an exception, with names that look like it."""
    with pytest.raises(MissingSymbol) as caught:
        begun("def sqare(x): return x").square(1)
    assert caught.value.name == "square"
    assert caught.value.near == ("sqare",)


def test_exception(begun: Begun) -> None:
    """An exception arrives with its class, bases, words and the student's own lines only."""
    session = begun("""
        class Mine(ValueError): pass
        def inner(x):
            raise Mine("no \\x1b[31mgood")
        def square(x):
            return inner(x)
        """)
    with pytest.raises(StudentError) as caught:
        session.square(1)
    error = caught.value
    assert error.type_name == "Mine"
    assert "ValueError" in error.bases
    assert error.message == "no good"
    assert [frame.function for frame in error.frames] == ["square", "inner"]
    assert error.frames[1].code.startswith("raise Mine")


def test_exception_in_a_graph(begun: Begun) -> None:
    """An exception that AutoGraph re-raises still shows the student's line."""
    session = begun("@tf.function\ndef square(x):\n    return tf.reshape(x, (7, 7))\n")
    with pytest.raises(StudentError) as caught:
        session.square(np.ones(3, "float32"))
    assert "reshape" in caught.value.frames[-1].code


@pytest.mark.parametrize(
    ("source", "type_name"),
    [
        ("raise ValueError('at import')", "ValueError"),
        ("sys.exit(0)", "SystemExit"),
        ("raise BaseException('bare')", "BaseException"),
        ("import nowhere_to_be_found", "ModuleNotFoundError"),
        ("raise KeyboardInterruptNot", "NameError"),
        ("x = (", "SyntaxError"),
    ],
)
def test_import_failed(begun: Begun, source: str, type_name: str) -> None:
    """Whatever stops the import is told as such."""
    with pytest.raises(ImportFailed) as caught:
        begun(source)
    assert caught.value.type_name == type_name


def test_shortcut(begun: Begun) -> None:
    """A ruled-out function trips its wire under any name."""
    session = begun("hidden = getattr(tf, 'p' + 'ow')\ndef square(x): return hidden(x, 2.0)")
    with pytest.raises(Forbidden, match=r"tf\.(math\.)?pow"):
        session.square(np.ones(2, "float32"))


OUTSIDE = {
    "a hidden file": "open('{hidden}')",
    "a file that isn't there": "open('/no/such/file')",
    "with TensorFlow": "tf.io.read_file('{hidden}')",
    "a hidden directory": "os.listdir('{folder}')",
    "up and out of scratch": "open('../../../../../../../..{hidden}')",
    "named as bytes": "open(b'{hidden}')",
}
INSIDE = {
    "in scratch": "open('data.csv')",
    "in scratch, by its path": "open(os.path.join(os.environ['HOME'], 'data.csv'))",
    "beside the module": "open(os.path.join(os.path.dirname(__file__), 'data.csv'))",
    "with TensorFlow": "tf.io.read_file('data.csv')",
    "an odd name": "os.open(3, 0) if 0 else (_ for _ in ()).throw(FileNotFoundError(2, 'x', 7))",
}


@pytest.mark.parametrize("code", OUTSIDE.values(), ids=OUTSIDE.keys())
@pytest.mark.parametrize("kind", ["zygote", "bare_zygote"])
def test_files_outside(
    request: pytest.FixtureRequest, square: Exercise, tmp_path: Path, code: str, kind: str
) -> None:
    """Whether what lies outside is hidden or closed, the student is told the same."""
    zygote = request.getfixturevalue(kind)
    hidden = tmp_path / "hidden"
    hidden.write_text("secret")
    attempt = code.format(hidden=hidden, folder=tmp_path)
    source = f"import os\nimport tensorflow as tf\ndef square(x):\n    {attempt}\n"
    worker = zygote.spawn(zygote.stage("square.py", source.encode()), square, trusted=False)
    worker.deadline = time.monotonic() + 60
    worker.load()
    try:
        with pytest.raises(Forbidden, match="no other files"):
            Session(worker).square(1)
    finally:
        worker.close()


@pytest.mark.parametrize("code", INSIDE.values(), ids=INSIDE.keys())
def test_files_inside(begun: Begun, code: str) -> None:
    """A file of one's own that isn't there is an ordinary mistake."""
    with pytest.raises(StudentError, match=r"No such file|x"):
        begun(f"def square(x):\n        {code}").square(1)


def test_one_thread(zygote: Zygote, loaded: Loaded) -> None:
    """The zygote has one thread before and after its workers ran operations."""
    worker = loaded("def f(): return float(tf.reduce_sum(tf.ones((50, 50)) @ tf.ones((50, 50))))")
    assert Session(worker).f() == 125_000.0
    assert threads(zygote.pid) == 1


def test_a_worker_leaves_nothing(zygote: Zygote, loaded: Loaded) -> None:
    """After `close`, no process and no scratch directory is left; closing twice does no harm."""
    zygote.removals.finish()
    before = set(zygote.root.glob("scratch-*"))
    worker = loaded("open('left-over', 'w').write('x')")
    assert set(zygote.root.glob("scratch-*")) > before
    worker.close()
    worker.close()
    assert not Path(f"/proc/{worker._pid}").exists()
    zygote.removals.finish()
    assert set(zygote.root.glob("scratch-*")) <= before


def test_workers_of_two_zygotes_share_no_uid(zygote: Zygote, another: Zygote) -> None:
    """The kernel counts threads by uid: one student's must not be counted with another's."""
    ours, theirs = zygote._uids, another._uids
    assert (ours is None) == (theirs is None)
    assert ours is None or theirs is None or abs(ours.first - theirs.first) >= 16


def test_a_closed_zygote_leaves_nothing(another: Zygote, square: Exercise) -> None:
    """With the zygote go its workers and all that it wrote."""
    worker = another.spawn(another.stage("square.py", b""), square, trusted=False)
    another.close()
    assert not another.root.exists()
    assert not another.alive()
    with pytest.raises(EngineError, match="zygote"):
        worker.close()


def test_a_lost_zygote_is_the_graders_fault(another: Zygote, square: Exercise) -> None:
    """When the zygote dies, its worker's check ends as EngineError, and so does the next one."""
    file = another.stage("square.py", b"def square(x): return x")
    worker = another.spawn(file, square, trusted=False)
    worker.deadline = float("inf")
    worker.load()
    os.kill(another.pid, signal.SIGKILL)
    another._process.wait()
    for _ in range(2):
        with pytest.raises(EngineError):
            Session(worker).square(1)
    worker.close()
    assert not another.alive()
    with pytest.raises(EngineError, match="zygote"):
        another.spawn(file, square, trusted=False)


def test_staged_files_go(another: Zygote, square: Exercise) -> None:
    """What was staged for a submission goes with it; the reference is staged once."""
    before = set(another.root.iterdir())
    first = another.stage("square.py", b"x = 1")
    second = another.stage("square.py", b"x = 1")
    another.unstage(first)
    another.unstage(first)  # a second time does no harm
    littered = another.stage("square.py", b"x = 2")
    (littered.parent / "litter").mkdir()
    another.unstage(littered)
    another.removals.finish()
    assert set(another.root.iterdir()) == {*before, second.parent}
    assert another.stage_reference(square) == another.stage_reference(square)
    assert another.stage_reference(square).read_bytes() == square.solution.read_bytes()
