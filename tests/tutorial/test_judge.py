"""Verdicts on documents and runs made by hand: roots, cascades, what is shown, what is skipped."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from grader.text import Text
from grader.tutorial.judge import judge, summary
from grader.tutorial.values import (
    Block,
    Closeness,
    Control,
    Document,
    Kind,
    Piece,
    Raised,
    Run,
    Verdict,
)

_BASES = {
    "FileNotFoundError": ("OSError",),
    "ModuleNotFoundError": ("ImportError",),
    "IndentationError": ("SyntaxError",),
}


@dataclass
class Doc:
    """Blocks ten lines apart, from line 10 on, with what came of them."""

    blocks: list[Block] = field(default_factory=list)
    runs: dict[int, tuple[Run, ...]] = field(default_factory=dict)

    def add(
        self,
        *sources: str,
        ran: list[Run] | Run | None = None,
        shows: str | None = None,
        kind: Kind = "code",
        control: Control | None = None,
        left_out: tuple[int, ...] = (),
        reason: Text | None = None,
        belongs_to: int | None = None,
    ) -> Doc:
        index = len(self.blocks)
        line = at = 10 * (index + 1)
        pieces = []
        for source in sources:
            lines = tuple(range(at, at + source.count("\n") + 1))
            at = lines[-1] + 1
            pieces.append(Piece(source, lines, shows, None if shows is None else at))
        self.blocks.append(
            Block(
                index,
                line,
                "python",
                kind,
                "\n".join(sources),
                tuple(pieces) if kind in ("code", "transcript") else (),
                tuple(line + n - 1 for n in left_out),
                reason,
                control or Control(),
                belongs_to=belongs_to,
            )
        )
        if ran is None:
            ran = [Run("ok")] * len(sources)
        self.runs[index] = tuple(ran if isinstance(ran, list) else [ran])
        return self

    def judge(self) -> tuple[Verdict, ...]:
        document = Document(Path("a.md"), "", "", tuple(self.blocks), ())
        return judge(document, self.runs, same, same_error)

    def last(self) -> Verdict:
        return self.judge()[-1]


def same(claimed: str, got: str, random: bool = False) -> tuple[Closeness, Text]:
    if claimed == got:
        return "exact", Text("the same", "相同")
    if claimed == f"~{got}" or (random and claimed == "random"):
        return "equivalent", Text("Ids differ.", "仅编号不同。")
    return ("drift" if claimed == "close" else "wrong"), Text(f"{got} came.", f"实际为 {got}。")


def same_error(claimed: str, kind: str, message: str) -> tuple[Closeness, Text] | None:
    if not claimed.startswith("Traceback "):
        return None
    wanted, _, words = claimed.removeprefix("Traceback ").partition(": ")
    if wanted != kind:
        return "wrong", Text("another class", "类型不同")
    return ("exact" if words in ("", message) else "drift"), Text("as it says", "与文中一致")


def fails(
    line: int,
    kind: str = "ValueError",
    message: str = "",
    *,
    missing: str = "",
    what: str = "",
    **more: object,
) -> Run:
    bases = (kind, *_BASES.get(kind, ()), "Exception")
    raised = Raised(kind, message, line, bases, missing, what)  # type: ignore[arg-type]
    return replace(Run("raised", raised=raised), **more)  # type: ignore[arg-type]


def undefined(line: int, name: str) -> Run:
    return fails(line, "NameError", f"name '{name}' is not defined", missing=name, what="name")


def no_file(line: int, path: str) -> Run:
    return fails(line, "FileNotFoundError", "No such file", missing=path, what="file")


def no_module(line: int, name: str) -> Run:
    return fails(
        line, "ModuleNotFoundError", f"No module named '{name}'", missing=name, what="module"
    )


HISTORY = "<keras.src.callbacks.history.History at 0x7f2bb0dc4110>"
OK = Run("ok")
NOT_RUN = Run("not_run")
OFFLINE = fails(10, "URLError", "refused", missing="example.com", what="address")

CASES: dict[str, tuple[Doc, list[object]]] = {
    # -- ran ---------------------------------------------------------------------------------------
    "ran": (Doc().add("a = 1"), ["passed"]),
    "shows what came": (Doc().add("a", ran=Run("ok", output="1"), shows="1"), ["passed"]),
    "shows an equal": (Doc().add("a", ran=Run("ok", output="1"), shows="~1"), ["passed"]),
    "shows something else": (Doc().add("a", ran=Run("ok", output="1"), shows="2"), ["drifted"]),
    "shows nearly that": (Doc().add("a", ran=Run("ok", output="1"), shows="close"), ["drifted"]),
    "one example of two is off": (
        Doc().add("a", "b", ran=[Run("ok", output="1"), Run("ok", output="2")], shows="1"),
        ["drifted"],
    ),
    "no pieces run": (Doc().add("a", ran=[]), ["skipped"]),
    "some not run": (Doc().add("a", "b", ran=[OK, NOT_RUN]), ["skipped"]),
    # -- own faults --------------------------------------------------------------------------------
    "raises": (Doc().add("f()", ran=fails(10)), ["failed"]),
    "too long": (Doc().add("f()", ran=Run("timeout", 30.0)), ["failed"]),
    "kills the kernel": (Doc().add("f()", ran=Run("died")), ["failed"]),
    "never defined": (Doc().add("tf.f(x)", ran=undefined(10, "tf")), ["failed"]),
    "never defined, twice": (
        Doc().add("m.compile()", ran=undefined(10, "m")).add("m.fit()", ran=undefined(20, "m")),
        ["failed", "failed"],
    ),
    "defined later": (Doc().add("x", ran=undefined(10, "x")).add("x = 1"), ["failed", "passed"]),
    "defined further down": (Doc().add("y = x\nx = 1", ran=undefined(10, "x")), ["failed"]),
    "a branch not taken": (
        Doc().add("if a:\n    x = 1").add("x", ran=undefined(20, "x")),
        ["passed", "failed"],
    ),
    "deleted": (
        Doc().add("x = 1").add("del x").add("x", ran=undefined(30, "x")),
        ["passed", "passed", "failed"],
    ),
    # -- what isn't there --------------------------------------------------------------------------
    "network": (Doc().add("d = fetch()", ran=OFFLINE), ["blocked"]),
    "package": (Doc().add("import hub", ran=no_module(10, "hub")), ["blocked"]),
    "a module that its package lost": (
        Doc().add("import keras.utils.np_utils", ran=no_module(10, "keras.utils.np_utils")),
        ["failed"],
    ),
    "a name that a module lost": (
        Doc().add("from a import b", ran=fails(10, "ImportError", "cannot import name 'b'")),
        ["failed"],
    ),
    "file": (Doc().add("open('a.csv')", ran=no_file(10, "a.csv")), ["blocked"]),
    "folder": (Doc().add("m.save('d/m.h5')", ran=no_file(10, "d/m.h5")), ["blocked"]),
    "a file that only a later block writes": (
        Doc().add("open('a.csv')", ran=no_file(10, "a.csv")).add("d.to_csv('a.csv')"),
        ["blocked", "passed"],
    ),
    "a file that should have been written": (
        Doc().add("d.to_csv('a.csv')").add("open('a.csv')", ran=no_file(20, "a.csv")),
        ["passed", "failed"],
    ),
    # -- cascades by names -------------------------------------------------------------------------
    "after a block without network": (
        Doc().add("d = fetch()\nx = d.data", ran=OFFLINE).add("x", ran=undefined(20, "x")),
        ["blocked", ("cascaded", 0, "x")],
    ),
    "root of the root": (
        Doc()
        .add("d = fetch()", ran=OFFLINE)
        .add("x = d.data", ran=undefined(20, "d"))
        .add("y = x + 1", ran=undefined(30, "x"))
        .add("y", ran=undefined(40, "y")),
        ["blocked", ("cascaded", 0, "d"), ("cascaded", 0, "x"), ("cascaded", 0, "y")],
    ),
    "bound before the line that failed": (
        Doc().add("x = 1\nf()\ny = 2", ran=fails(11)).add("x.z", ran=fails(20)),
        ["failed", "failed"],
    ),
    "bound after it": (
        Doc().add("x = 1\nf()\ny = 2", ran=fails(11)).add("y", ran=undefined(20, "y")),
        ["failed", ("cascaded", 0, "y")],
    ),
    "within a statement of many lines": (
        Doc().add("m = f(\n  1,\n  g(),\n)", ran=fails(12)).add("m", ran=undefined(20, "m")),
        ["failed", ("cascaded", 0, "m")],
    ),
    "within a loop": (
        Doc().add("for i in x:\n    a = 1\n    f(i)\n    b = 2", ran=fails(12))
        .add("a", ran=fails(20)).add("b", ran=undefined(30, "b")),
        ["failed", "failed", ("cascaded", 0, "b")],
    ),
    "within a function of the block": (
        Doc().add("def f():\n    g()\nx = 1\ny = f()", ran=fails(11))
        .add("x.z", ran=fails(20)).add("y", ran=undefined(30, "y")),
        ["failed", "failed", ("cascaded", 0, "y")],
    ),
    "within the newer of two functions": (
        Doc().add("f = print\na = f()\ndef f():\n    g()\nb = f()", ran=fails(13))
        .add("a.z", ran=fails(20)).add("b", ran=undefined(30, "b")),
        ["failed", "failed", ("cascaded", 0, "b")],
    ),
    "changed, but never there": (
        Doc().add("if a:\n    m = 1").add("f()\nm.fit(x)", ran=fails(20))
        .add("m", ran=undefined(30, "m")),
        ["passed", "failed", "failed"],
    ),
    "a definition before a change": (
        Doc().add("m = f(1)").add("m.compile(q)", ran=fails(20)).add("n = 1")
        .add("n = f()", ran=fails(40)).add("m.fit(n)", ran=fails(50)),
        ["passed", "failed", "passed", "failed", ("cascaded", 3, "n")],
    ),
    "within a function of another block": (
        Doc().add("def f():\n    return a").add("b = 1\nc = f()\nd = 2", ran=undefined(11, "a"))
        .add("d", ran=undefined(30, "d")),
        ["passed", "failed", ("cascaded", 1, "d")],
    ),
    "nothing of a block that can't be parsed": (
        Doc().add("a = 1\nwith t as u:\nu.v()", ran=fails(12, "IndentationError"))
        .add("a", ran=undefined(20, "a")),
        ["failed", ("cascaded", 0, "a")],
    ),
    "a class that can't be parsed": (
        Doc().add("class A:\n    b = = 1", ran=fails(11, "SyntaxError"))
        .add("A()", ran=undefined(20, "A")),
        ["failed", ("cascaded", 0, "A")],
    ),
    "defined anew since": (
        Doc().add("x = f()", ran=fails(10)).add("x = 1").add("x.y", ran=fails(30)),
        ["failed", "passed", "failed"],
    ),
    "everything imported": (
        Doc().add("from hub import *", ran=no_module(10, "hub"))
        .add("layer()", ran=undefined(20, "layer")),
        ["blocked", ("cascaded", 0, "layer")],
    ),
    "through a function's free names": (
        Doc().add("w = 1").add("w = f()", ran=fails(20)).add("def g():\n    return w.x")
        .add("g()", ran=fails(31, "AttributeError", "'int' object has no attribute 'x'")),
        ["passed", "failed", "passed", ("cascaded", 1, "w")],
    ),
    "after the kernel died": (
        Doc().add("x = 1").add("f()", ran=Run("died")).add("x", ran=undefined(30, "x")),
        ["passed", "failed", ("cascaded", 1, "x")],
    ),
    "after what the author skips": (
        Doc().add("x = 1", control=Control(skip="slow"), ran=NOT_RUN)
        .add("x", ran=undefined(20, "x")),
        ["skipped", ("cascaded", 0, "x")],
    ),
    # -- old state ---------------------------------------------------------------------------------
    "an old model": (
        Doc().add("m = f(1)").add("m = g()", ran=fails(20)).add("m.fit(x)", ran=fails(30)),
        ["passed", "failed", ("cascaded", 1, "m")],
    ),
    "a model that wasn't compiled": (
        Doc().add("m = f(1)").add("m.compile(q)", ran=fails(20)).add("m.fit(x)", ran=fails(30)),
        ["passed", "failed", ("cascaded", 1, "m")],
    ),
    "compiled since": (
        Doc().add("m = f(1)").add("m.compile(q)", ran=fails(20)).add("m.compile(r)")
        .add("m.fit(x)", ran=fails(40)),
        ["passed", "failed", "passed", "failed"],
    ),
    "only looked at": (
        Doc().add("m = f(1)").add("m.summary(q)", ran=fails(20)).add("m.fit(x)", ran=fails(30)),
        ["passed", "failed", "failed"],
    ),
    "computed from the old one": (
        Doc().add("x = 1").add("x = f()", ran=fails(20)).add("x = x + 1")
        .add("x.y", ran=fails(40)),
        ["passed", "failed", "passed", ("cascaded", 1, "x")],
    ),
    "the same module imported again": (
        Doc().add("import tensorflow as tf").add("f()\nimport tensorflow as tf", ran=fails(20))
        .add("tf.x()", ran=fails(30)),
        ["passed", "failed", "failed"],
    ),
    "not on the line that failed": (
        Doc().add("m = 1").add("m = g()", ran=fails(20)).add("m.a\nf()", ran=fails(31)),
        ["passed", "failed", "failed"],
    ),
    # -- not hidden as cascades --------------------------------------------------------------------
    **{
        f"its own: {kind} {message}": (
            Doc().add("m = 1").add("m = g()", ran=fails(20))
            .add("m.f()", ran=fails(30, kind, message)),
            ["passed", "failed", "failed"],
        )
        for kind, message in [
            ("SyntaxError", "invalid syntax"),
            ("NotImplementedError", "no get_config"),
            ("ImportError", "cannot import name 'x' from 'y'"),
            ("AttributeError", "module 'keras.losses' has no attribute 'f'"),
            ("TypeError", "Dense.__init__() got an unexpected keyword argument 'lr'"),
            ("ValueError", "Argument(s) not recognized: {'lr': 0.01}"),
        ]
    },
    "an old class refuses": (
        Doc().add("class A: pass").add("f()\nclass A: pass", ran=fails(20))
        .add(
            "A(b=1)",
            ran=fails(30, "TypeError", "A.__init__() got an unexpected keyword argument 'b'"),
        ),
        ["passed", "failed", ("cascaded", 1, "A")],
    ),
    "its own network": (
        Doc().add("m = g()", ran=fails(10)).add("m.get()", ran=replace(
            OFFLINE, raised=replace(OFFLINE.raised, line=20))),  # type: ignore[type-var, arg-type]
        ["failed", "blocked"],
    ),
    # -- cascades by files -------------------------------------------------------------------------
    "a model not saved": (
        Doc().add("m.save('./m.keras')", ran=fails(10))
        .add("m = load_model('m.keras')", ran=no_file(20, "m.keras")),
        ["failed", ("cascaded", 0, "m.keras")],
    ),
    "a model not saved, said otherwise": (
        Doc().add("m.save('m.keras')", ran=fails(10))
        .add("m = load_model('m.keras')", ran=fails(20, "ValueError", "File not found")),
        ["failed", ("cascaded", 0, "m.keras")],
    ),
    "an old file": (
        Doc().add("m.save('m.h5')").add("m.save('m.h5')", ran=fails(20))
        .add("load_model('m.h5')", ran=fails(30)),
        ["passed", "failed", ("cascaded", 1, "m.h5")],
    ),
    "a file closed too early": (
        Doc().add("with TFRecordWriter('a.rec') as w:\n    w.write(x)", ran=fails(11))
        .add("TFRecordDataset('a.rec')", ran=no_file(20, "/tmp/run/a.rec")),
        ["failed", ("cascaded", 0, "/tmp/run/a.rec")],
    ),
    "an old file, as the kernel saw": (
        Doc().add("m.save('m.h5')").add("m.save('m.h5')", ran=fails(20))
        .add("use()", ran=fails(30, read=("m.h5",))),
        ["passed", "failed", ("cascaded", 1, "m.h5")],
    ),
    "a path from an old name": (
        Doc().add("p = q").add("p = f()", ran=fails(20)).add("open(p)", ran=no_file(30, "z")),
        ["passed", "failed", ("cascaded", 1, "p")],
    ),
    "a file that is named, beside an old name": (
        Doc().add("p = q").add("p = f()", ran=fails(20))
        .add("load_model('z.h5', custom_objects=p)", ran=no_file(30, "z.h5")),
        ["passed", "failed", "blocked"],
    ),
    "a folder not made": (
        Doc().add("f()\nos.makedirs('data')", ran=fails(10))
        .add("open('data/a.txt', 'w')", ran=no_file(20, "data/a.txt")),
        ["failed", ("cascaded", 0, "data/a.txt")],
    ),
    "a module not written": (
        Doc().add("f()\nopen('lib.py', 'w').write(s)", ran=fails(10))
        .add("import lib", ran=no_module(20, "lib")),
        ["failed", ("cascaded", 0, "lib.py")],
    ),
    "written after all, as the kernel saw": (
        Doc().add("m.save('m.h5')", ran=fails(10)).add("write()", ran=Run("ok", wrote=("m.h5",)))
        .add("load_model('m.h5')", ran=fails(30)),
        ["failed", "passed", "failed"],
    ),
    "a file of the skipped": (
        Doc().add("m = [...]\nm.save('m.h5')", ran=fails(11), left_out=(1,))
        .add("load_model('m.h5')", ran=no_file(20, "m.h5")),
        ["skipped", ("cascaded", 0, "m.h5")],
    ),
    # -- meant to raise ----------------------------------------------------------------------------
    "claimed and came": (
        Doc().add("f()", ran=fails(10), shows="Traceback ValueError"), ["expected"]
    ),
    "claimed in other words": (
        Doc().add("f()", ran=fails(10, message="b"), shows="Traceback ValueError: a"), ["expected"]
    ),
    "another came": (Doc().add("f()", ran=fails(10), shows="Traceback KeyError"), ["failed"]),
    "none came": (Doc().add("f()", shows="Traceback KeyError"), ["drifted"]),
    "an error where a value is shown": (Doc().add("f()", ran=fails(10), shows="8"), ["failed"]),
    "expected, and an example off": (
        Doc()
        .add("f()", "g()", ran=[fails(10), Run("ok", output="1")], shows="Traceback ValueError"),
        ["drifted"],
    ),
    "raises, by name": (
        Doc().add("f()", ran=fails(10), control=Control(raises="ValueError")), ["expected"]
    ),
    "raises, qualified": (
        Doc().add("f()", ran=fails(10), control=Control(raises="a.b.ValueError")), ["expected"]
    ),
    "raises, by a base": (
        Doc().add("f()", ran=no_file(10, "a"), control=Control(raises="OSError")), ["expected"]
    ),
    "raises, anything": (
        Doc().add("f()", ran=fails(10), control=Control(raises="*")), ["expected"]
    ),
    "raises, and didn't": (Doc().add("f()", control=Control(raises="ValueError")), ["drifted"]),
    "raises, and another came": (
        Doc().add("f()", ran=fails(10), control=Control(raises="KeyError")), ["failed"]
    ),
    "raises, and something was missing": (
        Doc().add("x = f()", ran=fails(10))
        .add("x.y", ran=undefined(20, "x"), control=Control(raises="KeyError")),
        ["failed", ("cascaded", 0, "x")],
    ),
    "what a meant exception leaves undefined": (
        Doc().add("x = f()", ran=fails(10), control=Control(raises="ValueError"))
        .add("x", ran=undefined(20, "x")),
        ["expected", "failed"],
    ),
    # -- not run, or not all there -----------------------------------------------------------------
    "an output": (Doc().add("a").add("1", kind="output", belongs_to=0), ["passed", "skipped"]),
    "a shell": (Doc().add("$ ls", kind="other", reason=Text("Shell.", "命令行。")), ["skipped"]),
    "left out, and failed there": (
        Doc().add("m = Sequential([...])", ran=fails(10, "TypeError", "[Ellipsis]"), left_out=(1,)),
        ["skipped"],
    ),
    "left out within the statement": (
        Doc().add("m = f(\n  x,\n  [...])", ran=fails(10), left_out=(3,)), ["skipped"]
    ),
    "left out, and failed after it": (
        Doc().add("[...]\nm.fit(x)", ran=undefined(11, "m"), left_out=(1,)), ["skipped"]
    ),
    "left out, and ran": (Doc().add("[...]\nx = 1", left_out=(1,)), ["skipped"]),
    "failed before what is left out": (
        Doc().add("m.f(lr=1)\n[...]", ran=fails(10), left_out=(2,)), ["failed"]
    ),
    "left out, and needed": (
        Doc().add("mgr = EXPR\nx = mgr.a()", ran=undefined(10, "EXPR"), left_out=(1,))
        .add("x", ran=undefined(20, "x")),
        ["skipped", ("cascaded", 0, "x")],
    ),
    "left out, and run on": (
        Doc().add("m = f([...])", left_out=(1,)).add("m.fit()", ran=fails(20)),
        ["skipped", ("cascaded", 0, "m")],
    ),
    # -- several examples --------------------------------------------------------------------------
    "one example after another": (
        Doc()
        .add("p = f()", "p.a", "q", ran=[fails(10), undefined(11, "p"), OK], kind="transcript"),
        ["failed"],
    ),
    "an own fault behind a cascade": (
        Doc().add("x = f()", ran=fails(10)).add(
            "x", "g()", ran=[undefined(20, "x"), fails(21)], kind="transcript"
        ),
        ["failed", "failed"],
    ),
    "as a plain prompt shows it": (
        Doc().add("type(3)", ran=Run("ok", output="int", plain="<class 'int'>"),
                  shows="<class 'int'>"),
        ["passed"],
    ),
    "but for an object's address": (
        Doc().add("m.fit()", ran=Run("ok", output=f"loss\n{HISTORY}", result=HISTORY),
                  shows="loss\n"),
        ["passed"],
    ),
    "something else, and an object's address": (
        Doc().add("m.fit()", ran=Run("ok", output=f"loss\n{HISTORY}", result=HISTORY),
                  shows="gain\n"),
        ["drifted"],
    ),
    "types that no change would have mended": (
        Doc().add("a = [1]").add("a.push(1)", ran=fails(20, "AttributeError"))
        .add("a + 'b'", ran=fails(30, "TypeError", "can only concatenate list (not 'str')")),
        ["passed", "failed", "failed"],
    ),
    "an attribute that wasn't set": (
        Doc().add("a = A()").add("a.x = f()", ran=fails(20))
        .add("a.x + 1", ran=fails(30, "TypeError", "unsupported operand type(s): 'NoneType'")),
        ["passed", "failed", ("cascaded", 1, "a")],
    ),
    "a change that is impossible": (
        Doc().add("a = t()")
        .add("a[0] = 1", ran=fails(20, "TypeError", "'T' object does not support item assignment"))
        .add("g(a)", ran=fails(30)),
        ["passed", "failed", "failed"],
    ),
    "blocked, and what follows in the block": (
        Doc().add("d = fetch()", "d.a", ran=[OFFLINE, undefined(11, "d")], kind="transcript"),
        ["blocked"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("doc", "expected"), CASES.values(), ids=CASES)
def test_statuses(doc: Doc, expected: list[object]) -> None:
    """Each block's status; for a cascade, its root and through what."""
    found = [
        (v.status, v.root, ", ".join(v.through)) if v.status == "cascaded" else v.status
        for v in doc.judge()
    ]
    assert found == expected


@pytest.mark.parametrize("doc", [doc for doc, _ in CASES.values()], ids=list(CASES))
def test_every_verdict_says_why(doc: Doc) -> None:
    """One good sentence in each language; what failed has an error and a line of its block."""
    for verdict in doc.judge():
        assert verdict.why.en.endswith(".")
        assert verdict.why.en[0].isupper() or verdict.why.en[0] == "`"
        assert verdict.why.zh.endswith("。")
        assert (verdict.root is not None) == (verdict.status == "cascaded")
        if verdict.status in ("failed", "blocked", "cascaded", "expected"):
            assert verdict.error is not None
            assert verdict.error.line


WHY = {
    "never defined": (Doc().add("f(x)", ran=undefined(10, "x")), "never defines"),
    "later": (
        Doc().add("x", ran=undefined(10, "x")).add("x = 1").judge()[0], "only later, in line 20"
    ),
    "deleted": (Doc().add("x = 1\ndel x\nx", ran=undefined(12, "x")), "line 11 deleted"),
    "not reached": (
        Doc().add("if a:\n    x = 1").add("x", ran=undefined(20, "x")), "line 11 would define"
    ),
    "too long": (Doc().add("f()", ran=Run("timeout", 30.0)), "stopped after 30 s"),
    "meant": (Doc().add("f()", control=Control(raises="KeyError")), "meant to raise KeyError"),
    "meant, another": (
        Doc().add("f()", ran=fails(10), control=Control(raises="KeyError")), "but ValueError came"
    ),
    "network": (Doc().add("d = fetch()", ran=OFFLINE), "`example.com`"),
    "only a later block": (
        Doc().add("open('a')", ran=no_file(10, "a")).add("x.to_csv('a')").judge()[0], "line 20"
    ),
    "incomplete": (Doc().add("a\n[...]", left_out=(2,)), "line 11 stands for code left out"),
    "skipped": (Doc().add("a", control=Control(skip="too slow")), "too slow"),
    "output": (
        Doc().add("a").add("1", kind="output", belongs_to=0), "output of the block in line 10"
    ),
    "shell": (Doc().add("ls", kind="other", reason=Text("A shell.", "命令行。")), "A shell."),
    "drift": (Doc().add("a", ran=Run("ok", output="1"), shows="2"), "isn't what line 11 shows"),
    "equivalent": (Doc().add("a", ran=Run("ok", output="1"), shows="~1"), "ids differ"),
    "old": (
        Doc().add("m = 1").add("m = f()", ran=fails(20)).add("m.fit()"),
        "`m` it uses is the older one of line 10, since line 20",
    ),
    "old, derived": (
        Doc().add("m = 1").add("m = f()", ran=fails(20)).add("n = m").add("n.fit()"),
        "`m` it uses is the older one of line 10",
    ),
    "unchanged": (
        Doc().add("m = 1").add("m.compile()", ran=fails(20)).add("m.predict(x)"),
        "lacks the change that line 20",
    ),
    "a folder for a writer": (
        Doc()
        .add("with TFRecordWriter('d/a.rec') as w:\n    w.write(b)", ran=no_file(10, "d/a.rec")),
        "into a folder that isn't there",
    ),
    "gap": (Doc().add("m = f([...])", left_out=(1,)).add("m.fit()"), "incomplete block at line 10"),
    "cascade": (
        Doc().add("d = f()", ran=fails(10)).add("x = d", ran=undefined(20, "d"))
        .add("x", ran=undefined(30, "x")),
        "block at line 20 didn't provide `x`, and that goes back to line 10",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("doc", "part"), WHY.values(), ids=WHY)
def test_why(doc: Doc | Verdict, part: str) -> None:
    verdict = doc if isinstance(doc, Verdict) else doc.last()
    assert part in verdict.why.en


def test_the_first_of_the_worst_is_shown() -> None:
    """Of several outputs, the one that is furthest off stands in the verdict."""
    runs = [Run("ok", 1.0, output=text) for text in ("1", "close?", "far")]
    doc = Doc().add("a", "b", "c", ran=runs, shows="1")
    verdict = doc.last()
    assert (verdict.claimed, verdict.got, verdict.closeness) == ("1", "close?", "wrong")
    assert verdict.seconds == 3.0


def test_all_is_shown_where_all_came() -> None:
    verdict = Doc().add("a", "b", ran=[Run("ok", output="1\n")] * 2, shows="1\n").last()
    assert (verdict.claimed, verdict.got, verdict.closeness) == ("1\n1", "1\n1\n", "exact")


def test_where_nothing_is_shown_there_is_no_closeness() -> None:
    verdict = Doc().add("a", ran=Run("ok", output="1")).last()
    assert (verdict.claimed, verdict.got, verdict.closeness) == ("", "1", None)


def test_stand_ins_are_named_once() -> None:
    runs = [Run("ok", stand_ins=("housing",)), Run("ok", stand_ins=("housing", "mnist"))]
    assert Doc().add("a", "b", ran=runs).last().stand_ins == ("housing", "mnist")


CHANCE = {
    "trains": (Doc().add("m.fit(x)"), True),
    "draws": (Doc().add("np.random.rand()"), True),
    "computes": (Doc().add("x + 1"), False),
    "from what was drawn": (Doc().add("x = np.random.rand()").add("y = x + 1").add("y"), True),
    "drawn, then set": (Doc().add("x = np.random.rand()").add("x = 1").add("x"), False),
    "a trained model": (Doc().add("m = f()").add("m.fit(x)").add("m.predict(y)"), True),
    "a function that draws": (Doc().add("def f():\n    return rng.normal()").add("f()"), True),
    "another function": (Doc().add("def f():\n    return rng.normal()").add("g()"), False),
    "made-up data": (
        Doc().add("x = fetch()", ran=Run("ok", stand_ins=("a",))).add("x.sum()"),
        True,
    ),
    "a library beside made-up data": (
        Doc().add("import numpy as np\nx = fetch()", ran=Run("ok", stand_ins=("a",))).add("np.pi"),
        False,
    ),
    "a library that draws": (
        Doc().add("import numpy as np\nx = np.random.rand()").add("np.pi"),
        False,
    ),
}


@pytest.mark.parametrize(("doc", "expected"), CHANCE.values(), ids=CHANCE)
def test_chance(doc: Doc, expected: bool) -> None:
    """Outputs that chance, training or made-up data have a part in are compared as such."""
    last = doc.blocks[-1]
    pieces = tuple(replace(p, claimed="random", claimed_line=p.lines[-1]) for p in last.pieces)
    doc.blocks[-1] = replace(last, pieces=pieces)
    assert (doc.last().status == "passed") is expected


def test_summary_has_the_roots_with_what_they_drag_along() -> None:
    doc = (
        Doc()
        .add("a = f()", ran=fails(10))
        .add(
            "x = fetch()",
            ran=replace(OFFLINE, raised=Raised("URLError", "", 20, (), "h", "address")),
        )
        .add("x", ran=undefined(30, "x"))
        .add("y = x", ran=undefined(40, "x"))
        .add("a.b", ran=undefined(50, "a"))
        .add("1 + 1")
    )
    found = summary(doc.judge())
    assert found.counts == {"failed": 1, "blocked": 1, "cascaded": 3, "passed": 1}
    assert [(r.block.index, [v.block.index for v in vs]) for r, vs in found.roots] == [
        (1, [2, 3]),
        (0, [4]),
    ]


def test_a_skipped_block_can_be_a_root() -> None:
    doc = Doc().add("m = f([...])", ran=fails(10), left_out=(1,)).add("m", ran=undefined(20, "m"))
    ((root, dragged),) = summary(doc.judge()).roots
    assert (root.status, len(dragged)) == ("skipped", 1)


def test_without_housing_data() -> None:
    """The way of a long chapter: one download fails, and everything on the data goes with it."""
    doc = (
        Doc()
        .add("import tensorflow as tf\nfrom sklearn.datasets import fetch")
        .add(
            "housing = fetch()\nX, y = split(housing.data)\nscaler = Scaler()\n"
            "X_scaled = scaler.fit_transform(X)\nmodel = tf.keras.Sequential([\n    D(3),\n])",
            ran=replace(OFFLINE, raised=replace(OFFLINE.raised, line=20)),  # type: ignore[type-var, arg-type]
        )
        .add("model.compile(loss='mse')", ran=undefined(30, "model"))
        .add("class Own(tf.keras.losses.Loss):\n    def call(self, a, b):\n        return a - b")
        .add("model.fit(X_scaled, y)\nmodel.save('m.keras')", ran=undefined(50, "model"))
        .add(
            "model = tf.keras.models.load_model('m.keras', custom_objects={'Own': Own})",
            ran=fails(60, "ValueError", "File not found: filepath=m.keras"),
        )
        .add("model = tf.keras.Sequential([D(1)])\nmodel.compile('sgd')")
        .add("model.fit(X_scaled, y)", ran=undefined(80, "X_scaled"))
        .add(
            "optimizer = tf.keras.optimizers.SGD(lr=1)",
            ran=fails(90, message="not recognized: {'lr'"),
        )
    )
    found = [(v.status, v.root, v.through) for v in doc.judge()]
    assert found == [
        ("passed", None, ()),
        ("blocked", None, ()),
        ("cascaded", 1, ("model",)),
        ("passed", None, ()),
        ("cascaded", 1, ("model",)),
        ("cascaded", 1, ("m.keras",)),
        ("passed", None, ()),
        ("cascaded", 1, ("X_scaled",)),
        ("failed", None, ()),
    ]


def test_the_real_comparison_is_the_default() -> None:
    doc = Doc().add(
        "t",
        ran=Run("ok", output="<tf.Tensor: shape=(), numpy=8>"),
        shows="<tf.Tensor: id=1, shape=(), numpy=8>",
    )
    doc.add(
        "f()",
        ran=fails(20, message="bad"),
        shows="Traceback (most recent call last):\nValueError: bad",
    )
    doc.add("f()", ran=Run("ok", output="1"), shows="Traceback[...]ValueError[...]")
    document = Document(Path("a.md"), "", "", tuple(doc.blocks), ())
    found = judge(document, doc.runs)
    assert [v.status for v in found] == ["passed", "expected", "drifted"]
    assert "none came" in found[2].why.en
