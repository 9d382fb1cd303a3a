"""The exercises of this course are whole: statements, stubs, tests, checks, variants, examples."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grader import course, shard
from grader.audit.mutants import EQUIVALENT_FILE, equivalents
from grader.results import CheckSpec
from grader.settings import SETTINGS
from grader.text import Text
from grader.variants import read_variants

ROOT = Path(__file__).parents[1]
COURSE = course.load(ROOT)
EACH = pytest.mark.parametrize("exercise", COURSE.exercises, ids=lambda exercise: exercise.id)


@pytest.fixture
def checks(exercise: course.Exercise) -> tuple[CheckSpec, ...]:
    """The hidden checks of the exercise."""
    return shard.collect([exercise])[exercise]


def statements(exercise: course.Exercise) -> tuple[str, str]:
    folder = exercise.stub.parent
    english, chinese = folder / "README.md", folder / "README.zh.md"
    return english.read_text("utf-8"), chinese.read_text("utf-8")


def examples(statement: str) -> list[str]:
    return re.findall(r"^```pycon\n(.*?)^```$", statement, re.DOTALL | re.MULTILINE)


@EACH
def test_statements(exercise: course.Exercise) -> None:
    """In both languages: a title first, every symbol, the file's name, how to check oneself."""
    english, chinese = statements(exercise)
    for statement in (english, chinese):
        assert re.match(r"# \S", statement)
        assert f"pytest exercises/{exercise.id}" in statement
        assert f"`{exercise.id}.py`" in statement
        for symbol in exercise.symbols:
            assert symbol in statement
    assert re.match(r"# .*[\u4e00-\u9fff]", chinese)
    assert re.search(r"[\u4e00-\u9fff]", english) is None
    assert len(re.findall(r"^## ", english, re.MULTILINE)) == len(
        re.findall(r"^## ", chinese, re.MULTILINE)
    )


@EACH
def test_examples_are_the_same_in_both_languages(exercise: course.Exercise) -> None:
    """One example at least, the same code with the same output."""
    english, chinese = statements(exercise)
    assert examples(english)
    assert examples(english) == examples(chinese)


_DOCTEST = """
import doctest, io, json, sys
found = {}
for name, folder, source in json.load(sys.stdin):
    sys.path.insert(0, folder)
    test = doctest.DocTestParser().get_doctest(source, {}, name, name, 0)
    said = io.StringIO()
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    runner.run(test, out=said.write)
    found[name] = said.getvalue() if test.examples else "no example"
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def outputs(request: pytest.FixtureRequest) -> dict[str, str]:
    """What differs when the statements' examples run on the references, in one process."""
    selected = [
        item.callspec.params["exercise"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.function is test_examples_are_true
    ]
    asked = [
        (exercise.id, str(exercise.solution.parent), "\n".join(examples(statements(exercise)[0])))
        for exercise in selected
    ]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _DOCTEST],
        input=json.dumps(asked),
        env={**os.environ, **SETTINGS, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@EACH
def test_examples_are_true(exercise: course.Exercise, outputs: dict[str, str]) -> None:
    """The example of a statement gives, on the reference, what the statement shows."""
    assert outputs[exercise.id] == ""


@EACH
def test_stub_imports_only_what_every_student_has(exercise: course.Exercise) -> None:
    """TensorFlow, Keras and NumPy, and every name that a submission must define."""
    tree = ast.parse(exercise.stub.read_text("utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert imported <= {"tensorflow", "keras", "numpy"}
    defined = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    assert set(exercise.symbols) <= defined
    assert ast.get_docstring(tree)


@EACH
def test_public_tests(exercise: course.Exercise) -> None:
    """There are public checks, they ask no reference, and none needs a check's secret."""
    tree = ast.parse(exercise.public_tests.read_text("utf-8"))
    tests = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")]
    assert tests
    for test in tests:
        names = {argument.arg for argument in test.args.args}
        assert "student" in names
        assert "reference" not in names
        assert test.decorator_list, f"{test.name} has no title and no hint"


@EACH
def test_hidden_checks(exercise: course.Exercise, checks: tuple[CheckSpec, ...]) -> None:
    """Points add up to 10; ids and titles are unique and exist in both languages."""
    assert sum(check.max_points for check in checks) == 10
    assert len({check.id for check in checks}) == len(checks)
    for lang in ("en", "zh"):
        titles = [check.title.in_(lang) for check in checks]
        assert all(titles)
        assert len(set(titles)) == len(titles)


@EACH
def test_variants(exercise: course.Exercise, checks: tuple[CheckSpec, ...]) -> None:
    """Three right ones, six wrong ones; each says what it is; the wrong ones name real checks."""
    variants = read_variants(exercise)
    known = {check.id for check in checks}
    assert sum(variant.right for variant in variants) >= 3
    assert sum(not variant.right for variant in variants) >= 6
    for variant in variants:
        assert variant.fails <= known, f"{variant.name} names unknown checks"
        assert re.search(r"[\u4e00-\u9fff]", variant.title.zh), variant.name
        assert variant.title.en.endswith("."), f"{variant.name}: the title is a sentence"
    for titles in ({v.title.en for v in variants}, {v.title.zh for v in variants}):
        assert len(titles) == len(variants)


def test_titles_of_exercises_differ() -> None:
    """Nobody takes one exercise for another."""
    titles: list[Text] = [exercise.title for exercise in COURSE.exercises]
    assert len({title.en for title in titles}) == len({title.zh for title in titles}) == len(titles)


def test_no_stray_files() -> None:
    """In both trees there is nothing but what the course is made of."""
    expected = set()
    for exercise in COURSE.exercises:
        folder = exercise.stub.parent
        expected |= {
            exercise.stub,
            exercise.public_tests,
            exercise.solution,
            exercise.hidden_checks,
        }
        expected |= {folder / "README.md", folder / "README.zh.md", *exercise.variants}
        reasons = exercise.solution.with_name(EQUIVALENT_FILE)
        if equivalents(exercise):  # each entry is read, so a broken file is told here
            expected.add(reasons)
    found = {
        path
        for tree in ("exercises", "solutions")
        for path in (ROOT / tree).rglob("*")
        if path.is_file() and not {"__pycache__", ".pytest_cache"} & set(path.parts)
    }
    assert {str(p.relative_to(ROOT)) for p in found ^ expected} == set()
