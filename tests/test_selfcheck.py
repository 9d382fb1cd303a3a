"""The self-check as a student runs it: what it says teaches, wherever it is started from."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest

from grader import course, selfcheck, terminal
from grader.checks import CheckInfo
from grader.errors import Frame, ImportFailed, StudentError, UsageError
from grader.results import CheckResult
from grader.text import Text

ROOT = Path(__file__).parents[1]
HUBER = ROOT / "exercises" / "huber"
TINY = ROOT / "tests" / "courses" / "tiny"
PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
CHECK = (sys.executable, "-m", "grader", "check")


def run(
    *command: str | Path, cwd: Path = ROOT, environment: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """(status, everything printed), in a terminal's absence and without this run's pytest in it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "TF_", "LC_"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def stub_line(function: str) -> int:
    """The line on which the stub of `function` raises."""
    lines = (HUBER / "huber.py").read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if f"def {function}(" in line)
    return 1 + next(
        n for n in range(start, len(lines)) if lines[n].strip() == "raise NotImplementedError"
    )


def assert_only_the_students_business(said: str) -> None:
    """No frame of the grader, the tests or a library; no log line; no captured noise."""
    for noise in (
        "site-packages",
        "grader/",
        "asking.py",
        "Traceback",
        "Captured",
        "InitializeLog",
    ):
        assert noise not in said
    assert re.search(r"^[IWE]\d{4} ", said, re.MULTILINE) is None


# -- the stub --------------------------------------------------------------------------------------


def test_stub_from_the_root() -> None:
    """Every check fails, and says which function to write, where, and what to do then."""
    status, said = run(*PYTEST, "exercises/huber")
    assert status == 1
    assert_only_the_students_business(said)
    assert "5 failed" in said
    for function in ("huber_fn", "create_huber", "__init__"):
        assert re.search(
            rf"`(HuberLoss\.)?{function}` isn't written yet: open `huber.py`"
            rf" \(line {stub_line(function)}\), replace `raise NotImplementedError` with your code",
            said,
        )
    assert said.splitlines()[-1] == (
        f"huber: 0 of 5 checks pass. Next: write `huber_fn` in exercises/huber/huber.py,"
        f" line {stub_line('huber_fn')}, and check again."
        " The task is in exercises/huber/README.md"
    )


def test_stub_from_inside_in_chinese() -> None:
    """From the exercise's own folder, in a Chinese environment: the same, in Chinese."""
    status, said = run(*PYTEST, cwd=HUBER, environment={"LC_ALL": "zh_CN.UTF-8"})
    assert status == 1
    assert_only_the_students_business(said)
    line = stub_line("huber_fn")
    assert f"`huber_fn` 还没有写：打开 `huber.py`（第 {line} 行）" in said
    assert "isn't written yet" not in said
    assert said.splitlines()[-1] == (
        f"huber：5 项检查中有 0 项通过。下一步：编写 huber.py 第 {line} 行的 `huber_fn`，"
        "再检查一次。题目见 README.zh.md"
    )


# -- the path through the course -------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A student's copy of the course of two exercises: no solutions."""
    shutil.copytree(ROOT / "tests/courses/tiny", tmp_path / "course")
    shutil.rmtree(tmp_path / "course/solutions")
    return tmp_path / "course"


def solve(path: Path, exercise: str) -> None:
    shutil.copy(
        ROOT / f"tests/courses/tiny/solutions/{exercise}/{exercise}.py",
        path / f"exercises/{exercise}/{exercise}.py",
    )


def test_the_next_exercise(path: Path) -> None:
    """The first exercise that isn't done is shown, with how far it is; the rest isn't run."""
    first, second = course.load(path).exercises
    status, said = run(*CHECK, cwd=path)
    assert status == 1
    assert f"{first.id}: 0 of" in said
    assert f"{second.id}:" not in said
    assert said.splitlines()[-1].endswith(
        f"0 of 2 exercises are done. Now: {first.id}, “{first.title.en}”"
        f" (exercises/{first.id}/README.md)"
    )
    solve(path, first.id)
    status, said = run(*CHECK, "--lang", "zh", cwd=path)
    assert status == 1
    assert said.splitlines()[0] == f"✓ {first.id}：{first.title.zh}"
    assert said.splitlines()[-1] == (
        f"[{'#' * 14}{'-' * 14}] 已完成 2 个练习中的 1 个。现在做：{second.id}《{second.title.zh}》"
        f"（exercises/{second.id}/README.zh.md）"
    )
    assert run(*CHECK, "--quiet", cwd=path) == (1, "")


def test_public_tests_that_cant_run(path: Path) -> None:
    """What pytest said about them is shown above the line that speaks of it."""
    first, _ = course.load(path).exercises
    first_tests = path / f"exercises/{first.id}/test_{first.id}.py"
    first_tests.write_text("import nonesuch_module\n")
    status, said = run(*CHECK, cwd=path)
    assert status == 2
    assert "nonesuch_module" in said
    assert said.splitlines()[-1].endswith("can't be run; see pytest's words above")


def test_the_end_of_the_path(path: Path) -> None:
    """When all are done it says so; a file that was removed is one line and status 2."""
    for exercise in course.load(path).exercises:
        solve(path, exercise.id)
    status, said = run(*CHECK, cwd=path)
    assert status == 0
    assert said.splitlines()[-1] == (
        f"[{'#' * 28}] all 2 exercises pass their public tests. Hand them in!"
    )
    (path / "exercises/square/square.py").unlink()
    status, said = run(*CHECK, cwd=path)
    assert status == 2
    assert said.splitlines()[-1].endswith(
        "square.py isn't there; fetch the file from the course again"
    )


# -- the student's own file ------------------------------------------------------------------------

OWN = '''"""My loss."""

import sys
import warnings

import keras
import tensorflow as tf

print("imported")


def huber_fn(y_true, y_pred):
    warnings.warn("old", DeprecationWarning)
    print("errors:", (y_true - y_pred).numpy().ravel().tolist())
    tf.print("the threshold is", 1)
    error = y_true - y_pred
    return tf.reduce_mean(tf.where(abs(error) <= 1, error**2 / 2, abs(error) - 0.5))


def create_huber(threshold=1.0):
    return lambda y_true, y_pred: [][3]


class HuberLos(keras.losses.Loss):
    """Misspelt."""
'''


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said about a file with several faults, in a folder whose name has spaces."""
    folder = tmp_path_factory.mktemp("my own work")
    (folder / "huber.py").write_text(OWN)
    status, said = run(*CHECK, "huber.py", "--course", ROOT, "--lang", "en", cwd=folder)
    assert status == 1
    assert_only_the_students_business(said)
    return said


def test_own_file_comparison(own: str) -> None:
    """Asked, expected, got, the misconception, the hint; the warning doesn't count."""
    assert "✗ Values on both sides of the threshold" in own
    assert "expected shape (4, 1), got shape (): that is their mean" in own
    assert "  got: 0.9375" in own
    assert "Hint: The errors are" in own
    assert "DeprecationWarning" not in own


def test_own_file_output(own: str) -> None:
    """What the code prints is shown beside the failure, `tf.print` included."""
    assert "your code printed (stdout call)" in own
    assert "errors: [-0.5, 4.0, 0.0, 0.5]" in own
    assert "the threshold is 1" in own
    assert "imported" in own


def test_own_file_exception_and_missing_name(own: str) -> None:
    """An exception comes with the student's line; a misspelt name with what looks like it."""
    line = 1 + OWN.splitlines().index("    return lambda y_true, y_pred: [][3]")
    assert f"your code raises IndexError: list index out of range (line {line})" in own
    assert "      return lambda y_true, y_pred: [][3]" in own
    assert "defines no `HuberLoss`, but `HuberLos`" in own


def test_own_file_last_line(own: str) -> None:
    """The last line counts, and names the first failure, the file and the statement."""
    assert own.splitlines()[-1] == (
        "huber: 0 of 5 checks pass. Next: mend “Values on both sides of the threshold” in huber.py,"
        f" the first ✗ above, and check again. The task is in {HUBER / 'README.md'}"
    )
    assert "short test summary" not in own


def test_file_that_python_cant_read(tmp_path: Path) -> None:
    """A syntax error is explained once, with its line; the other checks only point to it."""
    (tmp_path / "huber.py").write_text(
        "import keras\n\ndef huber_fn(y_true, y_pred)\n    return 1\n"
    )
    status, said = run(*CHECK, tmp_path, "--lang", "zh")
    assert status == 1
    assert_only_the_students_business(said)
    assert said.count("expected ':'") == 1
    assert "`huber.py` 第 3 行：语法错误" in said
    assert "要以英文冒号结尾" in said
    assert said.count("同上：`huber.py` 无法导入") == 4
    assert said.splitlines()[-1].startswith("huber：5 项检查中有 0 项通过。下一步：让 ")


# -- what passes -----------------------------------------------------------------------------------


def test_reference_passes(tmp_path: Path) -> None:
    """A right solution passes, and the last line says what comes next; --quiet says nothing.

    That this repository makes errors of warnings doesn't matter: no grading does so.
    """
    folder = tmp_path / "王 小明's"
    folder.mkdir()
    warns = 'import warnings\n\nwarnings.warn("a library is old", DeprecationWarning)\n'
    solution = (ROOT / "solutions" / "huber" / "huber.py").read_text("utf-8")
    (folder / "huber.py").write_text(f"{solution}\n{warns}", "utf-8")
    status, said = run(*PYTEST, HUBER, "--submission", folder / "huber.py")
    assert (status, "5 passed" in said) == (0, True), said
    assert said.splitlines()[-1].startswith("huber: 5 of 5 checks pass. Hand in '")
    shutil.copy(ROOT / "solutions" / "softplus" / "softplus.py", folder / "softplus.py")
    assert run(*CHECK, "--quiet", "--course", ROOT, "softplus.py", cwd=folder) == (0, "")


def test_quiet_failure_and_a_course_found_from_the_file(tmp_path: Path) -> None:
    """Started elsewhere, the course is the one that the file lies in; --quiet leaves the status."""
    assert run(*CHECK, "--quiet", HUBER, cwd=tmp_path) == (1, "")


# -- parts, without a process ----------------------------------------------------------------------

INFO = CheckInfo(Text("Values", "取值"), 1.0, "values", Text("Try it.", "试试。"))


def lesson(message: str, lang: str = "en", **evidence: str) -> str:
    result = CheckResult(
        "test_values", "failed", 0.0, 1.0, message=Text(message, message), evidence=evidence
    )
    return terminal.lesson(result, INFO, lang)


def test_values_are_told_once() -> None:
    """Expected and got follow where the sentence hasn't them, arrays on lines of their own."""
    short = lesson("`f(x)`: expected [1., 2.], got [1., 3.]", expected="[1., 2.]  shape (2,), int8",
                   got="[1., 3.]  shape (2,), int8")  # fmt: skip
    assert short == "✗ Values\n\n`f(x)`: expected [1., 2.], got [1., 3.]"
    long = lesson("`f(x)`: 2 of 9 differ", expected="[[1],\n [2]]", got="5")
    assert long.endswith("differ\n  expected:\n    [[1],\n     [2]]\n  got: 5")
    assert "  应为:\n" in lesson("话", "zh", expected="a\nb", got="c")


def test_logs_are_taken_out() -> None:
    """TensorFlow's log lines go, everything else stays, `tf.print` on stderr too."""
    logged = (
        "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n"
        "I0000 00:00:1795183063.310027    5439 cudart_stub.cc:31] Could not find cuda drivers\n"
        "2026-01-02 03:04:05.678901: I tensorflow/core/util/port.cc:153] oneDNN custom\n"
        "E0102 03:04:05.678901 12 cuda_dnn.cc:8310] Unable\n"
        "To enable the following instructions: AVX2 FMA, rebuild TensorFlow\n"
    )
    mine = "I think: 0.5\nWARNING: mine\n\nE = mc²"
    assert terminal.without_logs(logged) == ""
    assert terminal.without_logs(logged + mine) == mine


def exercise() -> course.Exercise:
    return course.load(ROOT).by_id("huber")


def tally(tmp_path: Path) -> terminal.Tally:
    return terminal.Tally(exercise(), tmp_path / "my work" / "huber.py")


def test_next_step(tmp_path: Path) -> None:
    """The last line follows from the first failure; paths are short where they can be."""
    error = StudentError("ValueError", "no", (Frame(3, "f", "x"),))
    made = tally(tmp_path)
    assert made.add(INFO, None) is False
    assert made.next_step("en", tmp_path).startswith(
        "huber: 1 of 1 checks pass. Hand in 'my work/huber.py'; the course asks"
    )
    made.add(INFO, error)
    made.add(INFO, StudentError("NotImplementedError", "", (Frame(5, "g", ""),)))
    step = made.next_step("en", ROOT)
    assert step.startswith("huber: 1 of 3 checks pass. Next: mend “Values” in '/")
    assert step.endswith("The task is in exercises/huber/README.md")
    assert "先解决上面第一个 ✗“取值”" in made.next_step("zh", ROOT)
    assert made.next_step("zh", ROOT).endswith("exercises/huber/README.zh.md")


def test_what_was_told_isnt_told_again(tmp_path: Path) -> None:
    """Only an import failure is the same for every check."""
    made = tally(tmp_path)
    failed = ImportFailed("NameError", "no")
    assert [made.add(INFO, error) for error in (failed, failed, failed)] == [False, True, True]
    assert made.as_above(INFO, "en") == "✗ Values\n\nas above: `huber.py` can't be imported"
    assert "make 'my work/huber.py' importable" in made.next_step("en", tmp_path)
    made = tally(tmp_path)
    assert [made.add(INFO, StudentError("E", "")) for _ in range(2)] == [False, False]


def test_unreadable(tmp_path: Path) -> None:
    """Python's complaint in a teacher's words; nothing where Python has none."""
    file = tmp_path / "huber.py"
    file.write_text("x = (1\n")
    found = terminal.unreadable(file)
    assert found is not None
    assert found.en.startswith("`huber.py`, line 1: '(' was never closed")
    assert found.zh.startswith("`huber.py` 第 1 行：")
    file.write_text("x = 1\n")
    assert terminal.unreadable(file) is None
    file.write_bytes(b"x = '\xff'\n")
    assert terminal.unreadable(file) is None
    assert terminal.unreadable(tmp_path / "none.py") is None


def test_advice_on_code_that_is_only_read(tmp_path: Path) -> None:
    file = tmp_path / "huber.py"
    file.write_text(
        "import tensorflow as tf\n\n"
        "class Seen(tf.keras.metrics.Metric):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        '        self.total = self.add_weight("total", initializer="zeros")\n'
    )
    (english,) = selfcheck.remarks(exercise(), file, "en")
    (chinese,) = selfcheck.remarks(exercise(), file, "zh")
    assert english.startswith("huber.py:6: K")
    assert "name=" in english
    assert re.search("[一-鿿]", chinese)


@pytest.mark.parametrize(("end", "coding"), [(b"\r\n", "gbk"), (b"\r", "utf-8")])
def test_advice_whatever_ends_a_line(tmp_path: Path, end: bytes, coding: str) -> None:
    file = tmp_path / "huber.py"
    lines = [f"# coding: {coding}", "# 练习", "import tensorflow as tf", ""]
    lines += ["class S(tf.keras.Model):"]
    lines += ["    def build(self, _):", '        self.w = self.add_weight("w")', ""]
    file.write_bytes(end.join(line.encode(coding) for line in lines))
    found = selfcheck.remarks(exercise(), file, "en")
    assert [one for one in found if one.startswith("huber.py:7: K")], found


@pytest.mark.parametrize("data", [b"x = (", b"\xff\xfe\x00", b""])
def test_no_advice_on_what_isnt_python(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "huber.py").write_bytes(data)
    assert selfcheck.remarks(exercise(), tmp_path / "huber.py", "en") == []
    assert selfcheck.remarks(exercise(), tmp_path / "gone.py", "en") == []


def test_advice_is_shown_behind_the_checks(tmp_path: Path) -> None:
    text = (ROOT / "solutions" / "huber" / "huber.py").read_text("utf-8")
    (tmp_path / "huber.py").write_text(
        f"{text}\n\ndef make():\n    return tf.keras.optimizers.SGD(lr=0.1)\n", "utf-8"
    )
    status, said = run(*CHECK, "--lang", "en", tmp_path / "huber.py")
    assert status == 0
    assert re.search(r"^huber\.py:\d+: K1\d\d: .*learning_rate", said.splitlines()[-1])


# -- notebooks -------------------------------------------------------------------------------------


def notebook(file: Path, *cells: str) -> Path:
    """A notebook with a text cell, then these code cells."""
    made = nbformat.v4.new_notebook()
    made.cells = [nbformat.v4.new_markdown_cell("# My work")]
    made.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, file)
    return file


def solution() -> str:
    return (ROOT / "solutions" / "huber" / "huber.py").read_text("utf-8")


def test_a_notebook_is_checked_as_it_would_be_graded(tmp_path: Path) -> None:
    """What runs, prints or only works in a notebook is left out, and told."""
    file = notebook(
        tmp_path / "huber.ipynb", "%matplotlib inline\nimport tensorflow as tf", solution(), "1 / 0"
    )
    before = file.read_bytes()
    status, said = run(*CHECK, file, "--course", ROOT, "--lang", "en")
    assert status == 0, said
    assert f"huber: 5 of 5 checks pass. Hand in {file}; the course asks more" in said
    assert "huber.ipynb: what only a notebook can run" in said
    assert "cell 2, line 1" in said
    assert_only_the_students_business(said)
    assert file.read_bytes() == before
    assert os.listdir(tmp_path) == ["huber.ipynb"]


def test_messages_name_the_cell(tmp_path: Path) -> None:
    """Of what isn't written, of an exception, its traceback, a shortcut, and of advice."""
    stub = (HUBER / "huber.py").read_text("utf-8")
    line = stub_line("huber_fn")
    file = notebook(tmp_path / "a" / "huber.ipynb", "x = 1", stub)
    status, said = run(*CHECK, file, "--course", ROOT, "--lang", "zh")
    assert status == 1
    assert f"第 3 个单元格第 {line} 行" in said
    assert f"{file} 第 3 个单元格第 {line} 行的 `huber_fn`" in said.splitlines()[-1]
    assert_only_the_students_business(said)
    made = terminal.Tally(exercise(), file, cells=[(3, 5), (3, 6)])
    made.add(INFO, StudentError("NotImplementedError", "", (Frame(2, "huber_fn", ""),)))
    assert f"write `huber_fn` in {file}, cell 3, line 6, and check" in made.next_step("en", ROOT)
    broken = solution().replace("tf.abs", "tf.no_such_thing")
    file = notebook(tmp_path / "b" / "huber.ipynb", "x = 1", broken)
    status, said = run(*PYTEST, HUBER, f"--submission={file}", "--grader-lang=en", "-q")
    assert status == 1
    line = 1 + next(n for n, one in enumerate(broken.splitlines()) if "no_such_thing" in one)
    assert f"has no attribute 'no_such_thing' (cell 3, line {line})" in said
    assert f"huber.ipynb, cell 3, line {line}, in " in said
    traps = "class Seen(tf.keras.metrics.Metric):\n    def __init__(self):\n        "
    traps += 'super().__init__()\n        self.total = self.add_weight("total")\n'
    uses = "import tensorflow as tf\ndef huber_fn(y_true, y_pred):\n    return Seen()"
    file = notebook(tmp_path / "c" / "huber.ipynb", traps, uses)
    found = selfcheck.remarks(exercise(), file, "en")
    assert [one for one in found if one.startswith("huber.ipynb, cell 2, line 4: K")], found


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["def huber_fn(y_true, y_pred)\n    return 1"], "✗ huber.ipynb: cell 2, line 1: expected"),
        (None, "✗ huber.ipynb: not a readable notebook, it isn't valid JSON"),
    ],
    ids=["syntax", "cut"],
)
def test_a_notebook_that_cannot_be_read(tmp_path: Path, cells: list[str] | None, said: str) -> None:
    """One line in the student's words, with the status of work that isn't done; no traceback."""
    file = tmp_path / "huber.ipynb"
    if cells is None:
        file.write_text('{"cells": [')
    else:
        notebook(file, *cells)
    assert run(*CHECK, file, "--course", ROOT, "--quiet") == (1, "")
    status, printed = run(*CHECK, file, "--course", ROOT, "--lang", "en")
    assert (status, len(printed.splitlines())) == (1, 1)
    assert printed.startswith(said)
    status, chinese = run(*CHECK, file, "--course", ROOT, "--lang", "zh")
    assert re.search("[一-鿿]", chinese)
    status, raised = run(*PYTEST, HUBER, f"--submission={file}", "--grader-lang=en", "-q")
    assert status == 2
    assert said.removeprefix("✗ huber.ipynb: ") in raised
    assert len(raised.splitlines()) < 10
    assert_only_the_students_business(raised)


def test_of_what_was_not_checked_nothing_is_said(tmp_path: Path) -> None:
    file = notebook(tmp_path / "huber.ipynb", solution())
    for arguments in (("-k", "nothing"), ("--collect-only",)):
        _, said = run(*PYTEST, HUBER, f"--submission={file}", "-q", *arguments)
        assert "Hand in" not in said


def test_a_notebook_in_the_place_of_the_stub(tmp_path: Path) -> None:
    """It is what the walk through the course checks; beside a module it is told that it isn't."""
    shutil.copytree(TINY, tmp_path / "course")
    folder = tmp_path / "course" / "exercises" / "square"
    stub = folder / "square.py"
    notebook(folder / "square.ipynb", (TINY / "solutions/square/square.py").read_text("utf-8"))
    both = selfcheck.remarks(course.load(tmp_path / "course").by_id("square"), stub, "en")
    assert both == [
        "square.py: square.ipynb lies beside it and wasn't checked; name it to check that one"
    ]
    stub.unlink()
    _, said = run(*CHECK, "--course", tmp_path / "course", "--lang", "en")
    assert said.splitlines()[0].startswith("✓ square: ")
    status, said = run(*PYTEST, folder, "--grader-lang=en", "-q")
    assert status == 0
    assert "checks pass. Hand in " in said
    assert "square.ipynb" in said.splitlines()[-1]


def test_a_folder_with_notebooks(tmp_path: Path) -> None:
    """A notebook counts where there is no module of the name, as in a hand-in."""
    loaded = course.load(ROOT)
    notebook(tmp_path / "huber.ipynb", "x = 1")
    notebook(tmp_path / "dense.ipynb", "x = 1")
    (tmp_path / "dense.py").write_text("x = 1\n")
    (tmp_path / "other.ipynb").write_text("{}")
    found = {e.id: file.name for e, file in selfcheck.exercises_in(loaded, tmp_path)}
    assert found == {"huber": "huber.ipynb", "dense": "dense.py"}
    with pytest.raises(
        UsageError, match=r"other\.ipynb is named like no exercise; rename it to one of"
    ):
        selfcheck.exercises_in(loaded, tmp_path / "other.ipynb")


def test_a_link_to_a_notebook_is_followed(tmp_path: Path) -> None:
    """On the student's own machine, where it leads is nobody else's business."""
    file = notebook(tmp_path / "elsewhere" / "work.ipynb", solution())
    (tmp_path / "huber.ipynb").symlink_to(file)
    assert selfcheck.remarks(exercise(), tmp_path / "huber.ipynb", "en") == []
