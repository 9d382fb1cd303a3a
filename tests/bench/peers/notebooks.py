"""Graders that run notebooks in a Jupyter kernel per submission: otter-grader and nbgrader."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from .grader_form import (
    CHECKS,
    EXERCISE,
    SIX_CHECKS,
    Command,
    Failures,
    Submission,
    in_order,
    write,
)

_KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


class Otter:
    """An autograder zip with exception-based test files, and `otter.api.grade_submission`."""

    name = environment = "otter-grader"
    does = (
        "`otter.api.grade_submission` on one after the other in one process, without Docker; a"
        " kernel per submission"
    )

    def build(self, folder: Path, submissions: Sequence[Submission]) -> None:
        """The test files, a notebook per student, and a script that has all graded."""
        for name in CHECKS:
            tests = dedent(
                f"""\
                from types import SimpleNamespace

                from otter.test_files import test_case

                OK_FORMAT = False
                name = "{name}"
                points = 1


                @test_case()
                def test_{name}(env):
                    import six_checks

                    six_checks.{name}(SimpleNamespace(**env))
                """
            )
            write(folder / "tests" / f"{name}.py", tests)
        shutil.copy(SIX_CHECKS, folder)
        for submission in submissions:
            notebook = new_notebook(cells=[new_code_cell(submission.source)], metadata=_KERNEL)
            file = folder / "class" / submission.student / f"{EXERCISE}.ipynb"
            write(file, nbformat.writes(notebook))
        script = dedent(
            """\
            import json
            import sys
            from pathlib import Path

            from otter.api import grade_submission

            scores = {}
            for notebook in sys.argv[1:]:
                graded = grade_submission(notebook, "autograder.zip", quiet=True)
                scores[Path(notebook).parent.name] = {
                    name: graded.get_score(name) for name in graded.test_files
                }
            Path("scores.json").write_text(json.dumps(scores))
            """
        )
        write(folder / "grade.py", script)

    def setup(self, folder: Path) -> list[Command]:
        """The autograder zip."""
        argv = (
            "{python}",
            "-m",
            "otter",
            "generate",
            "-t",
            "tests",
            "--no-environment",
            SIX_CHECKS.name,
        )
        return [Command(argv, folder)]

    def commands(self, folder: Path, submissions: Sequence[Submission]) -> list[Command]:
        """One for the whole class."""
        files = [f"class/{s.student}/{EXERCISE}.ipynb" for s in submissions]
        return [Command(("{python}", "grade.py", *files), folder)]

    def failures(self, folder: Path, submissions: Sequence[Submission]) -> Failures:
        """From the scores that the script wrote."""
        scores = json.loads((folder / "scores.json").read_text("utf-8"))
        failed: Failures = {}
        for submission in submissions:
            of_student = scores[submission.student]
            assert sorted(of_student) == sorted(CHECKS), of_student
            failed[submission.student] = in_order([n for n, got in of_student.items() if got < 1])
        return failed


class Nbgrader:
    """An assignment with a solution cell and six autograder cells, and `nbgrader autograde`."""

    name = environment = "nbgrader"
    does = "`nbgrader autograde` once for the class; a kernel per submission"

    def build(self, folder: Path, submissions: Sequence[Submission]) -> None:
        """The source notebook and a class's submitted ones."""
        write(
            folder / "nbgrader_config.py",
            'c = get_config()\nc.CourseDirectory.course_id = "bench"\n'
            "c.ExecutePreprocessor.timeout = 120\nc.ClearSolutions.enforce_metadata = False\n",
        )
        source = folder / "source" / "ps1"
        write(source / f"{EXERCISE}.ipynb", nbformat.writes(self._notebook("# your code\n")))
        shutil.copy(SIX_CHECKS, source)
        for submission in submissions:
            file = folder / "submitted" / submission.student / "ps1" / f"{EXERCISE}.ipynb"
            write(file, nbformat.writes(self._notebook(submission.source)))

    def _notebook(self, source: str) -> nbformat.NotebookNode:
        cells = [new_code_cell(source, metadata={"nbgrader": _cell("solution", solution=True)})]
        cells += [
            new_code_cell(
                f"import __main__\nimport six_checks\n\nsix_checks.{name}(__main__)",
                metadata={"nbgrader": _cell(name, points=1)},
            )
            for name in CHECKS
        ]
        return new_notebook(cells=cells, metadata=_KERNEL)

    def setup(self, folder: Path) -> list[Command]:
        """The assignment enters the gradebook."""
        return [Command(("{python}", "-m", "nbgrader", "generate_assignment", "ps1"), folder)]

    def commands(self, folder: Path, submissions: Sequence[Submission]) -> list[Command]:
        """One for the whole class."""
        return [Command(("{python}", "-m", "nbgrader", "autograde", "ps1"), folder)]

    def failures(self, folder: Path, submissions: Sequence[Submission]) -> Failures:
        """From the gradebook."""
        query = """
            SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score
            FROM grade
            JOIN base_cell ON base_cell.id = grade.cell_id
            JOIN submitted_notebook ON submitted_notebook.id = grade.notebook_id
            JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
        """
        with closing(sqlite3.connect(folder / "gradebook.db")) as gradebook:
            rows = gradebook.execute(query).fetchall()
        failed: Failures = {}
        for submission in submissions:
            scores = {cell: score for student, cell, score in rows if student == submission.student}
            assert sorted(scores) == sorted(CHECKS), scores
            # None: nothing was graded, which must not be taken for a verdict.
            assert None not in scores.values(), scores
            failed[submission.student] = in_order([n for n, got in scores.items() if got < 1])
        return failed


def _cell(name: str, *, points: int | None = None, solution: bool = False) -> dict[str, object]:
    """The metadata of a cell: of a solution, or of a test worth `points`."""
    cell: dict[str, object] = {
        "schema_version": 3, "grade_id": name, "solution": solution, "grade": not solution,
        "locked": not solution, "task": False,
    }  # fmt: skip
    return cell if points is None else {**cell, "points": points}
