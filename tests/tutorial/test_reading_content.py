"""Blocks are typed by what is in them: a table of small blocks, each with what it must be."""

from __future__ import annotations

import pytest

from grader.tutorial.content import Fragment, assemble
from grader.tutorial.values import Block


def typed(text: str, language: str = "", *before: Fragment) -> Block:
    """The block that `text` becomes, behind the fragments before it."""
    return assemble([*before, fragment(text, language)])[-1]


def fragment(text: str, language: str = "python", gap: tuple[str, ...] = ()) -> Fragment:
    """A fragment of a document in which it begins in line 1."""
    return Fragment(text, tuple(range(1, text.count("\n") + 2)), language, gap=gap)


SHOWS = fragment("x = f(2)\nx")
REPR = "<tf.Tensor: shape=(), dtype=int32, numpy=3>"
CLASS = "class A(B):\n    def f(self, x):\n        return x"
BROKEN = (
    "class A(B):\n    def f(self):\n        self.x = 1\nself.y = 2\n    def g(self):\n        pass"
)


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("python", "x = 1", "code"),
        ("bash", "model.fit(x, y, epochs=2)", "code"),
        ("ruby", CLASS, "code"),
        ("ruby", BROKEN, "code"),
        ("cpp", "layer = keras.layers.Lambda(lambda x: tf.exp(x))", "code"),
        ("xml", "import numpy as np\nnp.zeros(3)", "code"),
        ("text", "import numpy as np\nnp.zeros(3)", "code"),
        ("", "import tensorflow as tf", "code"),
        ("", "for i in range(3):\n    print(i)", "code"),
        ("", "print('hello')", "code"),
        # a mistake in Python stays Python
        ("python", 'print "x"', "code"),
        ("", "print 'x'", "code"),
        ("python", "x = (1,", "code"),
        ("python", "def f(x)\n    return x", "code"),
        ("python", "with tape:\nz = 1", "code"),
        ("python", "x = 1  # a --> b\ny = tf.f(", "code"),
        # magics: mixed in they are the kernel's, alone they are nothing to check
        ("python", "%matplotlib inline\nimport matplotlib", "code"),
        ("python", "%%time\nx = 1", "code"),
        ("python", "!pip install keras", "other"),
        ("python", "%load_ext tensorboard\n%tensorboard --logdir logs", "other"),
        ("python", "%%bash\nls -l", "other"),
        # commands
        ("shell", "$ tensorboard --logdir=logs\nTensorBoard 2.0 at http://x", "other"),
        ("bash", "pip install tensorflow", "other"),
        ("python", "pip install tensorflow", "other"),
        ("", "python -m venv env\nsource env/bin/activate", "other"),
        ("bash", "ls -l", "other"),
        ("bash", "FOO=bar", "other"),
        ("bash", "# !protoc person.proto", "other"),
        ("", "C:\\> dir", "other"),
        # other notations, those that parse as Python too
        ("proto", 'syntax = "proto3";\nmessage A { int32 id = 2; }', "other"),
        ("python", 'syntax = "proto3";\nmessage A {\n int32 id = 2;\n}', "other"),
        ("json", '{"a": true}', "other"),
        ("json", '{"a": 1}', "other"),
        ("", '{"a": null}', "other"),
        ("yaml", "name: test\non: push", "other"),
        ("", "name: test\njobs:\n  build: x", "other"),
        ("", "[tool]\ntimeout = 60", "other"),
        ("cpp", "#include <vector>\nint main() { return 0; }", "other"),
        ("cpp", "int x = 5;", "other"),
        ("js", "console.log(x);\nf(y);", "other"),
        ("ruby", "def f(x)\n  puts x\nend", "other"),
        ("r", "x <- c(1, 2)\nplot(x)", "other"),
        ("html", "<div>\n  <p>hi</p>\n</div>", "other"),
        ("sql", "SELECT a FROM b", "other"),
        ("dockerfile", "FROM python:3.11\nRUN pip install x", "other"),
        ("", "src\n├── a.py\n└── b.py", "other"),
        ("mermaid", "graph TD\n  A --> B", "other"),
        ("", "\\frac{a}{b} = c", "other"),
        # what parses as Python and says nothing
        ("", "hello", "other"),
        ("", "model.h5", "other"),
        ("", "42", "other"),
        ("", "{'a': 1}", "other"),
        ("", "just some words", "other"),
        ("text", "yes, no", "other"),
        ("", "# a comment", "other"),
        ("", "   ", "other"),
        # printed
        ("", REPR, "output"),
        ("csharp", "Epoch 1/5\n100/100 [====] - loss: 0.5", "output"),
        ("python", "tf.Tensor(2.0, shape=(), dtype=float32)", "output"),
        ("", 'Model: "sequential"\n____\n Layer (type)', "output"),
        ("python", "Traceback (most recent call last):\n  ...\nValueError: no", "output"),
        ("", "[[1. 2.]\n [3. 4.]]", "output"),
        ("", "array([[1., 2.],\n       [3., 4.]], dtype=float32)", "output"),
        # prompts
        ("bash", ">>> f(2)\n4", "transcript"),
        ("", "In [1]: 1 + 1\nOut[1]: 2", "transcript"),
        ("python", 'def f():\n    """Doc.\n\n    >>> f()\n    3\n    """\n    return 3', "code"),
        ("text", ">>> quoted mail, twice\n>> once", "other"),
    ],
)
def test_one_block(language: str, text: str, kind: str) -> None:
    """A block alone in a document is of that kind; a reason says where its label is wrong."""
    block = typed(text, language)
    assert block.kind == kind
    assert bool(block.pieces) == (kind in ("code", "transcript"))
    if kind == "other" or (kind == "code" and language != "python"):
        assert block.reason is not None
        assert block.reason.en != block.reason.zh


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        ("bash", "ls -l", "commands"),
        ("", "$ grader check\nall is well", "commands"),
        ("", "name: test\non: push", "YAML"),
        ("", '{"a": null}', "JSON"),
        ("ruby", CLASS, "labelled “ruby”, but it is Python"),
        ("ruby", BROKEN, "with a mistake in it"),
        ("", "import os", "not labelled, but it is Python"),
        ("csharp", REPR, "what a program printed"),
        ("bash", ">>> f(2)\n4", "labelled “bash”, but it is Python"),
    ],
)
def test_reasons(language: str, text: str, reason: str) -> None:
    """The reason says what it was taken for."""
    said = typed(text, language).reason
    assert said is not None
    assert reason in said.en


@pytest.mark.parametrize(
    ("language", "text", "gap"),
    [
        ("", "3", ()),
        ("text", "hello world, how are you", ()),
        ("", "{'a': 1}", ()),
        ("python", "[1, 2, 3]", ()),
        ("", "Point(x=1, y=2)", ()),
        ("", "[1 2 3]", ()),
        ("csharp", REPR, ()),
        ("", "Accuracy: 0.98", ()),
        ("", "loss: 0.5\nacc: 0.9 %", ()),
        ("text", '{"a": null}', ()),
        ("", "hello", ("Output:",)),
        ("", "hello", ("**输出：**",)),
        ("json", '{"a": 1}', ("运行结果如下：",)),
        ("", REPR, ("This is what comes of it:",)),
    ],
)
def test_output_of_the_code_before(language: str, text: str, gap: tuple[str, ...]) -> None:
    """Behind code that shows something, what can be output is its output, and its claim."""
    code, output = assemble([SHOWS, fragment(text, language, gap)])
    assert (output.kind, output.belongs_to) == ("output", 0)
    assert (code.pieces[0].claimed, code.pieces[0].claimed_line) == (text, 1)


@pytest.mark.parametrize(
    ("language", "text", "gap", "kind"),
    [
        ("python", "x + 1", (), "code"),
        ("python", "x", (), "code"),
        ("", "x", (), "code"),  # a name that the code before bound
        ("", "hello there", ("A long paragraph.", "And one more."), "other"),
        ("", "hello there", ("We now look at words.",), "other"),
        ("json", '{"a": 1}', (), "other"),
        ("bash", "pip install x", (), "other"),
        ("", "src\n├── a.py", (), "other"),
        ("python", "[1, 2, 3]", ("Now a list.",), "code"),
        ("csharp", REPR, ("# A heading",), "output"),
        ("", REPR, ("One paragraph.", "And one more."), "output"),
    ],
)
def test_not_the_output_of_the_code_before(
    language: str, text: str, gap: tuple[str, ...], kind: str
) -> None:
    """Neither code nor what stands further down is taken for the output, so nothing is claimed."""
    code, block = assemble([SHOWS, fragment(text, language, gap)])
    assert (block.kind, block.belongs_to) == (kind, None)
    assert code.pieces[0].claimed is None


def test_code_that_shows_nothing_has_no_literal_as_output() -> None:
    """Values behind a definition aren't what it prints."""
    _, block = assemble([fragment("def f():\n    return 3"), fragment("3", "")])
    assert block.kind == "other"


def test_a_claim_isnt_overwritten() -> None:
    """A second output block belongs to the same code, whose first claim stays."""
    code, first, second = assemble([SHOWS, fragment("3", ""), fragment(REPR, "")])
    assert (first.belongs_to, second.belongs_to) == (0, 0)
    assert code.pieces[-1].claimed == "3"


def test_array_is_code_where_it_was_imported() -> None:
    """`array(...)` is output unless somebody imported that name."""
    imported = fragment("from numpy import array")
    assert typed("array([1, 2])", "python").kind == "output"
    assert typed("array([1, 2])", "python", imported).kind == "code"


def test_comments_claim_nothing() -> None:
    """What a comment says of a value is for others to read."""
    assert typed("f(2)  # => 4", "python").pieces[0].claimed is None


def test_lines_are_kept() -> None:
    """The piece is dedented and knows its lines; empty lines around it are none of it."""
    text = "\n    x = 1\n\n    y = 2\n\n"
    block = assemble([Fragment(text, tuple(range(10, 16)), "python")])[0]
    assert (block.line, block.text) == (11, "    x = 1\n\n    y = 2")
    assert (block.pieces[0].source, block.pieces[0].lines) == ("x = 1\n\ny = 2", (11, 12, 13))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("[...]", (1,)),
        ("[...] # build the model\nx = 1", (1,)),
        ("...\nx = 1", (1,)),
        ("model = Sequential([...])\nmodel.compile([...])", (1, 2)),
        ("model.fit(\n    x,\n    [...])", (3,)),
        ("Dense(...)", (1,)),
        ("layers = [Dense(1), ..., Dense(2)]", (1,)),
        ("model = ...", (1,)),
        ("with tape:\n    ...", (2,)),
        ("def f():\n    x = 1\n    ...\n    return x", (3,)),
        ("x = EXPR\ntry:\n    BODY\nfinally:\n    pass", (1, 3)),
        ("x = YOUR_KEY", (1,)),
        ("x = <your code>", (1,)),
        ("key = '<your key>'", (1,)),
        ("def f(x):\n    …\n    return x", (2,)),
        ("x = 1\n……\ny = 2", (2,)),
        ("x = (\n...\n", (2,)),
        # means something to Python
        ("def f():\n    ...", ()),
        ("def f():\n    '''Doc.'''\n    ...", ()),
        ("class A(B): ...", ()),
        ("t[..., 1]", ()),
        ("t[..., tf.newaxis] + t[...]", ()),
        ("x: tuple[int, ...] = (1,)", ()),
        ("def f(x=...):\n    return x is ...", ()),
        ("print(...)", ()),
        ("pass", ()),
        ("# ... same as before\nx = 1", ()),
        ("# [...]\nx = 1  # …", ()),
        ("s = '…'", ()),
        ("BODY = 1\nprint(BODY)", ()),
        ("for VARIABLE in ITERABLE:\n    BODY", (1, 2)),
        ("while TEST:\n    ...", (1, 2)),
        ("while TEST:\n    step()", ()),
        ("data.batch(BATCH_SIZE)", ()),
        ("for epoch in EPOCHS:\n    run(epoch)", ()),
    ],
)
def test_placeholders(text: str, lines: tuple[int, ...]) -> None:
    """What stands for code left out is found, what Python means by `...` isn't; it stays code."""
    block = typed(text, "python")
    assert (block.kind, block.placeholders) == ("code", lines)
    assert block.pieces


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20_000,
        "if x: " * 10_000,
        "a." * 20_000,
        "<" * 20_000,
        ">>> " * 10_000,
        ">>> (\n" * 3_000,
        "-" * 40_000,
        ": " * 20_000,
        "[[1. " * 10_000,
        "a_" * 20_000 + "Error",
        "x\n" * 10_000,
        "SELECT " * 10_000,
    ],
)
@pytest.mark.parametrize("language", ["python", ""])
def test_hostile_text_ends(text: str, language: str) -> None:
    """No text takes the reader apart or keeps it for long."""
    assert typed(text, language).text


def test_unknown_escapes_dont_warn() -> None:
    r"""`"\d"` is worth a warning to Python, which isn't the reader's to give."""
    assert typed('x = "\\d"', "python").kind == "code"


def test_a_placeholders_name_that_is_defined_further_on_is_none() -> None:
    """`BODY` stands for itself wherever the document binds it."""
    first, _ = assemble([fragment("print(BODY)"), fragment("BODY = 3")])
    assert first.placeholders == ()


@pytest.mark.parametrize(
    ("text", "gap", "kind"),
    [
        ("np.float32(2.0)", (), "output"),
        ("np.True_", (), "output"),
        ("<b>bold</b> & more", (), "output"),
        ("kernel (3, 2)\nbias (2,)", (), "output"),
        ("[2, 4, 6]", ("This prints",), "output"),
        ("[2, 4, 6]", ("Some words that lead nowhere.",), "other"),
        ("np.float32(2.0)", ("Some words that lead nowhere.",), "code"),
        ("f(3, 2)", (), "code"),
        ("np.zeros(3)", (), "code"),
    ],
)
def test_values_directly_behind_code_are_its_output(
    text: str, gap: tuple[str, ...], kind: str
) -> None:
    """Unlabelled, NumPy's scalars, HTML and calls of names that nothing defines."""
    before = fragment("def f(a, b=1): return a\nf(2)")
    assert assemble([before, fragment(text, "", gap)])[-1].kind == kind


def test_a_line_of_code_in_a_python_fence_stays_code() -> None:
    """Labelled Python, `np.float32(2.0)` isn't taken for an output."""
    assert typed("np.float32(2.0)", "python", SHOWS).kind == "code"
