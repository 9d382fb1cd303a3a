"""`grader new`: an exercise that is whole from its first moment, or no trace of one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader import course, stubs
from grader.cli import cli
from grader.errors import UsageError
from grader.scaffold import Plan, write

TINY = Path(__file__).parent / "courses" / "tiny"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course that may be changed."""
    shutil.copytree(TINY, tmp_path / "tiny")
    return tmp_path / "tiny"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(part) for part in arguments])


def everything(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in str(path))
    return {str(path.relative_to(root)): path.read_bytes() for path in found}


def test_new(root: Path) -> None:
    """The audit has no hole to show, the stub is the reference's, nothing else has changed."""
    before = everything(root)
    done = run("new", "clipped", "--course", root, "--title", 'A "clip"', "--title-zh", "截断")
    assert done.exit_code == 0, done.output
    assert "grader audit clipped" in done.output.splitlines()[-1]
    made = course.load(root).exercises[-1]
    assert (made.id, made.title.en, made.title.zh) == ("clipped", 'A "clip"', "截断")
    assert 'zh = "截断"' in (root / "course.toml").read_text("utf-8")
    assert stubs.disagreements(root) == []
    after = everything(root)
    assert {name: after[name] for name in before if name != "course.toml"} == {
        name: text for name, text in before.items() if name != "course.toml"
    }
    told = [line.partition(": ")[0] for line in done.output.splitlines()[:-1]]
    files = {place.rpartition(":")[0] or place for place in told}
    added = {str(root / name) for name in after.keys() - before.keys()}
    assert files == {str(root / "course.toml"), *added}
    assert {place for place in told if place in added} == {str(made.stub)}  # cut, never written
    audited = run("audit", "clipped", "--course", root, "--out", root / "out", "--jobs", "1")
    assert audited.exit_code == 0, audited.output
    assert "clipped: 2 checks, 3 right and 6 wrong variants (6 told apart), " in audited.output


def test_where_to_write(root: Path) -> None:
    """Each TODO by file and line, in the order of work; none is left out."""
    lines = run("new", "clipped", "--course", root).output.splitlines()[:-1]
    course_file = (root / "course.toml").read_text("utf-8").splitlines()
    at = 1 + next(n for n, line in enumerate(course_file) if "TODO" in line)
    assert lines[0] == f"{root}/course.toml:{at}: TODO: every name that a submission must define"
    reference = root / "solutions" / "clipped" / "clipped.py"
    assert lines[1] == f"{reference}:1: TODO: in one line, what this exercise is about."
    told = {line.split(": ")[0] for line in lines}
    for file in (root / "course.toml", *root.glob("*/clipped/**/*")):
        if file.is_file() and file != root / "exercises" / "clipped" / "clipped.py":
            found = enumerate(file.read_text("utf-8").splitlines(), 1)
            marked = {f"{file}:{number}" for number, line in found if "TODO" in line}
            assert marked
            assert marked <= told


def test_a_new_exercise_can_be_released(root: Path) -> None:
    """With its statements, and nothing of its solution, as it stands."""
    assert run("new", "clipped", "--course", root, "--quiet").exit_code == 0
    done = run("release", "--course", root, "--exercise", "clipped", "--out", root / "out")
    assert done.exit_code == 0, done.output
    assert done.output.count("\n") == 1


def test_default_titles(root: Path) -> None:
    """Without titles they are made of the id; the Chinese one says that it is a draft."""
    assert run("new", "one_more", "--course", root, "--quiet").output == ""
    made = course.load(root).exercises[-1]
    assert (made.title.en, made.title.zh) == ("One more", "One more（草稿）")
    assert run("new", "emoji", "--course", root, "--title", "<'😀'>", "--quiet").exit_code == 0
    assert course.load(root).exercises[-1].title.en == "<'😀'>"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("square", "solutions/square is there already"),
        ("Bad-Id", "exercise id 'Bad-Id' must be lower-case letters, digits and _"),
        ("numpy", "is the name of something else in Python"),
        ("../out", "must be lower-case letters, digits and _"),
    ],
)
def test_ids_that_cant_be(root: Path, wanted: str, said: str) -> None:
    """One line says why, and the course is what it was."""
    shutil.rmtree(root / "exercises" / "square", ignore_errors=True)
    before = everything(root)
    with pytest.raises(UsageError) as caught:
        write(root, Plan(wanted, "A", "甲"))
    assert said in str(caught.value)
    assert everything(root) == before
    assert not (root.parent / "out").exists()


def test_no_course(tmp_path: Path) -> None:
    """Elsewhere than in a course nothing is written."""
    with pytest.raises(UsageError, match=r"holds no course\.toml"):
        write(tmp_path, Plan("a", "A", "甲"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cant_be_written(root: Path) -> None:
    """A file where the folder belongs: one line, and not half an exercise."""
    shutil.rmtree(root / "exercises")
    (root / "exercises").write_text("not a folder")
    before = everything(root)
    with pytest.raises(UsageError) as caught:
        write(root, Plan("clipped", "A", "甲"))
    assert "\n" not in str(caught.value)
    assert everything(root) == before
