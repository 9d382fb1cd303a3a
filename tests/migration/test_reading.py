"""Both formats, cell by cell, and every way in which a notebook is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from grader import course, stubs
from grader.cli import cli
from grader.errors import UsageError
from grader.migration import Migrated
from grader.migration.source import MAX_BYTES

from . import notebooks
from .conftest import Migrate
from .notebooks import code, markdown, meta, raw

SOLVED = code(
    "def f(x):\n    ### BEGIN SOLUTION\n    return x * 2\n    ### END SOLUTION",
    nbgrader=meta("f", solution=True),
)
BROKEN = "def f(:\n  ### BEGIN SOLUTION\n  secret\n  ### END SOLUTION"


def question(*inside: dict[str, Any], config: str = "name: q1") -> list[dict[str, Any]]:
    return [raw(f"# BEGIN QUESTION\n{config}"), *inside, raw("# END QUESTION")]


def block(*cells: dict[str, Any]) -> list[dict[str, Any]]:
    return [raw("# BEGIN TESTS"), *cells, raw("# END TESTS")]


ANSWER = [raw("# BEGIN SOLUTION"), code("x = 3 # SOLUTION"), raw("# END SOLUTION")]


def states(done: Migrated) -> list[str]:
    return [outcome.state for outcome in done.outcomes]


def text(root: Path, name: str) -> str:
    return (root / name).read_text("utf-8")


@pytest.mark.parametrize("version", [1, 2, 3])
def test_schemas(run: Migrate, version: int) -> None:
    """The same exercise comes of every schema; tasks are only in the third."""
    done = run(notebooks.nbgrader_cells(version))
    assert [check.points for check in done.checks] == [2, 1.5, 3, 1]
    assert len(done.outcomes) == (13 if version == 3 else 12)


def test_nbformat_3(run: Migrate, tmp_path: Path) -> None:
    """Old notebooks keep their cells in worksheets, and their code as `input`."""
    cells = [
        {**cell, "input": cell["source"], "language": "python", "prompt_number": 1}
        if cell["cell_type"] == "code"
        else cell
        for cell in notebooks.nbgrader_cells(1)
    ]
    for cell in cells:
        cell["outputs"] = []
    old = {"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells, "metadata": {}}]}
    done = run([], **old)
    assert len(done.outcomes) == 12
    assert len(done.checks) == 4


def test_manual_work_is_listed(run: Migrate, root: Path) -> None:
    """Essays, tasks, code that people grade: listed, and their answers kept from students."""
    graded = code(
        "def g(x):\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION",
        nbgrader=meta("by_hand", grade=True, solution=True, points=5),
    )
    done = run([*notebooks.nbgrader_cells(), graded])
    wanted = ("by_hand: code that people grade, 5", "draw: a task", "essay: an answer in words")
    assert all(any(part in item for item in done.todo) for part in wanted)
    page = text(root, "exercises/made/README.md")
    assert "Draw the two functions." in page
    assert "1 point for each" not in page
    assert "derivative is zero" not in page
    assert "1 point for each" in text(root, "solutions/made/MIGRATION.md")


def test_a_cell_without_markers(run: Migrate, root: Path) -> None:
    """nbgrader cuts the whole of a solution cell; so does the stub here."""
    cell = code("def f(x):\n    return 3", nbgrader=meta("f", solution=True))
    done = run([cell, code("y = f(2)\nz = 1")])
    assert text(root, "exercises/made/made.py") == '"""Made"""\n\n\nz = 1\n'
    assert "y = f(2)" in text(root, "solutions/made/made.py")
    assert [o.remarks != () for o in done.outcomes] == [True, True]


def test_cells_that_are_not_python(run: Migrate, root: Path) -> None:
    """They stay as comments, a solution in the reference only."""
    done = run([SOLVED, code(BROKEN), code("x = = 1"), code("%%bash\nls"), raw("\\newpage")])
    assert states(done) == ["mapped", "not", "not", "not", "not"]
    reference, stub = (text(root, f"{t}/made/made.py") for t in ("solutions", "exercises"))
    assert "#   secret" in reference
    assert "secret" not in stub
    assert "# x = = 1" in stub
    assert stubs.disagreements(root) == []


def test_a_region_that_leaves_no_python(run: Migrate, root: Path) -> None:
    """A solution inside an expression, or at a place that runs on loading, takes its cell along."""
    inside = "values = [\n    ### BEGIN SOLUTION\n    1, 2,\n    ### END SOLUTION\n]"
    loading = "if True:\n    ### BEGIN SOLUTION\n    n = 1\n    ### END SOLUTION"
    run([code(inside), code(loading), SOLVED], tool="nbgrader")
    stub = text(root, "exercises/made/made.py")
    assert "values" not in stub
    assert "if True" not in stub
    compile(stub, "stub", "exec")


def test_markers_of_the_other_tool(run: Migrate, root: Path) -> None:
    """In nbgrader's notebooks otter's markers are comments, and ours must not be made of them."""
    other = code("# BEGIN SOLUTION\nkept = 1\n# END SOLUTION")
    done = run([SOLVED, other], tool="nbgrader")
    assert "# (BEGIN SOLUTION)\nkept = 1" in text(root, "exercises/made/made.py")
    assert done.todo[0].startswith("cell 2: students get “# BEGIN SOLUTION” and 1 more line(s)")


@pytest.mark.parametrize(
    "mark",
    ["# SOLUTION (accept 42)", "# SOLUTION: why", "#SOLUTION NO PROMPT x", "#SOLUTION", "# SEED 1"],
)
def test_what_follows_otters_mark_is_cut_with_it(run: Migrate, root: Path, mark: str) -> None:
    """As otter does it; the line stays in the reference, without the mark."""
    secret = code(f"def f(x):\n    return 'secret' {mark}\n\ny = 'secret' {mark}\n")
    run([*question(*ANSWER), secret], tool="otter")
    stub = text(root, "exercises/made/made.py")
    assert "secret" not in stub
    assert ("y = ..." in stub) == ("NO PROMPT" not in mark)
    assert "\n    return 'secret'\n" in text(root, "solutions/made/made.py")


@pytest.mark.parametrize("tool", ["nbgrader", "otter"])
@pytest.mark.parametrize("make", [code, markdown])
@pytest.mark.parametrize(
    "marker",
    ["#### BEGIN SOLUTION", "### begin solution", "#BEGIN SOLUTION", "## End Solution now",
     "### begin hidden tests", "# BEGIN_SOLUTION"],
)  # fmt: skip
def test_markers_that_nobody_cuts(
    run: Migrate, root: Path, tool: str, make: Any, marker: str
) -> None:
    """In a cell that students get they would show what they were to hide: refused, by name."""
    solved = [SOLVED] if tool == "nbgrader" else question(*ANSWER)
    with pytest.raises(UsageError, match="looks like a marker") as told:
        run([*solved, make(f"{marker}\ny = 'secret'\n")], tool=tool)
    assert str(told.value).startswith(f"cell {len(solved) + 1}: “{marker}” ")
    assert not (root / "exercises/made").exists()


def test_markers_in_public_tests_that_nobody_cuts(run: Migrate) -> None:
    """The same for what is to be hidden of a test."""
    source = "assert f(1) == 2\n### begin hidden tests\nassert f(2) == 4\n### end hidden tests"
    with pytest.raises(UsageError, match="cell 2: “### begin hidden tests” looks like a marker"):
        run([SOLVED, code(source, nbgrader=meta("t", grade=True, locked=True, points=1))])


def test_words_of_solutions_are_listed(run: Migrate) -> None:
    """Anything else that speaks of one is for a person to read, first of all that is left to do."""
    cells = [code("y = 1  # Solution: 2"), markdown("The solution\nis 2.\n\nSolutions differ.")]
    done = run([SOLVED, *cells])
    says = "see that nothing of the solution or of hidden tests is given away"
    assert set(done.todo[:2]) == {
        f"cell 2: students get “y = 1 # Solution: 2”: {says}",
        f"cell 3: students get “The solution” and 1 more line(s) like it: {says}",
    }


def test_no_points_and_no_tests(run: Migrate, root: Path) -> None:
    """A check has to be worth something: a test without points is kept as a comment."""
    free = code("assert f(1) == 2", nbgrader=meta("free", grade=True, locked=True, points=0))
    done = run([SOLVED, free])
    assert done.checks == ()
    hidden = text(root, "solutions/made/test_made.py")
    assert "# assert f(1) == 2" in hidden
    assert "not migrated" in hidden
    assert "student.f(1)" in text(root, "exercises/made/test_made.py")


def test_all_tests_hidden(run: Migrate, root: Path) -> None:
    """Students get at least a test that the names are there."""
    source = "### BEGIN HIDDEN TESTS\nassert f(1) == 2\n### END HIDDEN TESTS"
    run([SOLVED, code(source, nbgrader=meta("t", grade=True, locked=True, points=1))])
    public = text(root, "exercises/made/test_made.py")
    assert 'fetch(student["f"])' in public.replace("'", '"')
    assert "== 2" not in public
    assert 'reveal="question"' in text(root, "solutions/made/test_made.py")


def test_otter_prompts(run: Migrate, root: Path) -> None:
    """Every form of solution, and what a student is left with."""
    source = (
        "def square(x):\n"
        "    y = x * x # SOLUTION NO PROMPT\n"
        "    return y # SOLUTION\n\n"
        "nine = square(3) # SOLUTION\n\n"
        "def circumference(r):\n"
        "    # BEGIN SOLUTION NO PROMPT\n"
        "    return 6 * r\n"
        "    # END SOLUTION\n"
        '    """ # BEGIN PROMPT\n'
        "    # Next, define it.\n"
        "    pass\n"
        '    """; # END PROMPT\n'
    )
    prompt = [raw("# BEGIN PROMPT"), markdown("Type here."), raw("# END PROMPT")]
    solved = [raw("# BEGIN SOLUTION"), code(source), raw("# END SOLUTION")]
    run([*question(*prompt, *solved)])
    assert text(root, "exercises/made/made.py") == (
        '"""Made"""\n\n\ndef square(x):\n    raise NotImplementedError\n\nnine = ...\n\n'
        "def circumference(r):\n    raise NotImplementedError\n"
        "    # # Next, define it.\n    # pass\n"
    )
    assert course.load(root).by_id("made").symbols == ("square", "nine", "circumference")
    assert "Type here." in text(root, "exercises/made/README.md")


def test_otter_points(run: Migrate) -> None:
    """Points of a question, of its tests, in a list, of each: as otter resolves them."""

    def points(config: str, *own: str) -> list[float]:
        cells = [
            code(f'""" # BEGIN TEST CONFIG\n{each}\n""" # END TEST CONFIG\nassert x == 3')
            if each
            else code("assert x == 3")
            for each in own
        ]
        found = run(question(*ANSWER, *block(*cells), config=f"name: q\n{config}"))
        return [check.points for check in found.checks]

    assert points("points: 3", "", "points: 2") == [1, 2]


def test_otter_points_resolved() -> None:
    from grader.migration.otter_config import shares

    assert shares(None, [None, None], 1) == [0.5, 0.5]
    assert shares(None, [2.0, None], 1) == [2.0, 0.0]
    assert shares([1, 3], [None, None], 1) == [1.0, 3.0]
    assert shares({"each": 2}, [None, None], 1) == [2.0, 2.0]
    with pytest.raises(UsageError, match="3 points for 2 tests"):
        shares([1, 2, 3], [None, None], 1)
    with pytest.raises(UsageError, match="make them agree"):
        shares(1, [2.0, None], 1)


def test_otter_fences(run: Migrate) -> None:
    """Markdown cells fenced with ```otter stand for raw ones, several in one cell too."""
    opening = markdown("```otter\n# BEGIN QUESTION\nname: q1\n```\n\nWrite x.\n\n```otter\n"
                       "# BEGIN SOLUTION\n```")  # fmt: skip
    closing = markdown("```otter\n# END SOLUTION\n```\n```otter\n# END QUESTION\n```")
    head = raw("# ASSIGNMENT CONFIG\nname: a")
    done = run([head, opening, code("x = 3 # SOLUTION"), closing])
    assert states(done) == ["mapped"] * 4


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([code("x = 1")], "no marks of nbgrader or otter"),
        ([SOLVED, raw("# BEGIN QUESTION\nname: q")], "marks of both"),
        ([markdown("x", nbgrader=meta("a", locked=True))], "no solution in it"),
        ([code("### BEGIN SOLUTION\nx = 1")], "cell 1, line 1: BEGIN SOLUTION without"),
        ([markdown("a"), code("x\n### END SOLUTION\n### BEGIN SOLUTION")], "cell 2, line 2: END"),
        (
            [code("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION")],
            "cell 1, line 2: BEGIN SOLUTION inside the one of line 1",
        ),
        ([SOLVED, code("### BEGIN HIDDEN TESTS")], "cell 2, line 1: BEGIN HIDDEN TESTS without"),
        ([SOLVED, markdown("### END MARK SCHEME")], "cell 2, line 1: END MARK SCHEME"),
        ([code("x", nbgrader={**meta("a"), "schema_version": 4})], "schema 4 is unknown"),
        ([code("x", nbgrader=[])], "schema None is unknown"),
        ([raw("# BEGIN QUESTION\nname: q")], "BEGIN QUESTION without an END QUESTION"),
        ([raw("# END TESTS")], "cell 1, line 1: END TESTS without its BEGIN"),
        ([raw("# BEGIN TESTS")], "outside a question"),
        ([*question(raw("# BEGIN QUESTION\nname: r"))], "inside the question before it"),
        ([*question(raw("# BEGIN TESTS"), raw("# BEGIN SOLUTION"))], "inside a tests"),
        ([*question(raw("# BEGIN TESTS"), markdown("no"))], "only code cells"),
        (question(config="name: [q"), "cell 1, line 2: not YAML"),
        (question(config="- a"), "isn't `key: value` lines"),
        (question(config="name: " + "q" * 30_000), "shorten it"),
        (question(*block(code('""" # BEGIN TEST CONFIG\n'))), "without an END TEST CONFIG"),
        ([raw("# ASSIGNMENT CONFIG"), markdown("```\nBEGIN QUESTION\nname: q\n```")], "before v1"),
        ([raw("# ASSIGNMENT CONFIG"), markdown("```otter\n# BEGIN TESTS")], "isn't closed"),
    ],
)
def test_refusals(run: Migrate, root: Path, cells: list[dict[str, Any]], said: str) -> None:
    """One line with the place; nothing is left in the course."""
    before = text(root, "course.toml")
    with pytest.raises(UsageError) as caught:
        run(cells)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert text(root, "course.toml") == before
    assert not (root / "exercises/made").exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a notebook"),
        (b"\xff\xfe", "not a notebook"),
        (b"[]", "it has no nbformat"),
        (b'{"nbformat": 9}', "nbformat 9 is unknown"),
        (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
        (b'{"nbformat": 3, "worksheets": 1}', "not a notebook"),
        (b'{"nbformat": 4, "cells": [1]}', "cell 1: no kind of cell"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}', "cell 1: it has no text"),
        (b'{"nbformat": 4, "cells": [' + b"{}," * 2001 + b"{}]}", "more than 2000 cells"),
        (b"[" * 200_000, "nested absurdly deep"),
        (b" " * (MAX_BYTES + 1), "larger than 20 MiB"),
        (json.dumps({"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": "R"}}}
                    ).encode(), "its kernel is for r"),
    ],
)  # fmt: skip
def test_files_that_are_no_notebooks(root: Path, tmp_path: Path, data: bytes, said: str) -> None:
    """The command says so in one line, with exit status 2 at the edge."""
    file = tmp_path / "made.ipynb"
    file.write_bytes(data)
    done = CliRunner().invoke(cli, ["migrate", str(file), "--course", str(root)])
    assert isinstance(done.exception, UsageError)
    assert said in str(done.exception)


def test_wrong_calls(run: Migrate, root: Path, tmp_path: Path) -> None:
    """A file that isn't there, another kind of file, an id that is taken or none."""
    file = notebooks.write(tmp_path / "2.ipynb", [SOLVED])

    def said(*arguments: str | Path) -> str:
        call = ["migrate", *map(str, arguments), "--course", str(root)]
        return str(CliRunner().invoke(cli, call).exception)

    assert "can't be read" in said(tmp_path / "none.ipynb")
    assert "only notebooks are read" in said(tmp_path / "lab.Rmd")
    assert "give one with --id" in said(file)
    assert "listed twice" in said(file, "--id", "square") or "there already" in said(
        file, "--id", "square"
    )
    assert "lower-case letters" in said(file, "--id", "../x")


def test_command(root: Path, tmp_path: Path) -> None:
    """The table names every cell; what is left to do stands below."""
    file = notebooks.write(tmp_path / "My Squares.ipynb", notebooks.nbgrader_cells())
    done = CliRunner().invoke(cli, ["migrate", str(file), "--course", str(root)])
    assert done.exit_code == 0, done.output
    for number in range(1, 14):
        assert any(line.split()[:1] == [str(number)] for line in done.output.splitlines())
    assert "3 of 4 checks are whole" in done.output
    assert course.load(root).exercises[-1].id == "my_squares"
    quiet = ["migrate", str(file), "--course", str(root), "--id", "again", "--quiet"]
    assert CliRunner().invoke(cli, quiet).output == ""
