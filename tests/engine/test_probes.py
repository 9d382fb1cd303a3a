"""What a student's module puts in the library's place doesn't change what a probe asks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from grader import answers
from grader.asking import Session, fetch
from grader.engine.walled import WalledSeat
from grader.errors import Forbidden, StudentError

Begun = Callable[[str], Session]


def test_graphs_are_graphs(begun: Begun) -> None:
    """With a `tf.function` that only calls, code that can't be traced is caught all the same."""
    session = begun("""
    tf.function = lambda function=None, **settings: function
    def square(x): return tf.constant(x.numpy() ** 2)
    """)
    x = np.array([3.0], "float32")
    assert session.square(x) == 9.0
    with pytest.raises(StudentError, match="numpy"):
        session.in_graph(session.square)(x)


def test_tapes_are_tapes(begun: Begun) -> None:
    """A tape of the student's own making isn't asked for gradients."""
    session = begun("""
    class Tape:
        __enter__ = lambda self: self
        __exit__ = lambda self, *error: None
        watch = lambda self, source: None
        gradient = lambda self, value, sources, **settings: [6.0 + 0 * s for s in sources]
    tf.GradientTape = Tape
    def square(x): return tf.stop_gradient(x * x)
    """)
    x = np.array([3.0], "float32")
    assert session.gradient(session.square, x).grads == (None,)


def test_files(begun: Begun) -> None:
    """A file written for a check is read by the module, and its own files come back as bytes."""
    session = begun("""
    import pathlib
    def double(path, out):
        os.makedirs(out + "/deep")
        for name in ("b", "deep/a"):
            pathlib.Path(out, name).write_bytes(open(path, "rb").read() * 2)
        return out + "/b"
    def as_path(path): return [pathlib.Path(path)]
    """)
    given, out = session.write_file("sub/in.bin", b"\x00\xff"), session.path("out")
    returned = session.double(given, out)
    assert session.read_file(returned) == b"\x00\xff\x00\xff"
    assert session.list_files(out) == ["b", "deep/a"]
    (path,) = session.as_path(given)
    assert session.read_file(path) == b"\x00\xff"
    assert fetch(given).endswith("in.bin")
    with pytest.raises(StudentError) as caught:
        session.list_files(given)
    assert caught.value.type_name == "NotADirectoryError"
    with pytest.raises(StudentError) as caught:
        session.read_file(session.path("nothing"))
    assert caught.value.type_name == "FileNotFoundError"


def test_files_end_with_the_check(seat: Callable[[str], WalledSeat]) -> None:
    """The next check finds nothing of the last one's files."""
    taken = seat("def exists(path): return os.path.exists(path)")
    session = Session(taken.begin(1, None))
    path = fetch(session.write_file("a", b"x"))
    assert session.exists(path) is True
    taken.end()
    assert Session(taken.begin(2, None)).exists(path) is False


def test_elements(begun: Begun) -> None:
    """What a dataset yields, however it is nested, and no more than was asked for."""
    session = begun("""
    def some(n): return tf.data.Dataset.range(n).map(lambda i: {"i": i, "s": (tf.as_string(i),)})
    def forever(): return tf.data.Dataset.range(1).repeat()
    def ragged(): return tf.data.Dataset.from_tensors(tf.ragged.constant([[1], []]))
    def nothing(): return 3
    """)
    first, second = session.elements(session.some(2))
    assert (int(first["i"]), first["s"][0]) == (0, np.array(b"0", object))
    assert (int(second["i"]), second["s"][0]) == (1, np.array(b"1", object))
    assert len(session.elements(session.forever(), limit=3)) == 3
    (ragged,) = session.elements(session.ragged())
    assert ragged.to_list() == [[1], []]
    with pytest.raises(StudentError) as caught:
        session.elements(session.nothing())
    assert caught.value.type_name == "TypeError"


def test_repeat(begun: Begun) -> None:
    """Call after call in one request; an answer of another length is no answer of the probe's."""
    session = begun("""
    calls = []
    def count(x): calls.append(x); return len(calls) * x
    """)
    assert session.repeat(session.count, 3, 2) == [2, 4, 6]
    with pytest.raises(Forbidden):
        answers.elements([1, 2], 3)


def test_strings_keep_their_zeros(begun: Begun) -> None:
    """Bytes come back whole, NULs at the end too, from scalars and from arrays."""
    session = begun("""
    def scalar(): return tf.constant(b"a\\0\\0")
    def several(): return tf.constant([b"a\\0", b"b"])
    """)
    assert session.scalar().item() == b"a\0\0"
    assert session.several().tolist() == [b"a\0", b"b"]


def test_messages_tell_no_scratch_paths(begun: Begun) -> None:
    """What differs from worker to worker isn't in an exception's text."""
    session = begun("""
    def read(path): return open(path).read()
    def bad(): return list(tf.data.Dataset.range(2).map(lambda i: tf.debugging.Assert(i > 5, [i])))
    """)
    with pytest.raises(StudentError) as caught:
        session.read(session.path("new/deep.txt"))
    assert caught.value.message.endswith("No such file or directory: 'new/deep.txt'")
    with pytest.raises(StudentError) as caught:
        session.bad()
    assert "Dataset:" not in caught.value.message
