"""Checks are asked once what they are; whoever has graded a class is told it without asking."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from grader import course, shard, specs
from grader.course import Exercise
from grader.errors import UsageError
from grader.results import CheckSpec
from grader.store import Store
from grader.text import Text

TINY = Path(__file__).parent / "courses" / "tiny"

_GRADE = """
import sys
from grader.cli import main

sys.argv = ["grader", *sys.argv[1:]]
main()
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of its own."""
    shutil.copytree(TINY, tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "verdicts.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The exercises whose checks were collected."""
    found: list[str] = []
    real = shard.collect

    def collect(exercises: Sequence[Exercise]) -> specs.Specs:
        found.extend(exercise.id for exercise in exercises)
        return real(exercises)

    monkeypatch.setattr(shard, "collect", collect)
    return found


def known(root: Path, store: Store) -> specs.Specs:
    loaded = course.load(root)
    return specs.known(loaded, loaded.exercises, store)


def test_asked_once(root: Path, store: Store, asked: list[str]) -> None:
    """In the course's order, whatever was known; and the same as the checks say."""
    loaded = course.load(root)
    every = [exercise.id for exercise in loaded.exercises]
    specs.known(loaded, loaded.exercises[1:2], store)
    first = known(root, store)
    assert asked == [every[1], every[0], *every[2:]]
    assert known(root, store) == first == shard.collect(loaded.exercises)
    assert [exercise.id for exercise in first] == every
    assert asked == [every[1], every[0], *every[2:], *every]


@pytest.mark.parametrize(
    ("file", "whose"),
    [
        ("solutions/square/test_square.py", "square"),
        ("solutions/square/square.py", "square"),
        ("solutions/square/cases/deep/table.json", "square"),
        ("solutions/square/variants/wrong_none.py", ""),
        ("solutions/square/__pycache__/test_square.pyc", ""),
        ("solutions/square/.ipynb_checkpoints/test_square.py", ""),
        ("solutions/.DS_Store", ""),
        ("solutions/common/__init__.py", "all"),
        ("solutions/helpers.py", "all"),
        ("conftest.py", "all"),
        ("course.toml", ""),
    ],
)
def test_asked_again_when_something_changes(
    root: Path, store: Store, asked: list[str], file: str, whose: str
) -> None:
    """Whatever they may be made of, and of whose checks it may be; a remark changes nothing."""
    every = [exercise.id for exercise in known(root, store)]
    asked.clear()
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    with (root / file).open("a") as text:
        text.write("\n# a remark\n")
    known(root, store)
    assert asked == {"": [], "all": every}.get(whose, [whose])


def test_what_is_answered_counts(root: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new answer takes the old one's place, in the store, too."""
    before = known(root, store)
    changed = {
        exercise: tuple(replace(check, max_points=77.0) for check in checks)
        for exercise, checks in before.items()
        if exercise.id == "square"
    }
    with (root / "solutions/square/test_square.py").open("a") as text:
        text.write("\n")
    with monkeypatch.context() as patch:
        patch.setattr(shard, "collect", lambda _: changed)
        assert known(root, store) == {**before, **changed}
    monkeypatch.setattr(shard, "collect", None)
    assert known(root, store) == {**before, **changed}


@pytest.mark.parametrize("garbage", ["", "{", "[]", '{"of": "x"}', '{"of": "x", "checks": [1]}'])
def test_what_cannot_be_read_is_asked_again(
    root: Path, store: Store, asked: list[str], garbage: str
) -> None:
    first = known(root, store)
    asked.clear()
    store.set_fact("checks of square", garbage)
    assert known(root, store) == first
    assert asked == ["square"]


def test_a_text_that_no_file_holds(
    root: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a character in a title comes back as results.json has it."""
    loaded = course.load(root)
    square = loaded.by_id("square")
    odd = CheckSpec("test_a", Text("a\ud800", "b"), 1.0, "values")
    monkeypatch.setattr(shard, "collect", lambda _: {square: (odd,)})
    specs.known(loaded, [square], store)
    found = specs.known(loaded, [square], store)
    assert found == {square: (replace(odd, title=Text("a\\ud800", "b")),)}


def graded(root: Path, folder: Path, *more: str) -> dict[str, tuple[str, float, float]]:
    """Status, points and maximum of each student, as the command finds them."""
    command = (
        *(sys.executable, "-m", "grader", "grade", str(folder / "class"), "--course", str(root)),
        *("--out", str(folder / "out"), "--exercise", "square", "--jobs", "1", "--quiet", *more),
    )
    subprocess.run(command, check=True)
    found = json.loads((folder / "out" / "results.json").read_text("utf-8"))
    (exercise,) = found["exercises"]
    assert {row["max_points"] for row in found["results"] if not row["cached"]} <= {
        exercise["max_points"]
    }
    return {r["student"]: (r["status"], r["points"], r["max_points"]) for r in found["results"]}


def test_checks_made_of_what_nobody_thought_of(tmp_path: Path, root: Path) -> None:
    """A file outside of the course, say: a row that was graded just now shows what they are."""
    table = tmp_path / "table.json"
    checks = root / "solutions/square/test_square.py"
    text = checks.read_text("utf-8").replace("points=4", "points=T", 1)
    checks.write_text(text.replace("ASK = ", f"T = int(open({str(table)!r}).read())\nASK = ", 1))
    for student in ("ada", "bob"):
        (tmp_path / "class" / student).mkdir(parents=True)
    source = (root / "solutions/square/square.py").read_text("utf-8")
    (tmp_path / "class/ada/square.py").write_text(source)
    (tmp_path / "class/bob/notes.txt").write_text("nothing")
    table.write_text("4")
    assert graded(root, tmp_path) == {"ada": ("graded", 10, 10), "bob": ("missing", 0, 10)}
    table.write_text("14")
    (tmp_path / "class/zoe").mkdir()
    (tmp_path / "class/zoe/square.py").write_text(source + "# zoe's\n")
    found = graded(root, tmp_path)
    assert found["bob"] == ("missing", 0, 20)
    assert found["zoe"] == ("graded", 20, 20)
    assert graded(root, tmp_path, "--no-cache")["ada"] == ("graded", 20, 20)


def test_checks_that_are_gone_are_said(root: Path, store: Store) -> None:
    """Also of an exercise whose checks are remembered."""
    known(root, store)
    (root / "solutions/square/test_square.py").unlink()
    with pytest.raises(UsageError, match=r"test_square\.py isn't there: exercise 'square' has no"):
        known(root, store)


def test_a_known_class_is_told_without_what_grades(tmp_path: Path, root: Path) -> None:
    """No pytest, no numpy, no templates: half a second of what it takes."""
    home = tmp_path / "class" / "ada"
    home.mkdir(parents=True)
    shutil.copy(root / "solutions/square/square.py", home)
    command = [
        *(sys.executable, "-c", _GRADE, "grade", str(home.parent), "--course", str(root)),
        *("--out", str(tmp_path / "out"), "--exercise", "square", "--jobs", "1", "--quiet"),
    ]
    heavy = {"pytest", "numpy", "jinja2", "yaml", "tensorflow"}
    for wanted in ({"numpy", "jinja2", "pytest"}, set()):
        ended = subprocess.run(command, capture_output=True, text=True, check=True)
        assert heavy & set(ended.stdout.split()) == wanted
    found = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    assert [row["cached"] for row in found["results"]] == [True]
