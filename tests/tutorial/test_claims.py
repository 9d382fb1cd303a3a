"""What comments and prose say of a block, found and set beside what the block did."""

from __future__ import annotations

import contextlib
import io

import pytest

from grader.tutorial.claims import Seen, check, find, seen_of, watch
from grader.tutorial.values import Block, Piece, Prose, Raised, Run
from grader.tutorial.values import Seen as Told

TENSOR = "<tf.Tensor: shape=(), dtype=float32, numpy=3.0>"


def block_of(source, line=10, kind="code"):
    count = source.count("\n") + 1
    piece = Piece(source, tuple(range(line, line + count)))
    return Block(0, line, "python", kind, source, (piece,))


def found(source, before=(), after=()):
    prose = [Prose(1, text, -1) for text in before]
    return find(block_of(source), prose, [Prose(90, text, 0) for text in after])


def judged(source, *seen, came=None, before=()):
    """(says, holds) of the only claim."""
    (stated,) = found(source, before)
    claim = check(stated, {0: tuple(seen)}, came)
    assert claim.why.en
    assert claim.why.zh
    return claim.says, claim.holds


@pytest.mark.parametrize(
    ("source", "shown", "holds"),
    [
        ("f()  # => 3", "3", True),
        ("f()  # => 3", "4", False),
        ("f()  #-> 3", TENSOR, True),
        ("f()  # => tensor 3.", TENSOR, True),
        ("f()  # => tensor 3.0, works now!", TENSOR, True),
        ("f()  # => [1, 2]", "array([1, 2])", True),
        ("f()  # => [1, 2]", "array([2, 1])", False),
        ("f()  # => [[1.], [2.]]", "tf.Tensor(\n[[1.]\n [2.]], shape=(2, 1), dtype=float32)", True),
        ("f()  # => [tensor 3., None]", f"[{TENSOR}, None]", True),
        ("f()  # -> 3*(0+2) = 3*2 = 6", "6", True),
        ("f()  # => 0.33", "0.33333334", True),
        ("f()  # => 3", "3.2", False),
        ("f()  # => 'a b'", "'a b'", True),
        ("f()  # => 'a b'", "'a c'", False),
        ("f()  # returns [None, None]", "[None, None]", True),
        ("f()  # 输出：3", "3", True),
        ("f()  # 输出: 3", "5", False),
        ("f()  # 同样应为 60", "tf.Tensor(60.0, shape=(), dtype=float32)", True),
        ("f()  # Output: 3", "3", True),
        ("f()  # 3", "3", True),
        ("f()  # 3", "4", False),
        ("f()  # [1, 2]", "[1, 2]", True),
        ("f()  # inf 无穷大", "tf.Tensor(inf, shape=(), dtype=float32)", True),
        ("f()\n# => 3", "3", True),
        ("f()\n# 3", "3", True),
        ("f()\n\n# 1 2  1", "array([[1], [2], [1]])", True),
        ("f()\n# Output:\n# [[1 2]\n#  [3 4]]", "array([[1, 2],\n       [3, 4]])", True),
        ("f()  # shape (2, 3)", "<tf.Tensor: shape=(2, 3), dtype=int32, numpy=…>", True),
        ("f()  # shape (2, 3)", "<tf.Tensor: shape=(3, 2), dtype=int32, numpy=…>", False),
        ("# result = 14 / 2 = 7\nf(1)", "7.0", True),
        ("# result = 14 / 2 = 7\nf(1)", "8.0", None),
        ("f()  # => what the model makes of it", "3", None),
    ],
)
def test_value(source, shown, holds):
    """A value that a comment names against the statement's, numbers as a person writes them."""
    line = 2 if source.startswith("#") else 1
    assert judged(source, Seen(line, value=shown)) == ("value", holds)


def test_value_printed():
    """What `print` shows counts like a value."""
    assert judged("print(3)  # 3", Seen(1, "3\n")) == ("value", True)
    assert judged("print(3)  # 4", Seen(1, "3\n")) == ("value", False)


@pytest.mark.parametrize(
    "source",
    [
        "x = 3  # 3",
        "x = 3  # 3 neurons",
        "f(a)  # 3 个神经元",
        "f(a)  # 1. the first step",
        "f(a)  # np.array(a)",
        "f(a)  # as t -> t is the object",
        "# 3\nf(a)",
        "def f():  # return value is just g(x)\n    pass",
        "f(a)  # return to the start",
        "f(a)  # prints a table",
        "f(a)  # 打印结果",
        "f(a)  # 输出层",
        "f(a)  # 不会报错",
        "f(a)  # 这里可能抛异常",
        "f(a)  # doesn't raise any more",
        "f(a)  # no error",
        "f(a)  # error handling",
        "raise ValueError  # raises ValueError",
        "# 错误处理\nf(a)",
        "# a = f(3)",
        "s = '# => 3'",
        "f(a)  # (1) first",
        "f(a)  # 追踪过去的梯度",
    ],
)
def test_no_claim(source):
    """What a comment explains, numbers or plans is no claim."""
    assert found(source) == ()


@pytest.mark.parametrize(
    ("source", "raised", "holds"),
    [
        ("f()  # raises ValueError", "ValueError", True),
        ("f()  # raises ValueError", "TypeError", False),
        ("f()  # raises ValueError", None, False),
        ("f()  # ValueError: bad", "ValueError", True),
        ("f()  # pkg.ValueError", "ValueError", True),
        ("f()  # 报错", "KeyError", True),
        ("f()  # 会报错！", None, False),
        ("x = f()  # 运行时错误", "RuntimeError", True),
        ("f()  # 抛出 ValueError", "ValueError", True),
        ("# 报错: TypeError\nf()", "TypeError", True),
        ("# this fails\nf()", None, False),
    ],
)
def test_raises(source, raised, holds):
    """An exception that a comment announces, by name or any."""
    line = 2 if source.startswith("#") else 1
    assert judged(source, Seen(line, raised=raised)) == ("raises", holds)


@pytest.mark.parametrize(
    ("source", "code", "expects"),
    [
        ("# 错误: TypeError: bad\n# r = a + b", "r = a + b", "TypeError"),
        ("# r = a.b(z, w) 报错", "r = a.b(z, w)", ""),
        ("# f(x)   # 不兼容， 会报错", "f(x)", ""),
        ("# f(x)  # raises ValueError", "f(x)", "ValueError"),
    ],
)
def test_commented_code(source, code, expects):
    """Code in a comment that is said to fail is handed out to be run, and judged by what came."""
    (stated,) = found(source)
    assert (stated.says, stated.code, stated.expects) == ("raises", code, expects)
    assert check(stated, {}).holds is None
    assert check(stated, {}, Seen(1, raised=expects or "OSError")).holds is True
    assert check(stated, {}, Seen(1)).holds is False
    assert check(stated, {}, Seen(1, raised="NameError")).holds is None


def test_assignment():
    """An assignment's value is its name's, unless that changes later."""
    (stated,) = found("x = f()  # => 3")
    assert stated.code == "x"
    assert check(stated, {}, Seen(1, value="3")).holds is True
    assert check(stated, {}, Seen(1, value="4")).holds is False
    (stated,) = found("x = f()  # => 3\nx = 4")
    assert stated.code is None
    assert check(stated, {0: (Seen(1), Seen(2))}).holds is None
    (stated,) = found("x = f()  # shape (1, 2)")
    assert stated.code == "x.shape"
    assert check(stated, {}, Seen(1, value="TensorShape([1, 2])")).holds is True


def run(source):
    """What each statement printed, by really running it."""
    import ast

    seen, names = [], {}
    for node in ast.parse(source).body:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(ast.Module([node], []), "<test>", "exec"), names)
        seen.append(Seen(node.lineno, out.getvalue()))
    return seen


ONCE = """\
done = []
def once(x):
    if not done:
        print("tracing")  # {}
    done.append(x)
    return x
once(1)
once(2)
"""
EVERY = """\
def each(x):
    print("running")  # {}
    return x
each(1)
each(2)
"""


@pytest.mark.parametrize(
    "words", ["只打印一次", "只会打印一次！", "printed only once", "prints once"]
)
def test_once(words):
    """The text of the `print` is counted over all calls in the block."""
    source = ONCE.format(words)
    assert judged(source, *run(source)) == ("once", True)
    source = EVERY.format(words)
    assert judged(source, *run(source)) == ("once", False)


@pytest.mark.parametrize("words", ["每次都打印", "prints every time"])
def test_every_time(words):
    """As often as its function is called."""
    source = EVERY.format(words)
    assert judged(source, *run(source)) == ("prints", True)
    source = ONCE.format(words)
    assert judged(source, *run(source)) == ("prints", False)


def test_never_called():
    """Nothing is said of a function that the block doesn't call."""
    source = "\n".join(EVERY.format("每次都打印").split("\n")[:3])
    assert judged(source, Seen(1)) == ("prints", None)


@pytest.mark.parametrize(
    ("words", "printed", "holds"),
    [
        ('打印 "-- a --" 和 3', "-- a --\ntf.Tensor(3, shape=(), dtype=int32)\n", True),
        ('再次打印 "-- a --" 和 3', "tf.Tensor(3, shape=(), dtype=int32)\n", False),
        ("只打印 3", "3\n", True),
        ("只打印 3", "-- a --\n3\n", False),
        ('prints "a" and 3', "a\n3\n", True),
        ("prints only 3", "a\n3\n", False),
        ("只打印结果，不再执行", "3\n", None),
    ],
)
def test_prints(words, printed, holds):
    """Texts in quotation marks and values, line by line; `只`: nothing else."""
    assert judged(f"print(f())  # {words}", Seen(1, printed)) == ("prints", holds)


def test_traced():
    """A call that is said to trace prints, if its function does; silence alone shows nothing."""
    both = found("f(a)  # 跟踪了函数\nf(b)  # 没有跟踪")
    seen = {0: (Seen(1, "tracing\n"), Seen(2))}
    assert [check(one, seen).holds for one in both] == [True, True]
    seen = {0: (Seen(1, "tracing\n"), Seen(2, "tracing\n"))}
    assert [check(one, seen).holds for one in both] == [True, False]
    assert [check(one, {0: (Seen(1), Seen(2))}).holds for one in both] == [None, None]


@pytest.mark.parametrize(
    ("text", "code", "reason"),
    [
        ("`f(1) + g(2)` 会**报错**。", "f(1) + g(2)", False),
        ("Here `f(1, 2)` raises a TypeError.", "f(1, 2)", False),
        ("It raises a TypeError.", None, True),
        ("如果类型不同，就会抛出异常。", None, True),
        ("It is printed only once.", None, True),
    ],
)
def test_prose(text, code, reason):
    """Prose: code that it says fails is handed out; the rest is listed as unchecked."""
    (stated,) = found("f()", [text, "More."])
    assert stated.code == code
    assert (stated.reason is not None) == reason
    assert found("f()", after=[text])


@pytest.mark.parametrize(
    "text", ["为了避免报错，先转换。", "Errors are raised.", "运算很快。", "1. 2"]
)
def test_prose_without_claim(text):
    """Prose that only speaks of errors claims nothing."""
    assert found("f()", [text]) == ()


def test_prose_leads():
    """A sentence with a colon before a block is about that block."""
    text = "再调用一次就会报错："
    assert judged("f()", Seen(1, raised="RuntimeError"), before=[text]) == ("raises", True)
    assert judged("f()", Seen(1), before=[text]) == ("raises", False)
    assert judged("f()", Seen(1), before=["If it's called twice it raises an error:"])[1] is None
    assert judged("f()", before=[text]) == ("raises", None)


@pytest.mark.parametrize(
    ("text", "printed", "holds"),
    [
        ("The next block prints `hi` once.", "hi\n", True),
        ("The next block prints `hi` once.", "hi\nhi\n", False),
        ("`hi` is printed only once:", "hi\nhi\n", False),
        ("两次调用，`hi` 只打印一次：", "hi\n", True),
        ("两次调用，`hi` 只打印一次：", "", False),
        ("It prints `hi` once.", "hi\nhi\n", None),
        ("换了形状，“`hi` 只打印一次”不成立：", "hi\nhi\n", None),
        ("When traced it prints `hi` once:", "hi\nhi\n", None),
    ],
)
def test_prose_that_says_what_is_printed_once(text, printed, holds):
    """Counted over the whole block that follows, where it can be about no other."""
    assert judged("f()", Seen(1, printed), before=[text]) == ("once", holds)


def test_prose_with_quoted_exceptions():
    """An exception in backticks is one, and "below" leads to the block as a colon does."""
    for text in ("The call raises a `ValueError`:", "The call below raises a `ValueError`."):
        assert judged("f()", Seen(1, raised="ValueError"), before=[text]) == ("raises", True)
        assert judged("f()", Seen(1), before=[text]) == ("raises", False)


def test_words_behind_an_arrow():
    """`# -> aaa` is true where that came; where not, it may have been no more than words."""
    assert judged("print('a' * 3)  # -> aaa", Seen(1, "aaa\n")) == ("value", True)
    assert judged("print('b' * 3)  # -> aaa", Seen(1, "bbb\n")) == ("value", None)


def test_a_class_in_either_form():
    """IPython shows `int`, Python's own prompt `<class 'int'>`."""
    assert judged("type(3)  # => <class 'int'>", Seen(1, value="int")) == ("value", True)
    assert judged("type(3)  # => int", Seen(1, value="int")) == ("value", True)


def test_unreachable():
    """A statement that wasn't reached, one inside another, code that can't be read: unchecked."""
    assert judged("f()\ng()  # => 3", Seen(1, raised="ValueError")) == ("value", None)
    assert judged("for i in x:\n    f(i)  # => 3", Seen(1)) == ("value", None)
    assert judged("with a:\nf(\n  x = g()  # => 3") == ("value", None)
    assert judged("f()  # => 3", Seen(1, raised="ValueError")) == ("value", None)


def test_lines():
    """A claim's line is the document's."""
    (stated,) = found("a = 1\n\nf()  # => 3")
    assert stated.line == 12
    assert check(stated, {0: (Seen(1), Seen(3, value="3"))}).holds is True


def test_watch_and_seen():
    """The lines to be watched; a silent statement was reached if the piece came past it."""
    block = block_of("f(1)  # => 3\nf(2)\ng()  # raises KeyError\nh()")
    stated = find(block, [], [])
    assert watch(stated) == {0: (1, 3)}
    raised = Raised("KeyError", "x", 12)
    runs = [Run("raised", raised=raised, seen=(Told(1, "", "3"),))]
    seen = seen_of(block, runs)
    assert seen == {0: (Seen(1, "", "3"), Seen(2), Seen(3, raised="KeyError"))}
    assert [check(one, seen).holds for one in stated] == [True, True]
    assert seen_of(block, [Run("timeout")]) == {}


@pytest.mark.parametrize(
    "source",
    [
        "f()  # => " + "[" * 5000,
        "f()  # " + "1 = " * 50_000,
        "f()  # " + "# a 报" * 20_000,
        "# " + "a." * 50_000 + "Error",
        "# " + "f(" * 5000 + " 报错",
        "\x00# => 3",
    ],
)
def test_hostile(source):
    """Comments made to be slow are read like any other."""
    for stated in found(source):
        assert check(stated, {0: (Seen(1, value="[" * 5000),)}).holds is not True
    assert isinstance(found("f()", ["报" * 50_000 + "会抛出" + "a." * 50_000]), tuple)
