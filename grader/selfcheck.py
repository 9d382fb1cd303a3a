"""The self-check: the public tests on a student's own files, in the student's own process.

Without a file it is a path through the course: exercise by exercise, up to the first that isn't
done, as rustlings does (https://github.com/rust-lang/rustlings).
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from grader import course as courses
from grader.course import Course, Exercise
from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.own_notebook import SUFFIX, is_notebook, module_or_notebook, own_file, read_own
from grader.rules.examine import examine
from grader.submissions.decode import decode
from grader.submissions.model import Unreadable
from grader.text import Text, preferred_language


def run_selfcheck(root: Path, files: Sequence[Path], lang: str | None, *, quiet: bool) -> bool:
    """Runs the public tests; True when all pass.

    Args:
        root: where to look for the course, here and above.
        files: files named like an exercise, or directories that hold such; when there is none,
            the exercises in the course's order, up to the first that doesn't pass.

    Raises:
        UsageError: no course, a file that isn't there or that belongs to no exercise.
    """
    course = find_course(root, files)
    if not files:
        return _walk(course, lang, quiet=quiet)
    chosen = [pair for file in files for pair in exercises_in(course, file)]
    # One session per file: two submissions to one exercise are two modules of one name.
    results = [run_one(exercise, file, lang, quiet=quiet) for exercise, file in chosen]
    return all(results)


def find_course(root: Path, files: Sequence[Path]) -> Course:
    """The course that `root` lies in, or else the first of `files` that lies in one.

    Raises:
        UsageError: there is none, or it can't be read.
    """
    starts = [root.resolve(), *(file.resolve() for file in files)]
    found = next((at for start in starts if (at := courses.find_root(start))), None)
    if found is None:
        raise UsageError(
            f"{root.resolve()} lies in no course (no {courses.COURSE_FILE} there or above):"
            " name the course's directory with --course DIR"
        )
    return courses.load(found)


def exercises_in(course: Course, path: Path) -> list[tuple[Exercise, Path]]:
    """What `path` means: a file named like an exercise, or all such files in a directory.

    Raises:
        UsageError: it isn't there, or belongs to no exercise.
    """
    by_id = {exercise.id: exercise for exercise in course.exercises}
    if path.is_dir():
        # A folder with the file, `exercises` with a folder for each, or the course itself.
        places = ("{0}", "{0}/{0}", "exercises/{0}/{0}")
        inside = [(e, path / p.format(e.id)) for p in places for e in course.exercises]
        # As in a hand-in, a notebook counts where there is no module beside it.
        found = [(e, file) for e, stem in inside if (file := module_or_notebook(stem))]
        if not found:
            names = ", ".join(f"{e.id}.py" for e in course.exercises)
            raise UsageError(f"{path} holds no exercise; files are named {names}")
        return found
    if not path.is_file():
        raise UsageError(f"{path} isn't there; name a file or a directory with exercises")
    if path.suffix not in (".py", SUFFIX) or path.stem not in by_id:
        names, first = ", ".join(f"{name}.py" for name in by_id), next(iter(by_id))
        raise UsageError(
            f"{path} is named like no exercise; rename it to one of {names}"
            f" (a notebook: {first}{SUFFIX})"
        )
    return [(by_id[path.stem], path)]


def _walk(course: Course, lang: str | None, *, quiet: bool) -> bool:
    """Goes through the course up to the first exercise that isn't done, and shows that one.

    Raises:
        UsageError: an exercise's file isn't there.
    """
    language = lang or preferred_language()

    def say(text: Text) -> None:
        if not quiet:
            print(text.in_(language), flush=True)

    total = len(course.exercises)
    for before, exercise in enumerate(course.exercises):
        file = own_file(exercise)
        demand(file)
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                passed = run_one(exercise, file, lang, quiet=False)
        except UsageError:
            say(Text(said.getvalue(), said.getvalue()))  # the error speaks of what stands above
            raise
        if not passed:
            say(Text(said.getvalue(), said.getvalue()))
            say(progress(before, total, exercise))
            return False
        say(done(exercise))
    say(progress(total, total, None))
    return True


def demand(stub: Path) -> None:
    """Refuses a course from which an exercise's file was removed.

    Raises:
        UsageError: it isn't there.
    """
    if not stub.is_file():
        raise UsageError(f"{stub} isn't there; fetch the file from the course again")


def done(exercise: Exercise) -> Text:
    """The line about an exercise that passes, on the path through the course."""
    return Text(f"✓ {exercise.id}: {exercise.title.en}", f"✓ {exercise.id}：{exercise.title.zh}")


_BAR = 28


def progress(done: int, total: int, at: Exercise | None) -> Text:
    """How far it is, and where to go on."""
    filled = _BAR * done // total
    bar = f"[{'#' * filled}{'-' * (_BAR - filled)}]"
    if at is None:
        return Text(
            f"{bar} all {total} exercises pass their public tests. Hand them in!",
            f"{bar} 全部 {total} 个练习都通过了公开测试，可以提交了！",
        )
    folder = os.path.relpath(at.stub.parent)
    return Text(
        f"{bar} {done} of {total} exercises are done. Now: {at.id}, “{at.title.en}”"
        f" ({os.path.join(folder, 'README.md')})",
        f"{bar} 已完成 {total} 个练习中的 {done} 个。现在做：{at.id}《{at.title.zh}》"
        f"（{os.path.join(folder, 'README.zh.md')}）",
    )


_MOST_ADVICE = 5


def _advice(source: bytes, place: Callable[[int], str], lang: str) -> list[str]:
    """What the rules say of a submission that is read only: what fails or deceives, not style.

    They are those by which tutorials are judged; see `grader.rules`.

    Args:
        place: says where a line of `source` is.
    """
    try:
        text = decode(source)
    except ValueError:
        return []  # the checks say that much better
    found = [f for f in examine(text) if f.severity in ("error", "trap")]
    return [
        defuse_line(
            f"{place(finding.line)}: {finding.rule}: {finding.message.in_(lang)}", max_chars=400
        )
        for finding in found[:_MOST_ADVICE]
    ]


def remarks(exercise: Exercise, file: Path, lang: str) -> list[str]:
    """What there is to say of a file beside the checks, a line each.

    Raises:
        Unreadable: it is a notebook of which no module can be made.
    """
    if is_notebook(file):
        own = read_own(file, exercise)
        notes = [defuse_line(f"{file.name}: {n.in_(lang)}", max_chars=400) for n in own.notes]
        return notes + _advice(own.source, own.place, lang)
    try:
        source = file.read_bytes()
    except OSError:
        return []  # the checks say that much better
    beside = file.with_suffix(SUFFIX)
    other = Text(
        f"{beside.name} lies beside it and wasn't checked; name it to check that one",
        f"同一文件夹里还有 {beside.name}，这次没有检查；要检查它，请写出它的文件名",
    )
    notes = [defuse_line(f"{file.name}: {other.in_(lang)}")] if beside.is_file() else []
    return notes + _advice(source, lambda line: f"{file.name}:{line}", lang)


class _Interrupts:
    """Tells Ctrl-C, which pytest answers itself, from other interruptions."""

    seen = False

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        # pytest calls a file that can't be collected an interruption of that kind, too.
        self.seen = self.seen or excinfo.type is KeyboardInterrupt


def run_pytest(arguments: Sequence[str], plugins: Sequence[object]) -> int | pytest.ExitCode:
    """A session with our plugin and no other that happens to be installed, as in a grading."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        return pytest.main(["-p", "grader.plugin", *arguments], plugins=list(plugins))


def run_one(
    exercise: Exercise,
    file: Path,
    lang: str | None,
    *,
    quiet: bool,
    plugins: Sequence[object] = (),
    options: Sequence[str] = (),
) -> bool:
    """Runs the public tests of one exercise on `file`; whether all pass.

    Args:
        plugins: more plugins of pytest's, beside those that are installed.
        options: more of pytest's options.

    Raises:
        UsageError: the tests themselves can't be run.
    """
    language = lang or preferred_language()
    try:
        beside = remarks(exercise, file, language)
    except Unreadable as error:
        if not quiet:
            print(defuse_line(f"✗ {file.name}: {error.reason.in_(language)}", max_chars=1000))
        return False
    arguments = [
        str(exercise.public_tests),
        f"--rootdir={exercise.root}",
        f"--submission={file.resolve()}",
        "--import-mode=importlib",
        "--no-header",
        "-q",
        "-p", "no:cacheprovider",
        "-rN",  # the last line says it better
        # A lesson takes the traceback's place; pytest's own would read the sources of all frames.
        "--tb=native",
        # They collect garbage, through all of TensorFlow's objects.
        "-p", "no:unraisableexception",
        "-p", "no:threadexception",
        "-W", "ignore",
        *options,
    ]  # fmt: skip
    if lang is not None:
        arguments.append(f"--grader-lang={lang}")
    hidden: contextlib.AbstractContextManager[object] = contextlib.nullcontext()
    if quiet:
        hidden = contextlib.redirect_stdout(io.StringIO())
    interrupts = _Interrupts()
    with hidden:
        status = run_pytest(arguments, [interrupts, *plugins])
        for line in beside:
            print(line)
    if interrupts.seen:
        raise KeyboardInterrupt
    if status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return status == pytest.ExitCode.OK
    raise UsageError(f"the public tests of {exercise.id} can't be run; see pytest's words above")
