"""`grader grade`: a class, from a directory of submissions to results and a report."""

from __future__ import annotations

import os
from pathlib import Path

import click

from grader.commands.say import say

_DIRECTORY = click.Path(path_type=Path)


@click.command()
@click.argument("submissions", type=_DIRECTORY)
@click.option("--course", type=_DIRECTORY, default=Path(), help="The course; default: here.")
@click.option("--out", type=_DIRECTORY, help="Where to write; default: reports/<SUBMISSIONS>.")
@click.option("--exercise", "exercises", metavar="ID", multiple=True, help="Only this exercise.")
@click.option("--student", "students", metavar="NAME", multiple=True, help="Only this student.")
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=lambda: os.cpu_count() or 1,
    help="Processes side by side; default: one per core.",
)  # fmt: skip
@click.option(
    "--executor", type=click.Choice(["local", "dask"]), default="local",
    help="Where it is done: by processes here, or by the workers of a Dask cluster.",
)  # fmt: skip
@click.option(
    "--scheduler", metavar="ADDRESS",
    help="With --executor dask: the cluster's scheduler, such as tls://HOST:8786; all its workers"
    " are used. Default: a cluster of --jobs workers, on this machine and for this run only.",
)  # fmt: skip
@click.option("--device", type=click.Choice(["cpu", "gpu", "both"]), default="cpu")
@click.option(
    "--gpu-jobs", type=click.IntRange(1, 256), metavar="N",
    help="Processes side by side on GPUs; default: as many as fit, at most --jobs.",
)  # fmt: skip
@click.option(
    "--sandbox", type=click.Choice(["strict", "basic"]), default="strict",
    help="How strongly a submission is walled in; see the README.",
)  # fmt: skip
@click.option(
    "--budget", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
    help="Time for one submission to one exercise as a whole; default: the course's.",
)  # fmt: skip
@click.option("--no-cache", is_flag=True, help="Grade anew what is known from an earlier run.")
@click.option(
    "--seed", type=click.IntRange(0, (1 << 31) - 1), metavar="N",
    help="Seed of the questions; default: that of the run in OUT, or a fresh one.",
)  # fmt: skip
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Only this language; default: all.")
@click.option(
    "--languages", type=_DIRECTORY, metavar="FILE",
    help="A CSV file, `student,lang`: in which language who reads.",
)  # fmt: skip
@click.option(
    "--times", type=_DIRECTORY, metavar="FILE",
    help="When students handed in: Moodle's grading worksheet, or a CSV file `student,submitted`.",
)  # fmt: skip
@click.option(
    "--adjustments", type=_DIRECTORY, metavar="FILE",
    help="What staff changed by hand; default: adjustments.csv in OUT. See grader adjust.",
)  # fmt: skip
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def grade(
    submissions: Path,
    course: Path,
    out: Path | None,
    exercises: tuple[str, ...],
    students: tuple[str, ...],
    jobs: int,
    executor: str,
    scheduler: str | None,
    device: str,
    gpu_jobs: int | None,
    sandbox: str,
    budget: float | None,
    no_cache: bool,
    seed: int | None,
    lang: str | None,
    languages: Path | None,
    times: Path | None,
    adjustments: Path | None,
    quiet: bool,
) -> None:
    """Grade every submission in SUBMISSIONS.

    \b
    Each student is a directory (or a zip) in it, with one file per exercise:
        class/ada/huber.py   class/王小明/huber.ipynb   class/zoe.zip
    It may be a zip of these, or one that Canvas, Moodle or Gradescope gives; see grader intake.
    Example:
        grader grade class --out reports/week3 --jobs 2

    Writes results.json and index.html. Interrupted, the same command goes on where it stopped.
    """
    from grader.executors import Place
    from grader.grading import Request, grade_class
    from grader.progress import Shown
    from grader.report.preferences import read_preferences, unknown_line
    from grader.sandbox.levels import Level

    request = Request(
        submissions=submissions,
        course=course,
        out=out or Path("reports") / (submissions.resolve().name or "class"),
        exercises=exercises,
        students=students,
        jobs=jobs,
        device=device,
        gpu_jobs=gpu_jobs,
        level=Level(sandbox),
        use_store=not no_cache,
        seed=seed,
        submission_seconds=budget,
        lang=lang,
        languages=read_preferences(languages) if languages else {},
        times=times,
        adjustments=adjustments,
        place=Place(executor, scheduler, jobs, gpu_jobs),
    )
    with Shown(quiet=quiet) as shown:
        graded = grade_class(request, shown.begin, shown.row)
    for line in graded.warnings:
        say(line)
    if graded.unknown:
        say(unknown_line(graded.unknown))
    if not quiet:
        for line in graded.told:
            click.echo(line)
        click.echo(f"report: {graded.report}")
    if graded.faults:
        click.echo(
            f"grader: {graded.faults} result(s) could not be made; that is the grader's or the"
            " course's fault, not the students': see the rows marked grader_error in the report",
            err=True,
        )
        raise SystemExit(3)
