"""Names and files of blocks: what is bound, used, changed, read and written, and on which line."""

from __future__ import annotations

import pytest

from grader.tutorial import filenames, graph
from grader.tutorial.values import Block, Piece


def block(*sources: str, index: int = 0, line: int = 1) -> Block:
    pieces, at = [], line
    for source in sources:
        length = source.count("\n") + 1
        pieces.append(Piece(source, tuple(range(at, at + length))))
        at += length
    return Block(index, line, "python", "code", "\n".join(sources), tuple(pieces))


DEFINES = {
    "assignment": ("a = b", {"a": (1,)}),
    "again": ("a = 1\na = 2", {"a": (1, 2)}),
    "tuple": ("a, (b, *c) = d", {"a": (1,), "b": (1,), "c": (1,)}),
    "annotated": ("a: int = 1", {"a": (1,)}),
    "only declared": ("a: int", {}),
    "augmented": ("a += 1", {"a": (1,)}),
    "import": ("import os.path, numpy as np", {"os": (1,), "np": (1,)}),
    "from": ("from a import b, c as d", {"b": (1,), "d": (1,)}),
    "star": ("from a import *", {}),
    "def": ("@d\ndef f(x):\n    y = 1", {"f": (1,)}),
    "async def": ("async def f(): pass", {"f": (1,)}),
    "class": ("class A(B):\n    c = 1\n    def d(self): pass", {"A": (1,)}),
    "for": ("for i, j in k:\n    m = 1", {"i": (1,), "j": (1,), "m": (2,)}),
    "while": ("while a:\n    b = 1\nelse:\n    c = 2", {"b": (2,), "c": (4,)}),
    "with": (
        "with a() as b, c() as (d, e):\n    f = 1",
        {"b": (1,), "d": (1,), "e": (1,), "f": (2,)},
    ),
    "try": (
        "try:\n    a = 1\nexcept E as e:\n    b = 2\nelse:\n    c = 3\nfinally:\n    d = 4",
        {"a": (2,), "e": (3,), "b": (4,), "c": (6,), "d": (8,)},
    ),
    "walrus": ("if (a := f()):\n    pass", {"a": (1,)}),
    "walrus in a comprehension": ("x = [y for i in k if (y := i)]", {"x": (1,), "y": (1,)}),
    "comprehension": ("x = {i: j for i, j in k}", {"x": (1,)}),
    "lambda": ("f = lambda x: x", {"f": (1,)}),
    "match": (
        "match a:\n    case {'k': b, **c}:\n        d = 1\n    case [e, *g] | P(h=e, i=g) as j:\n"
        "        pass",
        {"b": (2,), "c": (2,), "d": (3,), "e": (4,), "g": (4,), "j": (4,)},
    ),
    "item": ("d[k] = 1", {}),
    "global, when it is called": (
        "def f():\n    global g\n    g = 1\n\nf()",
        {"f": (1,), "g": (5,)},
    ),
    "global, never called": ("def f():\n    global g\n    g = 1", {"f": (1,)}),
    "a magic": ("%matplotlib inline\na = 1", {"a": (2,)}),
    "a magic inside": ("if a:\n    !pip install x\n    b = 1", {"b": (3,)}),
    "the shell's output": ("files = !ls\na = 1", {"files": (1,), "a": (2,)}),
    "a timed statement": ("%time a = f()", {"a": (1,)}),
    "a timed cell": ("%%time\na = f()", {"a": (2,)}),
    "help": ("a = 1\na?", {"a": (1,)}),
    "another language": ("%%bash\na=1", {}),
    "%, not a magic": ("a = (b\n% c)", {"a": (1,)}),
}


@pytest.mark.parametrize(("source", "defines"), DEFINES.values(), ids=DEFINES)
def test_defines(source: str, defines: dict[str, tuple[int, ...]]) -> None:
    assert graph.flow(block(source)).defines == defines


USES = {
    "plain": ("a = b\nc = b + d", {"b": 1, "d": 2}),
    "its own": ("a = 1\nb = a", {}),
    "before its own": ("b = a\na = 1", {"a": 1}),
    "augmented": ("a += b", {"a": 1, "b": 1}),
    "deleted": ("del a", {}),
    "attribute": ("a.b.c", {"a": 1}),
    "a body that isn't called": ("def f(x):\n    return x + g", {}),
    "a body that is": ("def f(x):\n    return x + g\n\nf(h)", {"g": 4, "h": 4}),
    "a body that is handed on": ("def f(x):\n    return g\nd.map(f)", {"d": 3, "g": 3}),
    "through two": ("def f():\n    return g\ndef h():\n    return f()\nh()", {"g": 5}),
    "defaults and decorators at once": ("@d\ndef f(x=e):\n    return g", {"d": 1, "e": 1}),
    "parameters": ("def f(a, /, b, *c, k, **d):\n    return a, b, c, k, d\nf()", {}),
    "locals": (
        "def f():\n    import os\n    for i in q:\n        z = os\n    return z\nf()",
        {"q": 6},
    ),
    "recursion": ("def f():\n    return f() + g\nf()", {"g": 3}),
    "nested": ("def f(a):\n    def g(b):\n        return a + b + c\n    return g\nf(1)", {"c": 5}),
    "bases, at once": ("class A(B):\n    c = d\n    e = c", {"B": 1, "d": 1}),
    "methods, when it is used": ("class A:\n    def m(self):\n        return g\nA()", {"g": 4}),
    "lambda at once": ("d.map(lambda x: x + g)", {"d": 1, "g": 1}),
    "lambda by name": ("f = lambda x: x + g", {}),
    "lambda called": ("f = lambda x: x + g\nf(1)", {"g": 2}),
    "comprehension": ("x = [i + g for i in k if i]", {"g": 1, "k": 1}),
    "walrus in a comprehension": ("x = [y for i in k if (y := i)]", {"k": 1}),
    "f-string": ("s = f'{a:{b}}'", {"a": 1, "b": 1}),
    "with": ("with a() as t:\n    t.b(c)", {"a": 1, "c": 2}),
    "match": ("match a:\n    case B.c if d:\n        pass", {"a": 1, "B": 2, "d": 2}),
    "except": ("try:\n    pass\nexcept E:\n    pass", {"E": 3}),
}


@pytest.mark.parametrize(("source", "uses"), USES.values(), ids=USES)
def test_uses(source: str, uses: dict[str, int]) -> None:
    assert graph.flow(block(source)).uses == uses


TOUCHES = {
    "a method": ("model.compile(a)", {"model": (1,)}),
    "a method of a part": (
        "v[0, 1].assign(42)\nm.layers[0].set_weights(w)",
        {"v": (1,), "m": (2,)},
    ),
    "an item": ("d[k] = 1", {"d": (1,)}),
    "an attribute": ("a.b = 1", {"a": (1,)}),
    "an item deleted": ("del d[k]", {"d": (1,)}),
    "added to": ("d[k] += 1", {"d": (1,)}),
    "a look": ("model.summary()\nd.batch(3)\nx.numpy()", {}),
    "a class": ("layers.Dense(3)", {}),
    "a module": ("import numpy as np\nnp.sort(x)", {}),
    "through a function": ("def f():\n    m.fit(x)\nf()", {"m": (3,)}),
    "not a parameter": ("def f(m):\n    m.fit(x)\nf(n)", {}),
    "a context": ("with w.as_default():\n    pass", {"w": (1,)}),
}


@pytest.mark.parametrize(("source", "touches"), TOUCHES.values(), ids=TOUCHES)
def test_touches(source: str, touches: dict[str, tuple[int, ...]]) -> None:
    assert graph.flow(block(source)).touches == touches


FILES = {
    "save": ("m.save('./models/m.keras')", [], ["models/m.keras"]),
    "load": ("m = keras.models.load_model('m.h5')", ["m.h5"], []),
    "function and model": ("keras.models.save_model(m, 'm.h5')", [], ["m.h5"]),
    "weights": ("m.load_weights(filepath='w.h5')", ["w.h5"], []),
    "open": ("open('a.txt')", ["a.txt"], []),
    "open to write": ("open('a.txt', mode='wb')", [], ["a.txt"]),
    "a writer closes": ("with TFRecordWriter('a.rec') as w:\n    w.write(b)", [], ["a.rec"]),
    "a dataset of many": ("TFRecordDataset(['a.rec', 'b.rec'])", ["a.rec", "b.rec"], []),
    "by a variable": ("p = 'a.csv'\nd = pd.read_csv(p)", ["a.csv"], []),
    "by a list": ("ps = ['a_{}.rec'.format(i) for i in r]\nTFRecordDataset(ps)", ["a_*.rec"], []),
    "f-string": ("d.to_csv(f'part{i:02d}.csv')", [], ["part*.csv"]),
    "percent": ("d.to_csv('part%02d.csv' % i)", [], ["part*.csv"]),
    "joined": ("open(os.path.join('d', 'a.txt'))", ["d/a.txt"], []),
    "joined with a variable": ("open(os.path.join(d, 'a.txt'))", ["*/a.txt"], []),
    "Path": ("Path('d') / 'x'\nPath('a.txt').write_text(t)", [], ["a.txt"]),
    "Path opens": ("Path('a.txt').open('w')", [], ["a.txt"]),
    "an address": ("pd.read_csv('https://example.com/a.csv')", [], []),
    "nothing known": ("open(p)\nload(q)", [], []),
    "a checkpoint, made": ("c = ModelCheckpoint('c.keras')", [], []),
    "a checkpoint, used": (
        "c = keras.callbacks.ModelCheckpoint('c.keras')\nm.fit(x, callbacks=[c])",
        [],
        ["c.keras"],
    ),
    "a checkpoint in place": ("m.fit(x, callbacks=[ModelCheckpoint('c.keras')])", [], ["c.keras"]),
    "a cell": ("%%writefile lib.py\nx = 1", [], ["lib.py"]),
    "in a function": ("def f():\n    return load_model('m.h5')\nf()", ["m.h5"], []),
}


@pytest.mark.parametrize(("source", "reads", "writes"), FILES.values(), ids=FILES)
def test_files(source: str, reads: list[str], writes: list[str]) -> None:
    found = graph.flow(block(source))
    assert (list(found.reads), list(found.writes)) == (reads, writes)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("./a/b.h5", "a/b.h5", True),
        ("/tmp/run/a/b.h5", "a/b.h5", True),
        ("part*.csv", "part03.csv", True),
        ("part*.csv", "parts/x.txt", False),
        ("a*b*c", "a1b2", False),
        ("b.h5", "a/b.h5", False),
        ("aa*aa", "aaa", False),
    ],
)
def test_same_file(one: str, other: str, expected: bool) -> None:
    assert filenames.same(one, other) is expected
    assert filenames.same(other, one) is expected


def test_functions_of_earlier_blocks_are_known() -> None:
    """A call uses what the body uses, also where another block holds it, until it's redefined."""
    blocks = [
        block("def f():\n    return g", index=0, line=1),
        block("f()", index=1, line=10),
        block("f = print\nf()", index=2, line=20),
    ]
    _, calls, other = graph.flows(blocks)
    assert calls.uses == {"f": 10, "g": 10}
    assert other.uses == {"print": 20}


def test_lines_are_the_documents() -> None:
    found = graph.flow(block("a = 1\nb = c", "d = e", line=40))
    assert found.defines == {"a": (40,), "b": (41,), "d": (42,)}
    assert found.uses == {"c": 41, "e": 42}


BROKEN = {
    "indentation": ("with a() as t:\nt.watch(b)\n    c = 1", {"t", "c"}),
    "a class that falls apart": (
        "class A:\n    def m(self):\n        x = 1\nself.y = 2\n    def n(self):\n        z = 3",
        {"A"},
    ),
    "one bad line": ("a = 1\nb = = 2\nc = 3", {"a", "c"}),
    "a bad body": ("def f():\n    return = 2\ng = 1", {"f", "g"}),
    "not Python at all": ("你好，世界！\n请安装 x", set()),
    "a null byte": ("a = '\0'", set()),
}


@pytest.mark.parametrize(("source", "defines"), BROKEN.values(), ids=BROKEN)
def test_what_does_not_parse(source: str, defines: set[str]) -> None:
    """Nothing raises, and what would have been defined is found where it can be."""
    found = graph.flow(block(source))
    assert found.defines.keys() == defines
    assert not found.pieces[0].whole


@pytest.mark.parametrize("source", ["(" * 5000, "x = " + "-" * 20_000 + "1", "a." * 30_000 + "b"])
def test_deep_source_does_no_harm(source: str) -> None:
    graph.flow(block(source))


def test_bad_escapes_do_not_warn() -> None:
    assert graph.flow(block("a = '\\d'")).defines == {"a": (1,)}


RANDOM = {
    "model.fit(x)": True,
    "np.random.rand(3)": True,
    "layers.Dense(3)(x)": True,
    "x = tf.constant(3)": False,
    "model.summary()": False,
    "train_test_split(x)": True,
    "train_test_split(x, random_state=42)": False,
    "def f():\n    return rng.normal()": False,
}


@pytest.mark.parametrize(("source", "expected"), RANDOM.items(), ids=RANDOM)
def test_randomness(source: str, expected: bool) -> None:
    assert any(step.random for step in graph.flow(block(source)).pieces[0].steps) is expected
