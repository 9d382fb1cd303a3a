"""The command line: parses, calls one function, turns errors into exit codes. Nothing else."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import click

from grader import __version__
from grader.commands.adjust import adjust
from grader.commands.audit import audit
from grader.commands.export import export
from grader.commands.grade import grade
from grader.commands.intake import intake
from grader.commands.migrate import migrate
from grader.commands.release import release
from grader.commands.report import report
from grader.commands.say import say
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
        grader check ~/Downloads/huber.ipynb          a file that lies elsewhere, or a notebook
    """
    from grader.selfcheck import run_selfcheck

    raise SystemExit(0 if run_selfcheck(course, files, lang, quiet=quiet) else 1)


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
cli.add_command(audit)
cli.add_command(export)
cli.add_command(grade)
cli.add_command(intake)
cli.add_command(migrate)
cli.add_command(release)
cli.add_command(report)
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
        say(f"{error.format_message().removesuffix('.')}; see {path} --help")
        sys.exit(2)
    except click.ClickException as error:
        say(error.format_message())
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        say("stopped; a grading keeps what was finished, the same command goes on from there")
        sys.exit(130)
    except (UsageError, GraderError) as error:
        say(str(error))
        sys.exit(3 if type(error).__name__ == "EngineError" else 2)
    except Exception as error:
        from grader.defuse import defuse

        # It may quote what a student wrote.
        click.echo(defuse(traceback.format_exc(), max_chars=20_000), err=True)
        say(f"a fault of the grader's own ({type(error).__name__}); please report the lines above")
        sys.exit(3)


if __name__ == "__main__":
    main()
