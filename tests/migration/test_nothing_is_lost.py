"""Whatever a notebook holds, every cell is accounted for and no solution reaches the students."""

from __future__ import annotations

import ast
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from grader import course, stubs
from grader.errors import UsageError
from grader.migration import Migrated, Request, migrate

from . import notebooks
from .conftest import TINY
from .notebooks import code, markdown, meta, raw

SECRET = "hush_1234"
"""What only solutions hold."""
_lines = st.sampled_from(
    [
        *(
            "x = 1",
            "def f(a):",
            "    return a",
            "%time y = 2",
            "!ls",
            "print(f(1))",
            "",
            "(",
            '"""',
        ),
        *("assert f(1) == 2", "for i in [1, 2]:", "    assert f(i) == i", "# IGNORE", "class A:"),
        *("y = 1 # SOLUTION", "import otter", "\x0cz = 1", "s = '\u2028'", "try:"),
        *("# BEGIN SOLUTION", "# END SOLUTION", "    # END SOLUTION", "%%bash", "await g()"),
    ]
)
_text = st.lists(_lines, max_size=6).map("\n".join)


@st.composite
def solutions(draw: st.DrawFn) -> str:
    indent = draw(st.sampled_from(["", "    "]))
    head = "def f(a):\n" if indent else ""
    inside = draw(st.sampled_from([f"n = '{SECRET}'", f"return '{SECRET}'", f"'{SECRET}' ="]))
    return f"{head}{indent}### BEGIN SOLUTION\n{indent}{inside}\n{indent}### END SOLUTION\n" + draw(
        _text
    )


@st.composite
def nbgrader_cell(draw: st.DrawFn) -> dict[str, Any]:
    flags = {name: draw(st.booleans()) for name in ("grade", "solution", "locked", "task")}
    points = draw(st.sampled_from([0, 1, 2.5, "3", None]))
    about = meta(draw(st.sampled_from(["a", "b-c", "é", ""])), points=points, **flags)
    source = draw(st.one_of(_text, solutions()))
    make = draw(st.sampled_from([code, markdown]))
    return make(source, nbgrader=about) if draw(st.booleans()) else make(source)


@st.composite
def otter_question(draw: st.DrawFn) -> list[dict[str, Any]]:
    name = draw(st.sampled_from(["q1", "1", "[a]", "''"]))
    cells = [raw(f"# BEGIN QUESTION\nname: {name}\nmanual: {draw(st.booleans())}")]
    for block in draw(st.lists(st.sampled_from(["SOLUTION", "TESTS", "PROMPT"]), max_size=3)):
        secret = f"\nn = '{SECRET}' # SOLUTION" if block == "SOLUTION" else ""
        inside = [code(text + secret, "True") for text in draw(st.lists(_text, max_size=2))]
        cells += [raw(f"# BEGIN {block}"), *inside, raw(f"# END {block}")]
    return [*cells, raw("# END QUESTION")]


_plain = st.one_of(
    _text.map(code), _text.map(markdown), _text.map(raw), st.just(code("# IGNORE\nx"))
)
_otter = st.lists(st.one_of(otter_question(), _plain.map(lambda cell: [cell])), max_size=4).map(
    lambda parts: [cell for part in parts for cell in part]
)


def accounted(cells: list[dict[str, Any]], tool: Any) -> Migrated | None:
    """Migrates into a scratch course and looks at all that was written; None when refused."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(shutil.copytree(TINY, Path(scratch) / "tiny"))
        before = sorted(str(path) for path in root.rglob("*"))
        file = notebooks.write(Path(scratch) / "made.ipynb", cells)
        try:
            done = migrate(Request(file, root, tool))
        except UsageError:
            assert sorted(str(path) for path in root.rglob("*")) == before
            return None
        assert [outcome.cell.number for outcome in done.outcomes] == list(range(1, len(cells) + 1))
        assert all(o.where or o.lost for o in done.outcomes)
        page = (root / "solutions/made/MIGRATION.md").read_text("utf-8")
        assert all(f"\n| {number} |" in page for number in range(1, len(cells) + 1))
        assert stubs.disagreements(root) == []
        course.load(root)
        for path in (root / "solutions/made").glob("*.py"):
            ast.parse(path.read_text("utf-8"))
        for path in (root / "exercises/made").iterdir():
            assert SECRET not in path.read_text("utf-8")
            if path.suffix == ".py":
                ast.parse(path.read_text("utf-8"))
        return done


@settings(max_examples=60, deadline=None)
@given(st.lists(nbgrader_cell(), max_size=6))
def test_nbgrader(cells: list[dict[str, Any]]) -> None:
    accounted(cells, "nbgrader")


@settings(max_examples=60, deadline=None)
@given(_otter)
def test_otter(cells: list[dict[str, Any]]) -> None:
    accounted(cells, "otter")


def test_hostile_cells() -> None:
    """What would cost Python's parser its stack or hours is refused or kept as a comment."""
    good = code("def f(x):\n    return x # SOLUTION")
    for text in ("![" * 300_000, "#" * 300_000, "`" * 300_000):
        assert accounted([good, markdown(text)], "otter") is not None
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\n" + "".join(
        f"{new}: &{new} [*{old}, *{old}]\n"
        for old, new in zip("bcdefghijklmnopqrstuvwxy", "cdefghijklmnopqrstuvwxyz", strict=True)
    )
    named = [raw(f"# BEGIN QUESTION\n{bomb}name: *z\n"), raw("# END QUESTION")]
    assert accounted([good, *named], "otter") is not None
    many = code("\n".join(["x = 1 # SOLUTION"] * 12_000))
    assert accounted([good, many], "otter") is not None
    deep = ["(" * 5000, "-" * 5000 + "1", "x" + ".a" * 5000, "f'{" * 300, "x = 1\n" * 40_000]
    done = accounted([good, *(code(text) for text in deep)], "otter")
    assert done is not None
    assert done.outcomes[0].state == "mapped"
    assert [outcome.state for outcome in done.outcomes[1:]] == ["not"] * len(deep)
    test = [raw("# BEGIN QUESTION\nname: q"), raw("# BEGIN TESTS"), code("assert f(" + "(" * 300)]
    test.append(code("assert f(1)" + ".numpy()" * 100 + " == 1"))
    tested = accounted([good, *test, raw("# END TESTS"), raw("# END QUESTION")], "otter")
    assert tested is not None
    assert tested.checks[0].missed
