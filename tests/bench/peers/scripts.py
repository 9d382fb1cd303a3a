"""Graders that run a test file in a process per submission: pytest, gradescope-utils, check50."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent
from xml.etree import ElementTree

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


class Pytest:
    """A test file beside the submission."""

    name = environment = "pytest"
    does = "one `pytest` process per submission, its test file beside the module"

    def build(self, folder: Path, submissions: Sequence[Submission]) -> None:
        """A folder per student."""
        tests = f"import {EXERCISE}\nimport six_checks\n" + "".join(
            f"\n\ndef test_{name}():\n    six_checks.{name}({EXERCISE})\n" for name in CHECKS
        )
        for submission in submissions:
            place = folder / submission.student
            write(place / f"{EXERCISE}.py", submission.source)
            write(place / f"test_{EXERCISE}.py", tests)
            shutil.copy(SIX_CHECKS, place)

    def setup(self, folder: Path) -> list[Command]:
        """Nothing."""
        return []

    def commands(self, folder: Path, submissions: Sequence[Submission]) -> list[Command]:
        """One for each student."""
        argv = ("{python}", "-m", "pytest", "-q", "--junitxml=results.xml", f"test_{EXERCISE}.py")
        return [Command(argv, folder / s.student, (0, 1)) for s in submissions]

    def failures(self, folder: Path, submissions: Sequence[Submission]) -> Failures:
        """From the JUnit files."""
        failed: Failures = {}
        for submission in submissions:
            cases = list(
                ElementTree.parse(folder / submission.student / "results.xml").iter("testcase")
            )
            assert len(cases) == len(CHECKS)
            wrong = [case.attrib["name"].removeprefix("test_") for case in cases if len(case)]
            failed[submission.student] = in_order(wrong)
        return failed


class GradescopeUtils:
    """Weighted unittest methods and `run_tests.py`, as in Gradescope's samples."""

    name = environment = "gradescope-utils"
    does = "one `run_tests.py` process per submission, as on Gradescope, without its container"

    def build(self, folder: Path, submissions: Sequence[Submission]) -> None:
        """A folder per student, as `/autograder/source` is once the submission was copied."""
        methods = "".join(
            f"    @weight(1)\n    def test_{name}(self):\n        six_checks.{name}({EXERCISE})\n\n"
            for name in CHECKS
        )
        tests = dedent(
            f"""\
            import unittest

            import {EXERCISE}
            import six_checks
            from gradescope_utils.autograder_utils.decorators import weight


            class Test(unittest.TestCase):
            """
        )
        run_tests = dedent(
            """\
            import unittest

            from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

            if __name__ == "__main__":
                suite = unittest.defaultTestLoader.discover("tests")
                with open("results.json", "w") as stream:
                    JSONTestRunner(visibility="visible", stream=stream).run(suite)
            """
        )
        for submission in submissions:
            place = folder / submission.student
            write(place / f"{EXERCISE}.py", submission.source)
            write(place / "tests" / f"test_{EXERCISE}.py", tests + methods)
            write(place / "run_tests.py", run_tests)
            shutil.copy(SIX_CHECKS, place)

    def setup(self, folder: Path) -> list[Command]:
        """Nothing."""
        return []

    def commands(self, folder: Path, submissions: Sequence[Submission]) -> list[Command]:
        """One for each student."""
        return [Command(("{python}", "run_tests.py"), folder / s.student) for s in submissions]

    def failures(self, folder: Path, submissions: Sequence[Submission]) -> Failures:
        """From each `results.json`."""
        failed: Failures = {}
        for submission in submissions:
            text = (folder / submission.student / "results.json").read_text("utf-8")
            tests = json.loads(text)["tests"]
            assert len(tests) == len(CHECKS)
            wrong = [
                test["name"].split()[0].removeprefix("test_")
                for test in tests
                if test["score"] != test["max_score"]
            ]
            failed[submission.student] = in_order(wrong)
        return failed


class Check50:
    """A checks package in a folder, used with `--dev`."""

    name = environment = "check50"
    does = (
        "`check50 --dev` per submission; its checks run in processes forked from one that has"
        " imported TensorFlow, two at a time"
    )

    def build(self, folder: Path, submissions: Sequence[Submission]) -> None:
        """The checks, and a folder per student."""
        slug = folder / "checks"
        write(
            slug / ".cs50.yaml",
            f'check50:\n  files:\n    - !exclude "*"\n    - !require {EXERCISE}.py\n',
        )
        head = dedent(
            f"""\
            import sys
            from pathlib import Path

            import check50
            import check50.py

            sys.path.insert(0, str(Path(__file__).parent))
            import six_checks


            def passes(check):
                try:
                    check(check50.py.import_("{EXERCISE}.py"))
                except Exception as error:
                    raise check50.Failure(f"{{type(error).__name__}}: {{error}}")
            """
        )
        checks = "".join(
            f"\n\n@check50.check()\ndef {name}():\n"
            f'    """{name}"""\n    passes(six_checks.{name})\n'
            for name in CHECKS
        )
        write(slug / "__init__.py", head + checks)
        shutil.copy(SIX_CHECKS, slug)
        for submission in submissions:
            write(folder / submission.student / f"{EXERCISE}.py", submission.source)

    def setup(self, folder: Path) -> list[Command]:
        """Nothing."""
        return []

    def commands(self, folder: Path, submissions: Sequence[Submission]) -> list[Command]:
        """One for each student."""
        return [
            Command(
                (
                    "{python}", "-m", "check50", "--dev", "-o", "json",
                    "--output-file", str(folder / f"{s.student}.json"), str(folder / "checks"),
                ),
                folder / s.student,
                (0, 1),
            )
            for s in submissions
        ]  # fmt: skip

    def failures(self, folder: Path, submissions: Sequence[Submission]) -> Failures:
        """From each JSON output."""
        failed: Failures = {}
        for submission in submissions:
            text = (folder / f"{submission.student}.json").read_text("utf-8")
            results = json.loads(text)["results"]
            assert len(results) == len(CHECKS)
            # None: check50 itself stumbled, which must not be taken for a verdict.
            assert all(result["passed"] is not None for result in results), text
            wrong = [result["name"] for result in results if not result["passed"]]
            failed[submission.student] = in_order(wrong)
        return failed
