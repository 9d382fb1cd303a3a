"""`grader audit`: judges the checks by programs whose verdict is known."""

from __future__ import annotations

import os
from pathlib import Path

import click

_DIRECTORY = click.Path(path_type=Path)


@click.command()
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
