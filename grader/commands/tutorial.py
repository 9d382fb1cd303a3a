"""`grader tutorial`: runs Markdown and notebook tutorials and says what is broken."""

from __future__ import annotations

import os
from pathlib import Path

import click

from grader.commands.say import say

_DIRECTORY = click.Path(path_type=Path)


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_DIRECTORY)
@click.option("--out", type=_DIRECTORY, default=Path("reports/tutorial"), help="Where to write.")
@click.option(
    "--jobs", type=click.IntRange(1, 256), default=lambda: os.cpu_count() or 1,
    help="Documents side by side; default: one per core.",
)  # fmt: skip
@click.option("--device", type=click.Choice(["cpu", "gpu"]), default="cpu")
@click.option(
    "--stand-ins", type=click.Choice(["all", "none"]),
    help="Made-up data in the place of downloads; default: all, or as tutorial.toml says.",
)  # fmt: skip
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
    help="Time for one block; default: 120, or as tutorial.toml says.",
)  # fmt: skip
@click.option(
    "--document-timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
    help="Time for one document; default: 900, or as tutorial.toml says.",
)  # fmt: skip
@click.option("--fix", is_flag=True, help="Try the patches; write a mended copy beside each.")
@click.option("--legacy", is_flag=True, help="Run once more on Keras 2, to tell rot from faults.")
@click.option("--lang", type=click.Choice(["en", "zh"]), help="Language of the lines shown.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def tutorial(
    files: tuple[Path, ...],
    out: Path,
    jobs: int,
    device: str,
    stand_ins: str | None,
    timeout: float | None,
    document_timeout: float | None,
    fix: bool,
    legacy: bool,
    lang: str | None,
    quiet: bool,
) -> None:
    """Run Markdown and notebook tutorials; say what is broken, why, and how to mend it.

    \b
    FILE is a .md or .ipynb file, or a directory of them. Each document runs in a kernel of
    its own, in a scratch directory, without a network. Exit status 1 if a block fails,
    needs something that isn't there, or shows what doesn't come.
    Examples:
        grader tutorial docs/getting-started.md
        grader tutorial notes --fix --out reports/notes

    Writes tutorial.json, junit.xml and index.html.
    """
    from grader.defuse import defuse_line
    from grader.devices import require_device
    from grader.progress import Shown
    from grader.report.tutorial_page import terminal_lines, write_tutorial
    from grader.results import write_atomically
    from grader.text import preferred_language
    from grader.tutorial.flow import Request, Unfinished, check
    from grader.tutorial.junit import to_junit

    require_device(device)
    request = Request(
        files=files,
        jobs=jobs,
        device=device,
        stand_ins=stand_ins,
        block_seconds=timeout,
        document_seconds=document_timeout,
        fix=fix,
        legacy=legacy,
    )
    ended: Unfinished | None = None
    try:
        with Shown(quiet=quiet, doing="checking") as shown:
            found = check(
                request,
                shown.begin,
                lambda one: shown.line(f"{defuse_line(one.path)}  {one.seconds:.1f} s"),
            )
    except Unfinished as error:
        ended, found = error, error.report
    write_atomically(out / "junit.xml", to_junit(found))
    page = write_tutorial(found, out)
    if not quiet:
        for line in terminal_lines(found, lang or preferred_language()):
            click.echo(line)
        click.echo(f"report: {page}")
    if ended is not None:
        say(f"{ended}; the report has them, and names the others")
        if isinstance(ended.__cause__, KeyboardInterrupt):
            raise click.Abort  # for it click would print an empty line
        raise ended.__cause__ or ended
    raise SystemExit(0 if found.holds else 1)
