"""The command line: parses, calls one function, turns errors into exit codes. Nothing else."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

import click

from grader import __version__
from grader.commands.adjust import adjust
from grader.commands.export import export
from grader.commands.intake import intake
from grader.commands.migrate import migrate
from grader.commands.release import release
from grader.commands.store import store
from grader.commands.tutorial import tutorial
from grader.commands.watch import watch
from grader.errors import GraderError, UsageError

_DIRECTORY = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="grader")
def cli() -> None:
    """Grades TensorFlow exercises and writes reports that teach.

    \b
    Examples:
        grader check exercises/huber                  a student's own check
        grader watch exercises/huber                  the same at every save
        grader grade class --out reports/week3        a class
    """


@cli.command()
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
        _say(line)
    if graded.unknown:
        _say(unknown_line(graded.unknown))
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


@cli.command()
@click.argument("files", metavar="[FILE|DIR]...", nargs=-1, type=_DIRECTORY)
@click.option("--course", type=_DIRECTORY, default=Path(), help="The course; default: here.")
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Language of the messages.")
@click.option("--quiet", is_flag=True, help="Only the exit status.")
def check(files: tuple[Path, ...], course: Path, lang: str | None, quiet: bool) -> None:
    """Check your own work with the public tests, on your own machine.

    Without a file it goes through the course in its order and stops at the first
    exercise that isn't done.

    \b
    Examples:
        grader check                                  which exercise is next, and what it lacks
        grader check exercises/huber                  one exercise
        grader check ~/Downloads/huber.py             a file that lies elsewhere
    """
    from grader.selfcheck import run_selfcheck

    raise SystemExit(0 if run_selfcheck(course, files, lang, quiet=quiet) else 1)


@cli.command()
@click.argument("results", metavar="RESULTS.json", type=_DIRECTORY)
@click.option("--out", type=_DIRECTORY, help="Where to write; default: beside RESULTS.json.")
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Only this language; default: all.")
@click.option(
    "--languages", type=_DIRECTORY, metavar="FILE",
    help="A CSV file, `student,lang`: in which language who reads.",
)  # fmt: skip
@click.option(
    "--adjustments", type=_DIRECTORY, metavar="FILE",
    help="What staff changed by hand; default: adjustments.csv beside RESULTS.json.",
)  # fmt: skip
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def report(
    results: Path,
    out: Path | None,
    lang: str | None,
    languages: Path | None,
    adjustments: Path | None,
    quiet: bool,
) -> None:
    """Write the HTML report of a results file anew.

    \b
    Examples:
        grader report reports/week3/results.json --out public
        grader report reports/week3/results.json --lang zh
        grader report reports/week3/results.json --languages languages.csv

    Pages of an earlier report in the same folder that aren't part of this one are removed.
    What staff changed by hand since is put into the pages and into RESULTS.json.
    """
    from grader.adjustments import settle
    from grader.report import write_report
    from grader.report.preferences import names_of, read_preferences, unknown_line

    settled = settle(results, adjustments)
    found = settled.results
    names, unknown = names_of(found, lang, read_preferences(languages) if languages else {})
    page = write_report(found, out or results.parent, names)
    for line in settled.warnings:
        _say(line)
    if unknown:
        _say(unknown_line(unknown))
    if not quiet:
        for line in settled.told:
            click.echo(line)
        click.echo(f"report: {page}")


@cli.command()
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--course", type=_DIRECTORY, default=Path(), help="The course; default: here.")
@click.option("--out", type=_DIRECTORY, default=Path("reports/audit"), help="Where to write.")
@click.option("--mutants", is_flag=True, help="Also try small changes of each reference.")
@click.option(
    "--seeds", type=click.IntRange(1, 100), default=5, metavar="N",
    help="At how many seeds the reference is graded; default: 5.",
)  # fmt: skip
@click.option(
    "--variant-seeds", type=click.IntRange(1, 100), default=1, metavar="N",
    help="At how many of them the variants are graded too; default: 1.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(0, (1 << 31) - 1), default=20, metavar="N",
    help="The first seed, the others are counted up from it; default: 20.",
)  # fmt: skip
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=lambda: os.cpu_count() or 1,
    help="Processes side by side; default: one per core.",
)  # fmt: skip
@click.option("--no-cache", is_flag=True, help="Grade anew what is known from an earlier audit.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def audit(
    ids: tuple[str, ...],
    course: Path,
    out: Path,
    mutants: bool,
    seeds: int,
    variant_seeds: int,
    seed: int,
    jobs: int,
    no_cache: bool,
    quiet: bool,
) -> None:
    """Judge the checks of the exercises ID, or of all, by programs whose verdict is known.

    \b
    Right variants and the reference must pass everything, each wrong one fail exactly
    the checks that it names, the stub all of them; every check must be failed by some
    wrong variant. Exit status 1 if anything is otherwise.
    Examples:
        grader audit huber
        grader audit --mutants --out reports/audit

    Writes audit.json and index.html.
    """
    from grader.audit.run import Request
    from grader.audit.run import audit as judge
    from grader.progress import Shown
    from grader.report.audit_page import audit_lines, write_audit
    from grader.sandbox.levels import Level

    request = Request(
        course=course,
        out=out,
        exercises=ids,
        with_mutants=mutants,
        jobs=jobs,
        level=Level.STRICT,
        use_store=not no_cache,
        seeds=tuple(range(seed, seed + seeds)),
        variant_seeds=min(variant_seeds, seeds),
    )
    with Shown(quiet=quiet) as shown:
        found = judge(request, shown.begin, shown.row)
    page = write_audit(found, out)
    if not quiet:
        for line in audit_lines(found):
            click.echo(line)
        click.echo(f"report: {page}")
    raise SystemExit(1 if found.holes else 0)


@cli.command()
@click.argument("new_id", metavar="ID")
@click.option("--course", type=_DIRECTORY, default=Path(), help="The course; default: here.")
@click.option("--title", help="Its title; default: made of ID.")
@click.option("--title-zh", help="Its Chinese title; default: the other one, marked as a draft.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def new(new_id: str, course: Path, title: str | None, title_zh: str | None, quiet: bool) -> None:
    """Add a new exercise ID to a course, whole and ready to be filled in.

    \b
    It is a small exercise that works and passes `grader audit`, with TODO wherever
    your own goes: a reference, its stub, statements in two languages, public tests,
    hidden checks, right and wrong variants.
    Example:
        grader new relu6 --title "A clipped ReLU" --title-zh "截断的 ReLU"
    """
    from grader.scaffold import Plan, write
    from grader.scaffold.places import places

    named = title or new_id.replace("_", " ").capitalize()
    files = write(course, Plan(new_id, named, title_zh or f"{named}（草稿）"))
    if not quiet:
        for place in places(course, new_id, files):
            click.echo(place)
        click.echo(
            "next: replace what says TODO, in this order; `python -m grader.stubs --write` cuts"
            f" the stub anew, `grader audit {new_id}` judges the checks"
        )


@cli.command()
@click.option(
    "--sandbox", type=click.Choice(["strict", "basic"]), default="strict",
    help="The level that is wanted.",
)  # fmt: skip
@click.option("--quiet", is_flag=True, help="Only the exit status.")
def doctor(sandbox: str, quiet: bool) -> None:
    """Say what this machine has for walling in students' code, and what it lacks.

    \b
    Example:
        grader doctor
    Exit status 0: grading at that level works here; 1: it is refused.
    """
    from rich.console import Console

    from grader.doctor import diagnose, shown
    from grader.sandbox.levels import Level

    found = diagnose(Level(sandbox))
    if not quiet:
        # Into a file or a pipe each line goes whole: whoever searches it finds it.
        console = Console(highlight=False, width=None if sys.stdout.isatty() else 1000)
        console.print(shown(found))
    raise SystemExit(1 if found.refusal else 0)


cli.add_command(adjust)
cli.add_command(export)
cli.add_command(intake)
cli.add_command(migrate)
cli.add_command(release)
cli.add_command(store)
cli.add_command(tutorial)
cli.add_command(watch)


def main() -> None:
    """The `grader` command: one line and status 2 for a wrong call, 3 for a fault of its own."""
    try:
        cli.main(prog_name="grader", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "grader"
        _say(f"{error.format_message().removesuffix('.')}; see {path} --help")
        sys.exit(2)
    except click.ClickException as error:
        _say(error.format_message())
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        _say("stopped; a grading keeps what was finished, the same command goes on from there")
        sys.exit(130)
    except (UsageError, GraderError) as error:
        _say(str(error))
        sys.exit(3 if type(error).__name__ == "EngineError" else 2)
    except Exception as error:
        from grader.defuse import defuse

        # It may quote what a student wrote.
        click.echo(defuse(traceback.format_exc(), max_chars=20_000), err=True)
        _say(f"a fault of the grader's own ({type(error).__name__}); please report the lines above")
        sys.exit(3)


def _say(message: str) -> None:
    from grader.defuse import defuse_line

    click.echo(f"grader: {defuse_line(message, max_chars=600)}", err=True)


if __name__ == "__main__":
    main()
