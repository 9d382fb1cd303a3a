"""`grader store`: what earlier gradings left, made smaller."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def store() -> None:
    """Look after the verdicts that `grader grade` remembers.

    \b
    Example:
        grader store prune reports/week3 --days 30
    """


@store.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--days", type=click.IntRange(0, 36_500), default=180, metavar="N",
    help="Keep what was used in the last N days, 0: today; default: 180.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@click.option("--quiet", is_flag=True, help="Show nothing but errors.")
def prune(out: Path, days: int, dry_run: bool, quiet: bool) -> None:
    """Remove verdicts from OUT that no grading has used for a while.

    \b
    Each change of a course, a submission or the grader leaves rows behind that nobody asks for
    again. Results and reports stay as they are; what is missing later is graded anew.
    Example:
        grader store prune reports/week3 --days 30
    """
    from rich.filesize import decimal

    from grader import prune as pruning

    found = (pruning.would_prune if dry_run else pruning.prune)(out, days)
    if quiet:
        return
    verb = "would be removed" if dry_run else "removed"
    click.echo(
        f"{found.file}: {found.gone} of {found.rows} verdicts, not used since {found.before},"
        f" {verb}; " + decimal(found.size) + ("" if dry_run else f" -> {decimal(found.left)}")
    )
