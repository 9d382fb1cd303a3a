"""`grader report`: the HTML report of a results file, written anew."""

from __future__ import annotations

from pathlib import Path

import click

from grader.commands.say import say

_DIRECTORY = click.Path(path_type=Path)


@click.command()
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
    from grader import folders
    from grader.adjustments import settle
    from grader.report import write_report
    from grader.report.preferences import names_of, read_preferences, unknown_line

    settled = settle(results, adjustments)
    found = settled.results
    names, unknown = names_of(found, lang, read_preferences(languages) if languages else {})
    folder = out or results.parent
    folders.make(folder)
    with folders.alone_in(folder):  # a grader at work there would remove these pages, or these its
        page = write_report(found, folder, names)
    for line in settled.warnings:
        say(line)
    if unknown:
        say(unknown_line(unknown))
    if not quiet:
        for line in settled.told:
            click.echo(line)
        click.echo(f"report: {page}")
