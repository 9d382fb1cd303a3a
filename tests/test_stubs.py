"""Stubs are cut out of solutions, and the repository's own agree with theirs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader import stubs
from grader.errors import UsageError

ROOT = Path(__file__).parents[1]

SOLUTION = '''"""An exercise."""

import tensorflow as tf

# BEGIN SOLUTION
from functools import partial


def helper(x):
    return x


# END SOLUTION


def task(x):
    """Return x."""
    # BEGIN SOLUTION
    y = helper(x)
    return y
    # END SOLUTION


# BEGIN SOLUTION
@register
# END SOLUTION
class Layer:
    """A layer."""

    def call(self, x):
        """Return x."""
        # BEGIN SOLUTION
        return x
        # END SOLUTION
'''
STUB = '''"""An exercise."""

import tensorflow as tf


def task(x):
    """Return x."""
    raise NotImplementedError


class Layer:
    """A layer."""

    def call(self, x):
        """Return x."""
        raise NotImplementedError
'''


def test_cut() -> None:
    """Indented regions become one `raise`, others go, and no hole is left behind."""
    assert stubs.cut(SOLUTION, "a.py") == STUB
    ast.parse(STUB)


@pytest.mark.parametrize(
    ("solution", "said"),
    [
        ("x = 1\n", "a.py: no # BEGIN SOLUTION / # END SOLUTION region to cut"),
        ("x\n# BEGIN SOLUTION\ny\n", "a.py:2: BEGIN SOLUTION without an END SOLUTION"),
        ("x\n# END SOLUTION\n", "a.py:2: END SOLUTION without a BEGIN SOLUTION"),
        (
            "# BEGIN SOLUTION\n# END SOLUTION\n# END SOLUTION\n",
            "a.py:3: END SOLUTION without a BEGIN SOLUTION",
        ),
        (
            "# BEGIN SOLUTION\nx\n    # BEGIN SOLUTION\n",
            "a.py:3: BEGIN SOLUTION inside the one of line 1",
        ),
    ],
)
def test_markers_without_partner(solution: str, said: str) -> None:
    """A solution that would leak through a lost marker is refused with file and line."""
    with pytest.raises(UsageError) as caught:
        stubs.cut(solution, "a.py")
    assert str(caught.value) == said


def test_nothing_between_the_markers_is_left() -> None:
    """No line of a region is in any of the repository's stubs, nor any marker."""
    for solution in sorted(ROOT.glob("solutions/*/*.py")):
        if solution.stem.startswith("test_"):
            continue
        stub = stubs.cut(solution.read_text("utf-8"), solution.name)
        assert "SOLUTION" not in stub
        assert "raise NotImplementedError" in stub
        ast.parse(stub)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A course of one exercise that has only its solution."""
    (tmp_path / "course.toml").write_text(
        'name = {en = "C", zh = "课"}\nlanguages = ["en"]\n'
        '[[exercises]]\nid = "one"\ntitle = {en = "One", zh = "一"}\nsymbols = ["task"]\n'
    )
    folder = tmp_path / "solutions" / "one"
    folder.mkdir(parents=True)
    (folder / "one.py").write_text(SOLUTION)
    return tmp_path


def run(root: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(stubs.main, [*arguments, "--course", str(root)])
    return done.exit_code, done.output


def test_command(small: Path) -> None:
    """It tells a missing or changed stub, writes it on request, and is content with it then."""
    stub = small / "exercises" / "one" / "one.py"
    advice = (
        "exercises/one/one.py isn't cut from its solution: run python -m grader.stubs --write\n"
    )
    assert run(small) == (1, advice)
    assert run(small, "--write") == (0, "")
    assert stub.read_text() == STUB
    assert run(small) == (0, "")
    stub.write_text(STUB.replace("Return x", "Return y"))
    assert run(small) == (1, advice)


def test_command_says_in_one_line_what_is_wrong(small: Path) -> None:
    """No course, no solution, or one that can't be cut: status 2 and one line each."""
    solution = small / "solutions" / "one" / "one.py"
    solution.write_text("x = 1\n")
    status, said = run(small)
    assert (status, said.count("\n")) == (2, 1)
    assert "region to cut" in said
    solution.unlink()
    for arguments in ((), ("--write",)):
        status, said = run(small, *arguments)
        assert (status, said.count("\n")) == (2, 1)
        assert "one.py isn't there; write the reference solution first" in said
    status, said = run(small / "solutions")
    assert (status, said.count("\n")) == (2, 1)
    assert "holds no course.toml" in said


def test_the_repositorys_stubs() -> None:
    """Every stub of this course is its solution with the regions cut out."""
    assert stubs.disagreements(ROOT) == []
