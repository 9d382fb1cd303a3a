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
from grader.store import Store

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
    "file", ["solutions/square/test_square.py", "solutions/square/square.py", "course.toml"]
)
def test_asked_again_when_something_changes(
    root: Path, store: Store, asked: list[str], file: str
) -> None:
    """Whatever they may be made of; of the others nobody asks, unless it is the course's."""
    every = list(known(root, store))
    asked.clear()
    with (root / file).open("a") as text:
        text.write('\nversion = "2"\n' if file.endswith(".py") else "\n# a remark\n")
    known(root, store)
    assert asked == ([] if file == "course.toml" else ["square"])
    assert len(known(root, store)) == len(every)


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
