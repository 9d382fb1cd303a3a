"""Source notebooks in the form that nbgrader and otter write, small enough to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PYTHON = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "version": "3.11.4"},
}


def code(source: str, output: str = "", **metadata: Any) -> dict[str, Any]:
    outputs = [
        {
            "data": {"text/plain": output.splitlines(keepends=True)},
            "execution_count": 1,
            "metadata": {},
            "output_type": "execute_result",
        }
    ]
    return {
        "cell_type": "code",
        "execution_count": 1 if output else None,
        "metadata": metadata,
        "outputs": outputs if output else [],
        "source": source.splitlines(keepends=True),
    }


def markdown(source: str, **metadata: Any) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "markdown", "metadata": metadata, "source": lines}


def raw(source: str) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "raw", "metadata": {}, "source": lines}


def meta(grade_id: str, version: int = 3, **more: Any) -> dict[str, Any]:
    """A cell's `nbgrader` metadata, as the assignment toolbar of that schema writes it."""
    made = {"grade": False, "grade_id": grade_id, "locked": False, "solution": False, **more}
    if version >= 3:
        made.setdefault("task", False)
    return {**made, "schema_version": version}


def write(file: Path, cells: list[dict[str, Any]], **top: Any) -> Path:
    notebook = {"cells": cells, "metadata": PYTHON, "nbformat": 4, "nbformat_minor": 4, **top}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
    return file


def nbgrader_cells(version: int = 3) -> list[dict[str, Any]]:
    """Two questions graded by tests, one essay, and, from schema 3 on, a task."""
    tests = {"grade": True, "locked": True}
    cells = [
        markdown("# Squares\n\nBefore you turn this in, restart the kernel.\n"),
        code("%matplotlib inline\nimport numpy as np\nimport tensorflow as tf"),
        code("def twice(x):\n    return x + x\n"),
        markdown(
            "## Part A\n\nWrite `squares(n)`: the list of the first n squares.\n",
            nbgrader=meta("part_a", version, locked=True),
        ),
        code(
            "def squares(n):\n"
            '    """Compute the squares of 1 to n.\n\n    Raises ValueError for n < 1.\n    """\n'
            "    ### BEGIN SOLUTION\n"
            "    if n < 1:\n"
            '        raise ValueError("n must be at least 1")\n'
            "    return [i ** 2 for i in range(1, n + 1)]\n"
            "    ### END SOLUTION",
            nbgrader=meta("squares", version, solution=True),
        ),
        code("squares(3)"),
        code(
            '"""Check that squares returns the right list"""\n'
            "from nose.tools import assert_equal\n"
            "assert squares(1) == [1]\n"
            "assert_equal(squares(2), [1, 4])\n"
            "### BEGIN HIDDEN TESTS\n"
            "for n, want in [(3, [1, 4, 9]), (4, [1, 4, 9, 16])]:\n"
            "    assert squares(n) == want\n"
            "### END HIDDEN TESTS\n",
            nbgrader=meta("correct_squares", version, points=2, **tests),
        ),
        code(
            "try:\n    squares(0)\nexcept ValueError:\n    pass\nelse:\n"
            '    raise AssertionError("did not raise")\n',
            nbgrader=meta("squares-invalid_input", version, points=1.5, **tests),
        ),
        code(
            "def normalize(x):\n"
            '    """x, shifted and scaled to mean 0 and standard deviation 1."""\n'
            "    ### BEGIN SOLUTION\n"
            "    x = tf.convert_to_tensor(x)\n"
            "    return (x - tf.reduce_mean(x)) / tf.math.reduce_std(x)\n"
            "    ### END SOLUTION",
            nbgrader=meta("normalize", version, solution=True),
        ),
        code(
            "x = tf.constant([1.0, 3.0])\n"
            "y = normalize(x)\n"
            "assert y.shape == (2,)\n"
            'assert np.allclose(y.numpy(), [-1.0, 1.0]), "shift by the mean first"\n'
            "### BEGIN HIDDEN TESTS\n"
            "z = np.array([[0.0, 2.0], [4.0, 6.0]])\n"
            "np.testing.assert_allclose(normalize(z), (z - 3.0) / np.sqrt(5.0), rtol=1e-6)\n"
            "### END HIDDEN TESTS\n"
            'print("Success!")',
            nbgrader=meta("normalize_test", version, points=3, **tests),
        ),
        code(
            "rng = np.random.default_rng(0)\nassert normalize(rng.normal(size=5)).shape == (5,)",
            nbgrader=meta("normalize_random", version, points=1, **tests),
        ),
        markdown(
            "The derivative is zero where ...",
            nbgrader=meta("essay", version, grade=True, solution=True, points=4),
        ),
    ]
    if version >= 3:
        cells.append(
            markdown(
                "Draw the two functions.\n\n### BEGIN MARK SCHEME\n1 point for each.\n"
                "### END MARK SCHEME\n",
                nbgrader=meta("draw", version, task=True, points=2, locked=True),
            )
        )
    return cells


def otter_cells() -> list[dict[str, Any]]:
    """A function, a variable, an exception-based test, and a question that people grade."""
    return [
        raw("# ASSIGNMENT CONFIG\ninit_cell: false\nfiles:\n    - data.csv\n"),
        markdown("# Means\n\nComplete the cells.\n"),
        code(
            "import numpy as np\nimport tensorflow as tf\nimport otter\ngrader = otter.Notebook()"
        ),
        raw("# BEGIN QUESTION\nname: q1\npoints: 4\n"),
        markdown("**Question 1.** Write `weighted_mean(x, w)`.\n"),
        raw("# BEGIN SOLUTION"),
        code(
            "def weighted_mean(x, w):\n"
            '    """The mean of x with weights w, as a scalar tensor."""\n'
            "    total = tf.reduce_sum(w) # SOLUTION NO PROMPT\n"
            "    return tf.reduce_sum(x * w) / total # SOLUTION\n"
            "\n"
            "nine = 3 ** 2 # SOLUTION\n"
        ),
        raw("# END SOLUTION"),
        raw("# BEGIN TESTS"),
        code(
            "np.isclose(weighted_mean(tf.constant([1.0, 3.0]), tf.constant([1.0, 1.0])), 2)", "True"
        ),
        code("nine", "9"),
        code(
            "# HIDDEN\n"
            "np.allclose(weighted_mean(tf.constant([1.0, 3.0]), tf.constant([1.0, 3.0])), 2.5)",
            "True",
        ),
        code(
            '""" # BEGIN TEST CONFIG\n'
            "points: 1\n"
            "hidden: true\n"
            "failure_message: What does a weight of 0 do?\n"
            '""" # END TEST CONFIG\n'
            "def test_zero(weighted_mean):\n"
            "    got = weighted_mean(tf.constant([1.0, 3.0]), tf.constant([0.0, 2.0]))\n"
            "    assert abs(got - 3.0) < 1e-6\n"
            "\n"
            "test_zero(weighted_mean)  # IGNORE\n"
        ),
        raw("# END TESTS"),
        raw("# END QUESTION"),
        raw("# BEGIN QUESTION\nname: q2\nmanual: true\npoints: 2\n"),
        markdown("**Question 2.** Why do weights matter?\n"),
        raw("# BEGIN SOLUTION"),
        markdown("Because they do.\n"),
        raw("# END SOLUTION"),
        raw("# END QUESTION"),
        code("## Ignore ##\nprint('notes to self')"),
        code(""),
    ]
