"""The students' zip: what is in it, what never is, and the same bytes every time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader import course as courses
from grader.cli import cli
from grader.course import Course
from grader.errors import UsageError
from grader.release.leaks import Leak, find_leaks
from grader.release.manifest import students_manifest

from .courses import ROOT, longest_run, telling, tiny, unpacked, written_by_the_staff


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """One that may be spoilt."""
    return tiny(tmp_path)


def release(root: Path, out: Path, *more: str) -> Result:
    return CliRunner().invoke(cli, ["release", "--course", str(root), "--out", str(out), *more])


def refusal(root: Path, tmp_path: Path, *more: str) -> str:
    """The one line with which a release is refused; nothing has been written."""
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-m", "grader", "release", "--course", root, "--out", out, *more],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert not out.exists()
    return done.stderr


def own(files: dict[str, bytes], top: str) -> dict[str, bytes]:
    """The course's part of the zip, by path in it; the rest is the grader's source."""
    assert all(name.startswith(f"{top}/") for name in files)
    cut = {name.removeprefix(f"{top}/"): data for name, data in files.items()}
    return {name: data for name, data in cut.items() if not name.startswith("tools/")}


def test_this_course(tmp_path: Path) -> None:
    """Four files an exercise and four for the course; no line of a solution anywhere."""
    done = release(ROOT, tmp_path)
    assert done.exit_code == 0, done.output
    (file,) = tmp_path.iterdir()
    assert file.name == "custom-models-and-training-with-tensorflow-students.zip"
    assert done.output.startswith(f"{file}: 28 exercise(s), ")
    assert done.output.count("\n") == 1
    files = unpacked(file)
    loaded = courses.load(ROOT)
    assert set(own(files, "custom-models-and-training-with-tensorflow")) == {
        *("START.md", "START.zh.md", "course.toml", "pytest.ini"),
        *(
            f"exercises/{e.id}/{name}"
            for e in loaded.exercises
            for name in (f"{e.id}.py", f"test_{e.id}.py", "README.md", "README.zh.md")
        ),
    }
    assert not [name for name in files if "solutions" in name.split("/")]
    secret = written_by_the_staff(ROOT)
    assert set(secret) == {e.id for e in loaded.exercises}
    assert all(secret.values())
    hidden = [e.hidden_checks.read_bytes() for e in loaded.exercises]
    lines = {line for data in hidden for line in telling(data.decode())}
    for name, data in files.items():
        text = data.decode("utf-8")
        assert data not in hidden
        assert longest_run(text, lines) < 10, name
        if name.startswith("custom-models-and-training-with-tensorflow/exercises/"):
            assert not telling(text) & secret[name.split("/")[2]], name
        assert "# BEGIN SOLUTION\n" not in text or "/tools/" in name


def test_the_same_bytes(course: Course, tmp_path: Path) -> None:
    """Whatever the clock, the order of the directory and the modes of files say."""
    assert release(course.root, tmp_path / "a").exit_code == 0
    again = tmp_path / "again"
    for path in sorted(course.root.rglob("*"), reverse=True):
        if path.is_file():
            copy = again / path.relative_to(course.root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            copy.chmod(0o600)
            os.utime(copy, (1e9, 1e9))
    assert release(again, tmp_path / "b").exit_code == 0
    (one,), (other,) = (list((tmp_path / name).iterdir()) for name in "ab")
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_else_lies_there_stays_there(course: Course, tmp_path: Path) -> None:
    """Caches and hidden files in silence, anything else by name; links aren't followed."""
    square, scale = (exercise.stub.parent for exercise in course.exercises)
    solution = course.exercises[0].solution.read_bytes()
    for name in (
        "__pycache__/square.cpython-311.pyc",
        ".ipynb_checkpoints/square-checkpoint.py",
        ".square.py.swp",
        "square.py~",
        "results.json",
        "notes/for staff.md",
    ):
        (square / name).parent.mkdir(exist_ok=True)
        (square / name).write_bytes(solution)
    (square / "link.py").symlink_to(course.exercises[0].solution)
    (scale / "all").symlink_to(course.root / "solutions", target_is_directory=True)
    done = release(course.root, tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[:-1] == [
        "left out: exercises/square/link.py",
        "left out: exercises/square/notes/for staff.md",
        "left out: exercises/square/results.json",
        "left out: exercises/scale/all",
    ]
    files = unpacked(tmp_path / "out" / "a-tiny-course-students.zip")
    assert set(own(files, "a-tiny-course")) == {
        *("START.md", "START.zh.md", "course.toml", "pytest.ini"),
        *(
            f"exercises/{e}/{name}"
            for e in ("square", "scale")
            for name in (f"{e}.py", f"test_{e}.py", "README.md", "README.zh.md")
        ),
    }
    assert solution not in files.values()
    assert not [name for name, data in files.items() if b"return x * x" in data]


def test_one_exercise(course: Course, tmp_path: Path) -> None:
    """The others aren't in the zip, nor in its course.toml and its START."""
    assert release(course.root, tmp_path / "out", "--exercise", "scale", "--quiet").output == ""
    files = own(unpacked(tmp_path / "out" / "a-tiny-course-students.zip"), "a-tiny-course")
    assert "exercises/scale/scale.py" in files
    assert not [name for name, data in files.items() if "square" in name or b"square" in data]
    assert "no exercise 'cube'" in refusal(course.root, tmp_path / "no", "--exercise", "cube")


def test_missing_statements(course: Course, tmp_path: Path) -> None:
    """They are named, and the rest is released."""
    (course.root / "exercises/scale/README.zh.md").unlink()
    done = release(course.root, tmp_path / "out")
    assert done.exit_code == 0
    assert done.output.splitlines()[0] == "missing: exercises/scale/README.zh.md"


# -- refusals --------------------------------------------------------------------------------------


def test_a_stub_that_isnt_its_solutions(course: Course, tmp_path: Path) -> None:
    """Regions left in it, or changed since: one line, nothing written."""
    exercise = course.exercises[0]
    exercise.stub.write_bytes(exercise.solution.read_bytes())
    said = refusal(course.root, tmp_path)
    assert "exercises/square/square.py isn't cut from its solution" in said
    assert "python -m grader.stubs --write" in said
    exercise.stub.unlink()
    exercise.stub.symlink_to(exercise.solution)
    assert "isn't cut from its solution" in refusal(course.root, tmp_path)


LINE = 'return {**super().get_config(), "factor": self.factor}'


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("README.md", f"# Scale\n\nIn the end:\n\n        {LINE}\n", 5),
        ("README.zh.md", f"# 缩放\n\n答案是 `{LINE}`。\n", 3),
        ("test_scale.py", f"def test_config():\n    def get_config(self):\n        {LINE}\n", 3),
        ("README.md", f"# Scale\n{LINE.replace(' ', '   ')}\n", 2),
    ],
)
def test_a_quoted_solution(course: Course, tmp_path: Path, name: str, text: str, line: int) -> None:
    """File and line are named, however the line is indented or wrapped."""
    (course.root / "exercises/scale" / name).write_text(text, "utf-8")
    said = refusal(course.root, tmp_path)
    assert f"exercises/scale/{name}:{line} quotes the reference solution of scale;" in said


HALVES = LINE.partition(', "factor"')


def spoilt(course: Course, text: bytes) -> list[Leak]:
    """What is found in a text among the tiny course's."""
    return find_leaks(course.exercises, {"README.md": text})


@pytest.mark.parametrize(
    "decorated",
    [
        *(
            f"{head}{LINE}"
            for head in ("# ", "## ", "- ", "1. ", "12) ", "> ", "> > ", ">>> ", "... ")
        ),
        *(f"{head}{LINE}" for head in ("+ ", "* ", "\ufeff", "#", "# - ", "the end: ", "答案是")),
        *(f"{LINE}{tail}" for tail in (";", "  # the answer", " \\", "  ", "。", "\u200b")),
        f"| {LINE} | the answer |",
        f"It is ``{LINE}``, isn’t it?",
        f"It is `{LINE}`.",
        f"It is '{LINE}'.",
        f"<code>{LINE}</code>",
        LINE.replace(" ", ""),
        LINE.replace(" ", "\u3000"),
        LINE.replace("config", "con\u200bfig"),
        LINE.replace(": ", ":\n"),
        f"{HALVES[0]} \\\n    {HALVES[1]}{HALVES[2]}",
        f"> {HALVES[0]}\n> {HALVES[1]}{HALVES[2]}",
        f"# {HALVES[0]}\n# {HALVES[1]}{HALVES[2]}",
    ],
)
def test_a_decorated_quotation(course: Course, decorated: str) -> None:
    """Whatever Markdown, a notebook or an author puts around a line, it is the line."""
    (leak,) = spoilt(course, f"# Scale\n\n{decorated}\n".encode())
    assert (leak.line, leak.what) == (3, "the reference solution of scale")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LINE.encode("utf-16"), "README.md: not UTF-8 (byte 0); save it as UTF-8"),
        (LINE.encode("utf-16-le"), "README.md: it holds a NUL, so it isn't text in UTF-8"),
        ("Lösung: ".encode("latin-1"), "README.md: not UTF-8 (byte 1)"),
    ],
)
def test_what_isnt_utf_8_is_refused(course: Course, text: bytes, said: str) -> None:
    """Nothing would be found in it."""
    with pytest.raises(UsageError) as told:
        spoilt(course, text)
    assert str(told.value).startswith(said)


def test_a_decorator_is_no_secret(course: Course) -> None:
    """Hints recommend it, and it tells nothing of the solution."""
    solution = course.exercises[1].solution
    text = solution.read_text("utf-8")
    decorator = "@keras.utils.register_keras_serializable()"
    solution.write_text(f"{text}\n# BEGIN SOLUTION\n{decorator}\n# END SOLUTION\n", "utf-8")
    assert spoilt(course, decorator.encode()) == []


@pytest.mark.parametrize(
    ("head", "between", "leaks"),
    [
        ("", "x = 1", True),
        ("# ", "# and then", True),
        ("> ", "", True),
        ("- ", "x = 1\ny = 2", True),
        ("", "\n".join(f"line {n}" for n in range(9)), False),
    ],
)
def test_hidden_checks_in_pieces(course: Course, head: str, between: str, leaks: bool) -> None:
    """Lines put between them, or before each of them, don't make them others."""
    lines = [f"    assert student.scale({n}) == expected_of_scale[{n}]" for n in range(27)]
    course.exercises[1].hidden_checks.write_text("\n".join(lines), "utf-8")
    pieces = ["\n".join(f"{head}{line.strip()}" for line in lines[n : n + 9]) for n in (0, 9, 18)]
    found = spoilt(course, f"\n{between}\n".join(pieces).encode())
    assert [leak.what for leak in found] == (["a hidden check"] if leaks else [])


def test_hidden_checks_for_public_ones(course: Course, tmp_path: Path) -> None:
    """A copy of the hidden checks where the public ones belong."""
    exercise = course.exercises[1]
    exercise.public_tests.write_bytes(exercise.hidden_checks.read_bytes())
    said = refusal(course.root, tmp_path)
    assert "exercises/scale/test_scale.py:" in said
    assert "quotes a hidden check; take that line out" in said


@pytest.mark.parametrize("gradescope", [False, True])
def test_links_are_refused(course: Course, tmp_path: Path, gradescope: bool) -> None:
    """A statement or a whole folder that is a link, also to what looks harmless."""
    more = ("--gradescope",) if gradescope else ()
    statement = course.root / "exercises/square/README.md"
    statement.unlink()
    statement.symlink_to(course.exercises[0].solution)
    said = refusal(course.root, tmp_path, *more)
    assert "exercises/square/README.md is a link, and a release follows none" in said
    shutil.rmtree(course.root / "exercises/square")
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(tiny(tmp_path / "more").root / "exercises/square", elsewhere)
    (course.root / "exercises/square").symlink_to(elsewhere, target_is_directory=True)
    assert "exercises/square is a link" in refusal(course.root, tmp_path, *more)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("exercises/square/test_square.py", "exercises/square/test_square.py isn't there"),
        ("solutions/square/test_square.py", "solutions/square/test_square.py isn't there"),
        ("solutions/square/square.py", "square.py isn't there; write the reference solution first"),
    ],
)
def test_missing_files(course: Course, tmp_path: Path, file: str, said: str) -> None:
    """Without its tests an exercise can't be released; without its solution nothing is known."""
    (course.root / file).unlink()
    assert said in refusal(course.root, tmp_path)
    (course.root / file).mkdir()
    assert "isn't" in refusal(course.root, tmp_path)


def test_a_solution_that_isnt_text(course: Course, tmp_path: Path) -> None:
    """One line, and not a fault of the grader's."""
    course.exercises[0].solution.write_bytes(b"# \xff\n")
    assert "square.py: not UTF-8 (byte 2); save it as UTF-8" in refusal(course.root, tmp_path)


# -- the course.toml and the grader in it ----------------------------------------------------------


def test_manifest(course: Course, tmp_path: Path) -> None:
    """It says the same of its exercises, with any title; remarks of the staff are gone."""
    file = course.root / "course.toml"
    text = file.read_text("utf-8").replace("A layer that scales", 'A \\"layer\\" \\u007f\\n\\\\ x')
    file.write_text(text.replace("[defaults]", "[defaults]  # not for students"), "utf-8")
    loaded = courses.load(course.root)
    made = students_manifest(loaded, loaded.exercises)
    assert tomllib.loads(made) == tomllib.loads(file.read_text("utf-8"))
    assert "#" not in made


def test_keys_of_the_manifest(course: Course, tmp_path: Path) -> None:
    """Each key that a course.toml may have goes to students or is known to stay."""
    whole = courses._CourseEntry.__struct_fields__, courses._ExerciseEntry.__struct_fields__
    made = tomllib.loads(students_manifest(courses.load(ROOT), courses.load(ROOT).exercises))
    kept = {*made, *(key for exercise in made["exercises"] for key in exercise)}
    assert {key for keys in whole for key in keys} - kept == STAYS


STAYS = {
    "statements",  # where students read statements that they don't have as files
    *("deadline", "grace", "late", "attempts", "time_zone"),  # the self-check knows no clock
    "extensions",  # other students' own affairs
}


def test_the_grader_goes_along(course: Course, tmp_path: Path) -> None:
    """Its source in the zip is whole: from there, the same release can be made again."""
    assert release(course.root, tmp_path / "a", "--gradescope").exit_code == 0
    with zipfile.ZipFile(tmp_path / "a" / "a-tiny-course-students.zip") as archive:
        archive.extractall(tmp_path)
    tools = tmp_path / "a-tiny-course" / "tools"
    subprocess.run(
        [sys.executable, "-m", "grader", "release", "--course", course.root, "--gradescope",
         "--out", tmp_path / "b"],
        env={**os.environ, "PYTHONPATH": str(tools), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=tools, check=True, capture_output=True,
    )  # fmt: skip
    for name in ("a-tiny-course-students.zip", "a-tiny-course-gradescope.zip"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_grader_without_its_source(tmp_path: Path) -> None:
    """Installed from a package, it can't be handed on, and says how it could."""
    from grader.errors import UsageError
    from grader.release.source import grader_source

    with pytest.raises(UsageError, match=r"holds no LICENSE.*pip install") as caught:
        grader_source(tmp_path)
    assert "\n" not in str(caught.value)


def test_out_that_cant_be_written(course: Course, tmp_path: Path) -> None:
    """One line; the zip is whole or not there."""
    (tmp_path / "file").write_text("")
    done = release(course.root, tmp_path / "file")
    assert done.exit_code == 1
    assert "can't be written" in str(done.exception)
