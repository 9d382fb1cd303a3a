"""`grader watch` as a student uses it: files are saved in every way, and verdicts read."""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from watching import LIMIT, Watch, solution, stub, students_course

PASSES, NOT_YET = r"square\.py: passes, checked in ", r"square\.py: not done yet, checked in "


@pytest.fixture(scope="module")
def square(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an exercise in a student's course."""
    root = students_course(tmp_path_factory.mktemp("my course"))
    return root / "exercises" / "square" / "square.py"


@pytest.fixture(scope="module")
def watch(square: Path) -> Iterator[Watch]:
    """One file is watched, from its folder; the stub has its verdict already."""
    running = Watch("square.py", "--lang", "en", cwd=square.parent)
    said = running.until(NOT_YET)
    assert "`square` isn't written yet" in said
    assert "Traceback" not in said
    yield running
    running.end()


@pytest.fixture
def fails(watch: Watch, square: Path) -> None:
    """The last verdict was one on a file that isn't done."""
    square.write_text(f"{stub('square')}# {os.urandom(4).hex()}\n", "utf-8")
    watch.until(NOT_YET)


@pytest.mark.usefixtures("fails")
def test_a_save_gives_a_verdict(watch: Watch, square: Path) -> None:
    """With the time, the self-check's words and what comes next; and again when it is broken."""
    square.write_text(solution("square"), "utf-8")
    said = watch.until(PASSES)
    assert re.search(r"^── \d\d:\d\d:\d\d square\.py ──$", said, re.MULTILINE)
    assert "square: 1 of 1 checks pass. Hand in square.py" in said
    assert "Ctrl-C ends" in said
    square.write_text(solution("square").replace("x * x", "x + x"), "utf-8")
    assert re.search(r"`square\(.*got \[ ?6\., -3\. ?\]", watch.until(NOT_YET))


@pytest.mark.usefixtures("fails")
def test_two_saves_in_one_second_of_one_size(watch: Watch, square: Path) -> None:
    """Python would find the first one's bytecode for the second."""
    for _ in range(2):
        square.write_text(solution("square"), "utf-8")
        os.utime(square, (1_700_000_000, 1_700_000_000))
        watch.until(PASSES)
        square.write_text(solution("square").replace("x * x", "x + x"), "utf-8")
        os.utime(square, (1_700_000_000, 1_700_000_000.5))
        watch.until(NOT_YET)


@pytest.mark.usefixtures("fails")
def test_a_save_by_renaming(watch: Watch, square: Path) -> None:
    """As vim and others do: a new file takes the old one's place."""
    new = square.with_name(".square.py.swp")
    new.write_text(solution("square"), "utf-8")
    new.replace(square)
    watch.until(PASSES)


@pytest.mark.usefixtures("fails")
def test_a_burst_is_judged_once(watch: Watch, square: Path) -> None:
    """Only the last of several saves in a row has a verdict."""
    for number in range(30):
        square.write_text(f"{stub('square')}# {number}\n", "utf-8")
    square.write_text(solution("square"), "utf-8")
    said = watch.until(PASSES)
    assert "not done yet" not in said
    square.write_text(stub("square"), "utf-8")
    assert "passes" not in watch.until(NOT_YET)


@pytest.mark.usefixtures("fails")
def test_an_endless_loop_ends_with_the_next_save(watch: Watch, square: Path) -> None:
    """It is told while it runs, with the check it is in, and its processes are gone afterwards."""
    square.write_text(
        solution("square").replace("return x * x", "while True:\n        pass"), "utf-8"
    )
    said = watch.until("is still running")
    assert f"square.py is still running in “Values” after {LIMIT:g} seconds" in said
    (warm,) = psutil.Process(watch.process.pid).children()
    (check,) = warm.children()
    square.write_text(solution("square"), "utf-8")
    said = watch.until(PASSES)
    assert "not done yet" not in said
    assert not check.is_running()


@pytest.mark.usefixtures("fails")
@pytest.mark.parametrize(
    ("ends", "how"),
    [("os.abort()", "by the signal SIGABRT"), ("os._exit(0)", "with exit status 0")],
)
def test_a_process_that_ends_costs_its_own_verdict_only(
    watch: Watch, square: Path, ends: str, how: str
) -> None:
    """What crashes is told with the check it happened in; the watcher goes on."""
    square.write_text(f"import os\n\n{solution('square').replace('return x * x', ends)}", "utf-8")
    assert f"✗ square.py ended the whole process in “Values”, {how}" in watch.until(NOT_YET)
    square.write_text(solution("square"), "utf-8")
    watch.until(PASSES)


@pytest.mark.usefixtures("fails")
def test_what_a_check_starts_ends_with_it(watch: Watch, square: Path, tmp_path: Path) -> None:
    """A process that the student's code leaves behind."""
    left = tmp_path / "pid"
    square.write_text(
        "import pathlib\nimport subprocess\n"
        f"{solution('square')}\n"
        "left = subprocess.Popen(['sleep', '1000'])\n"
        f"pathlib.Path({str(left)!r}).write_text(str(left.pid))\n",
        "utf-8",
    )
    watch.until(PASSES)
    with contextlib.suppress(psutil.NoSuchProcess):  # it may be gone before
        psutil.Process(int(left.read_text())).wait(60)


@pytest.mark.usefixtures("fails")
def test_a_deleted_file_is_waited_for(watch: Watch, square: Path) -> None:
    """It is said, and when the file is back it is checked."""
    square.unlink()
    watch.until("square.py isn't there any more: waiting until it is saved again")
    square.write_text(solution("square"), "utf-8")
    watch.until(PASSES)


@pytest.mark.usefixtures("fails")
def test_another_public_test_and_a_reloading_one(watch: Watch, square: Path) -> None:
    """A changed test is a reason to check anew; its fresh process is one without the first's."""
    public = square.with_name("test_square.py")
    text = public.read_text("utf-8")
    square.write_text(f"{solution('square')}\ncalls = []\n", "utf-8")
    watch.until(PASSES)
    asks = text.index("    ask = ")
    public.write_text(text[:asks] + "    student = student.fresh()\n" + text[asks:], "utf-8")
    watch.until(PASSES)
    (warm,) = psutil.Process(watch.process.pid).children()
    assert warm.children() == []
    public.write_text("import nonesuch_module\n", "utf-8")
    said = watch.until(NOT_YET)
    assert "nonesuch_module" in said
    assert "the public tests of square can't be run" in said
    public.write_text(text, "utf-8")
    watch.until(PASSES)


def test_the_warm_process_can_be_forked(watch: Watch) -> None:
    """It has one thread."""
    (warm,) = psutil.Process(watch.process.pid).children()
    assert warm.num_threads() == 1


# -- the path through the course, and its end ------------------------------------------------------


def test_the_path_through_the_course(tmp_path: Path) -> None:
    """From the first exercise that isn't done to the next, back when one breaks, and to the end."""
    root = students_course(tmp_path)
    files = {name: root / f"exercises/{name}/{name}.py" for name in ("square", "scale")}
    watch = Watch("--lang", "zh", cwd=root)
    said = watch.until("按 Ctrl-C 结束")
    assert "`square` 还没有写" in said
    assert "已完成 2 个练习中的 0 个。现在做：square《平方》" in said
    assert "scale" not in said

    files["square"].write_text(solution("square"), "utf-8")
    said = watch.until("按 Ctrl-C 结束")
    assert "✓ square：平方" in said
    assert "已完成 2 个练习中的 1 个。现在做：scale《缩放层》" in said

    # Whatever is saved is checked, wherever it stands; what hasn't changed isn't checked again.
    files["square"].write_text(stub("square"), "utf-8")
    assert "现在做：square" in watch.until("按 Ctrl-C 结束")
    files["scale"].write_text(solution("scale"), "utf-8")
    said = watch.until("按 Ctrl-C 结束")
    assert "✓ scale：缩放层" in said
    assert "已完成 2 个练习中的 1 个。现在做：square" in said
    files["square"].write_text(solution("square"), "utf-8")
    said = watch.until("按 Ctrl-C 结束")
    assert "✓ scale" not in said
    assert "全部 2 个练习都通过了公开测试，可以提交了！" in said
    assert watch.end() == (0, "已结束：2 个中有 2 个通过")


def test_several_files_and_the_exit_status(tmp_path: Path) -> None:
    """Each has its verdict; Ctrl-C in the midst of a check, and one that doesn't pass: status 1."""
    root = students_course(tmp_path)
    (root / "exercises/scale/scale.py").write_text(solution("scale"), "utf-8")
    watch = Watch("exercises", "exercises/square/square.py", cwd=root)
    said = watch.until(r"scale\.py: passes")
    assert "square.py: not done yet" in said
    assert "1 of 2 files pass" in said
    (root / "exercises/square/square.py").write_text("while True:\n    pass\n", "utf-8")
    watch.until("is still running")
    assert watch.end() == (1, "stopped: 1 of 2 pass")


def test_a_killed_watcher_leaves_nothing(tmp_path: Path) -> None:
    """Neither the warm process nor a check that never ends; --quiet says nothing."""
    root = students_course(tmp_path)
    told = root / "told"
    (root / "exercises/square/square.py").write_text(
        f"open({str(told)!r}, 'w').close()\nos_is_busy = True\nwhile os_is_busy:\n    pass\n",
        "utf-8",
    )
    os.mkfifo(told)
    watch = Watch("exercises/square", "--quiet", cwd=root)
    with told.open():  # opens when the check has opened its end
        pass
    assert len(watch.family()) == 3
    assert watch.end(signal.SIGKILL) == (-signal.SIGKILL, "")
