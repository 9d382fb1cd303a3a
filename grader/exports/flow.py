"""One export from beginning to end: reads the results, chooses, makes the texts, writes them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from grader.adjustments import with_adjustments
from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.exports import (
    canvas,
    canvas_feedback,
    feedback,
    gradescope_gradebook,
    moodle,
    moodle_feedback,
)
from grader.exports.checks_csv import checks_csv
from grader.exports.feedback import Feedback
from grader.exports.gradescope import gradescope_json
from grader.exports.junit import junit_xml
from grader.exports.markdown import summary
from grader.exports.values import Filling, Left, Target
from grader.report.marks import marks_csv
from grader.report.views import overview
from grader.results import Results, write_atomically

Format = Literal[
    "junit", "csv", "gradescope", "canvas", "moodle", "gradescope-gradebook", "canvas-feedback",
    "moodle-feedback", "markdown",
]  # fmt: skip
_GRADEBOOKS = ("canvas", "moodle", "gradescope-gradebook")
_FEEDBACK = ("canvas-feedback", "moodle-feedback")
_SUFFIX = {"gradescope": ".json", "markdown": ".md"}


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be exported.

    Attributes:
        results: the results.json.
        format: the form of what comes out.
        into: the gradebook to fill in.
        download: from the platform, whose names are needed.
        adjustments: what staff changed by hand; None: the file beside the results, if it is there.
        out: where to write; None: beside what was read.
        exercises: only these; none: all.
        columns: of the gradebook; several go with as many exercises.
        students: only these; none: all.
        lang: of the texts that students read.
        dry_run: write nothing.
    """

    results: Path
    format: Format
    into: Path | None = None
    out: Path | None = None
    exercises: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    students: tuple[str, ...] = ()
    lang: str = "en"
    dry_run: bool = False
    download: Path | None = None
    adjustments: Path | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The files that were written, or would have been; how a gradebook was filled in, or whose
    pages are in a zip of feedback; and what to know of changes by staff, a line each."""

    files: tuple[Path, ...]
    filling: Filling | None
    dry_run: bool
    feedback: Feedback | None = None
    warnings: tuple[str, ...] = ()


def export(request: Request) -> Done:
    """Makes what `request` asks for.

    Raises UsageError, one line, for a call that doesn't fit together, a file that can't be read or
    written, and a gradebook in which the grades have no plain place.
    """
    _refuse_misfits(request)
    settled = with_adjustments(request.results, request.adjustments)
    results = _chosen(settled.results, request.exercises, request.students)
    if request.format in _FEEDBACK:
        return replace(_feedback(request, results), warnings=settled.warnings)
    filling = None
    if request.format in _GRADEBOOKS:
        everybody = _chosen(settled.results, request.exercises, ())
        filling, texts = _gradebook(request, results, everybody)
    else:
        texts = _texts(request, results)
    if not request.dry_run:
        for path, text in texts.items():
            write_atomically(path, text)
    return Done(tuple(texts), filling, request.dry_run, warnings=settled.warnings)


def _refuse_misfits(request: Request) -> None:
    gradebook = request.format in _GRADEBOOKS
    if gradebook and request.into is None:
        raise UsageError(
            f"--format {request.format} fills in a file: name the one that you downloaded with "
            "--into FILE"
        )
    for option, given in (("--into", request.into), ("--column", request.columns)):
        if given and not gradebook:
            raise UsageError(f"{option} goes with --format {', '.join(_GRADEBOOKS)} only")
    named = request.format == "canvas-feedback"
    if request.download and not named:
        raise UsageError("--from goes with --format canvas-feedback only")
    if named and request.download is None:
        raise UsageError(
            "Canvas finds students by the names in its own download: give that zip with --from FILE"
        )
    several = len(request.columns) > 1
    if several and request.format != "canvas":
        what = "a worksheet of Moodle" if request.format == "moodle" else "this gradebook"
        raise UsageError(f"{what} has one column of grades: name one --column")
    if several and len(request.columns) != len(request.exercises):
        raise UsageError(
            f"{len(request.columns)} columns for {len(request.exercises)} exercises: give an "
            "--exercise for each --column, in the same order"
        )


def _chosen(results: Results, exercises: Sequence[str], students: Sequence[str]) -> Results:
    """`results` of these exercises and students only; of all where none are named."""
    ids = [spec.id for spec in results.exercises]
    _refuse_unknown("exercise", exercises, ids)
    _refuse_unknown("student", students, {row.student for row in results.results})
    return replace(
        results,
        exercises=tuple(s for s in results.exercises if not exercises or s.id in exercises),
        results=tuple(
            row
            for row in results.results
            if (not exercises or row.exercise in exercises)
            and (not students or row.student in students)
        ),
    )


def _refuse_unknown(what: str, wanted: Sequence[str], known: Sequence[str] | set[str]) -> None:
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, known, 3, 0.5) or sorted(known)[:5]
            listed = ", ".join(repr(one) for one in near) or "none"
            raise UsageError(f"no {what} {name!r} in the results; there is, for example: {listed}")


def _gradebook(
    request: Request, results: Results, everybody: Results
) -> tuple[Filling, dict[Path, str]]:
    """The file with the grades of `results`: of those whose row is theirs among `everybody`."""
    assert request.into is not None  # _refuse_misfits
    left: tuple[Left, ...] = ()
    if request.students:
        everyone = _filled(request, everybody)
        told = {one.student for one in everyone.changes}
        chosen = set(request.students) - told  # one column of several is enough to tell somebody
        left = tuple(one for one in everyone.students if one.who in chosen)
        others = {one.who for one in left}
        rows = tuple(row for row in results.results if row.student not in others)
        if not rows:
            why = defuse_line(f"{left[0].who}, for example, {left[0].why}")
            raise UsageError(f"nobody gets a grade, so there is nothing to fill in: {why}")
        results = replace(results, results=rows)
    filling = _filled(request, results)
    filling = replace(filling, students=(*left, *filling.students))
    out = request.out or request.into.with_name(f"{request.into.stem}-filled.csv")
    return filling, {out: filling.text}


def _filled(request: Request, results: Results) -> Filling:
    assert request.into is not None  # _refuse_misfits
    ids = tuple(spec.id for spec in results.exercises)
    if len(request.columns) > 1:
        pairs = zip(request.exercises, request.columns, strict=True)
        targets = [Target((exercise,), column) for exercise, column in pairs]
    else:
        targets = [Target(ids, "".join(request.columns))]
    if request.format == "canvas":
        return canvas.fill(results, targets, request.into)
    if request.format == "moodle":
        return moodle.fill(results, targets[0], request.into, request.lang)
    return gradescope_gradebook.fill(results, targets[0], request.into)


def _feedback(request: Request, results: Results) -> Done:
    if request.download is not None:
        plan = canvas_feedback.plan(results, request.download, request.lang)
    else:
        plan = moodle_feedback.plan(results)
    if not plan.places:
        why = f": {plan.left[0].who}, for example, {plan.left[0].why}" if plan.left else ""
        raise UsageError(f"nobody gets a page, so there is nothing to give back{defuse_line(why)}")
    out = request.out or request.results.with_name(f"{request.format}.zip")
    if not request.dry_run:
        plan = feedback.write(results, plan, out, request.lang)
    return Done((out,), None, request.dry_run, plan)


def _texts(request: Request, results: Results) -> dict[Path, str]:
    beside, lang = request.results.parent, request.lang
    if request.format == "junit":
        return {request.out or beside / "junit.xml": junit_xml(results, lang)}
    if request.format == "csv":
        folder = request.out or beside
        return {
            folder / "marks.csv": marks_csv(results),
            folder / "checks.csv": checks_csv(results),
        }
    make = gradescope_json if request.format == "gradescope" else summary
    suffix = _SUFFIX[request.format]
    standings = overview(results).students
    out = request.out or beside / request.format
    if len(request.students) == 1 and request.out and request.out.suffix == suffix:
        return {request.out: make(results, standings[0], lang)}
    return {out / f"{one.slug}{suffix}": make(results, one, lang) for one in standings}
