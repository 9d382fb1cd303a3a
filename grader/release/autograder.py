"""What runs in Gradescope's container when a submission comes in: grades it, writes results.json.

Started by `run_autograder`, which has already written a results.json that says that the grader was
stopped; this one takes its place. Lines on stdout are for staff: `stdout_visibility` is hidden.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import course as courses
from grader.defuse import defuse, defuse_line
from grader.errors import GraderError
from grader.release.faults import encoded, failed
from grader.results import Results, read_results, write_atomically
from grader.stores import RESULTS_FILE
from grader.submissions.find import MAX_DEPTH

RESULTS = Path("results", "results.json")
_NOBODY = "student"
_NAME_BYTES = 150
"""A file name has at most 255, and the grader makes longer ones of it."""
_MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Wall:
    """The isolation that can be had here.

    Attributes:
        level: `strict` or `basic`.
        fallback: why it isn't strict, "" if it is.
        lost: what the level doesn't promise on this machine.
    """

    level: str
    fallback: str
    lost: tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Grades `ROOT/submission` and writes `ROOT/results/results.json`, whatever happens."""
    parser = argparse.ArgumentParser(prog="python -m grader.release.autograder")
    parser.add_argument("root", type=Path, help="Gradescope's /autograder")
    parser.add_argument("course", type=Path)
    parser.add_argument("exercises", nargs="*")
    parser.add_argument("--lang", choices=["en", "zh"], default="en")
    asked = parser.parse_args(arguments)
    try:
        text = _graded(asked.root, asked.course, tuple(asked.exercises), asked.lang)
    except GraderError as error:
        _tell_staff(f"the grader could not run: {error}")
        text = failed(asked.lang, str(error))
    except Exception as error:
        _tell_staff(traceback.format_exc())
        text = failed(asked.lang, f"{type(error).__name__}: {error}")
    write_atomically(asked.root / RESULTS, text)


def wall() -> Wall:
    """The strongest level that really works here; each is tried with a worker.

    Raises:
        SandboxUnavailable: none does.
        EngineError: a worker can't be walled in.
    """
    from grader.doctor import diagnose
    from grader.sandbox.errors import SandboxUnavailable
    from grader.sandbox.levels import Level

    strict = diagnose(Level.STRICT)
    if not strict.refusal:
        return Wall(Level.STRICT.value, "", strict.lost)
    basic = diagnose(Level.BASIC)
    if basic.refusal:
        raise SandboxUnavailable(f"no sandbox level works here: {basic.refusal}")
    return Wall(Level.BASIC.value, strict.refusal, basic.lost)


def student_of(metadata: Path) -> str:
    """Who handed in, from Gradescope's submission_metadata.json: a name that a folder can have.

    Several names for a group; `student` where the file says nothing that can be used.
    """
    try:
        users = json.loads(metadata.read_text("utf-8"))["users"]
        names = [user.get("name") or user.get("email") for user in users]
        said = ", ".join(name for name in names if isinstance(name, str))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        said = ""
    plain = defuse_line(said).replace("/", "_").encode("utf-8", "ignore")[:_NAME_BYTES]
    return plain.decode("utf-8", "ignore").strip(" .") or _NOBODY


def _graded(root: Path, course: Path, exercises: tuple[str, ...], lang: str) -> str:
    """The text of results.json.

    Raises:
        GraderError: the grader can't run here, or not on this course.
    """
    from grader.exports.gradescope import gradescope_json
    from grader.grading import Request, grade_class
    from grader.lms import opened_by_hand
    from grader.report.views import overview
    from grader.sandbox.levels import Level

    courses.load(course).pick(exercises)  # what is wrong with it is said without a long look around
    found = wall()
    _tell_staff(_about(found))
    with tempfile.TemporaryDirectory(prefix="autograder-", ignore_cleanup_errors=True) as scratch:
        handed_in = Path(scratch, "class")
        _copy(root / "submission", handed_in / student_of(root / "submission_metadata.json"))
        out = Path(scratch, "out")
        request = Request(
            submissions=handed_in,
            course=course,
            out=out,
            exercises=exercises,
            students=(),
            jobs=1,
            device="cpu",
            level=Level(found.level),
            use_store=False,
            seed=None,
            submission_seconds=None,
            # The folder is this student's, whatever download it or its files are named like.
            opened=opened_by_hand,
        )
        try:
            results = grade_class(request, lambda rows: None, lambda row: None).results
        except Exception:
            # Nobody reads the HTML report here: if only that failed, the marks are there.
            if not (out / RESULTS_FILE).is_file():
                raise
            _tell_staff(f"after grading:\n{traceback.format_exc()}")
            results = read_results(out / RESULTS_FILE)
    _tell_staff_of_faults(results)
    (student,) = overview(results).students
    document = json.loads(gradescope_json(results, student, lang))
    document["stdout_visibility"] = "hidden"
    document["extra_data"] |= {
        "sandbox": found.level,
        "sandbox_fallback": found.fallback,
        "sandbox_notes": list(found.lost),
    }
    return encoded(document)


def _copy(submission: Path, to: Path) -> None:
    """Copies what was handed in; links stay links, which the intake judges. Nothing is fine too.

    Folders are copied one level deeper than the intake looks, which then tells the student so.
    """
    to.mkdir(parents=True)
    if not submission.is_dir():
        return
    failed: list[str] = []
    deepest = len(submission.parts) + MAX_DEPTH + 1
    walk = os.walk(submission, onerror=lambda error: failed.append(str(error)))
    for name, folders, files in walk:
        here = Path(name)
        there = to / here.relative_to(submission)
        links = [one for one in folders if (here / one).is_symlink()]
        folders[:] = [one for one in folders if one not in links]
        if len(here.parts) >= deepest and folders:
            _tell_staff(f"not copied: folders nested more than {MAX_DEPTH + 1} deep")
            folders.clear()
        for folder in folders:
            (there / folder).mkdir()
        for file in (*links, *files):
            try:
                shutil.copy(here / file, there / file, follow_symlinks=False)
            except OSError as error:  # pipes and the like; everything else is copied
                failed.append(str(error))
    if failed:
        more = f" and {len(failed) - _MOST_TOLD} more" if len(failed) > _MOST_TOLD else ""
        _tell_staff(f"not copied: {'; '.join(failed[:_MOST_TOLD])}{more}")


def _about(found: Wall) -> str:
    lines = [f"sandbox level {found.level}"]
    if found.fallback:
        lines = [
            "NOTICE: this submission is graded at the weaker sandbox level basic, since strict is"
            f" refused here: {found.fallback}"
        ]
    return "\n  - ".join([*lines, *found.lost])


def _tell_staff_of_faults(results: Results) -> None:
    for row in results.results:
        if row.status == "grader_error":
            _tell_staff(f"{row.exercise}: the grader or the course failed: {row.reason.en}")
            for check in row.checks:
                if check.outcome == "grader_error":
                    _tell_staff(f"  {check.id}: {check.message.en}")


def _tell_staff(text: str) -> None:
    print(f"grader: {defuse(text, max_chars=20_000)}", flush=True)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # results.json is written: nothing that still hangs may keep the container
