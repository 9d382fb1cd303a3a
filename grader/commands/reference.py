"""`docs/reference.md`, every command with every option: `python -m grader.commands.reference`.

Made from the commands themselves, so that nothing in it can be out of date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click

from grader.cli import cli

FILE = Path("docs/reference.md")
_HEAD = """\
# Reference of the commands

What `grader COMMAND --help` says, in one place. This page is made from the code by
`python3 -m grader.commands.reference`; don't edit it.
"""


def page() -> str:
    """The page's text, commands by name."""
    return "\n".join(
        [_HEAD, *(line for name, command in commands() for line in _command(name, command))]
    )


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by its name, those of a group (`store prune`) in its place."""
    for name in sorted(cli.commands):
        command = cli.commands[name]
        if isinstance(command, click.Group):
            yield from ((f"{name} {part}", found) for part, found in command.commands.items())
        else:
            yield name, command


def _command(name: str, command: click.Command) -> Iterator[str]:
    # As a part of the group: click keeps the names of the help option with the command.
    whole = click.Context(cli, info_name="grader", **cli.context_settings)
    context = click.Context(command, parent=whole, info_name=name)
    yield f"## `grader {name}`"
    yield ""
    yield "```text"
    yield command.get_usage(context).removeprefix("Usage: ")
    yield "```"
    yield ""
    yield from _help(command.help or "")
    options = [p for p in command.params if isinstance(p, click.Option)]
    rows = [record for p in options if (record := p.get_help_record(context)) is not None]
    yield "| option | what it does |"
    yield "|---|---|"
    for names, text in rows:
        yield f"| `{_cell(names)}` | {_cell(text)} |"
    yield ""


def _help(text: str) -> Iterator[str]:
    """Paragraphs as they are; one that click doesn't wrap (after a backspace) as a block."""
    for paragraph in cleandoc(text).split("\n\n"):
        if paragraph.startswith("\b\n"):
            yield from ("```text", paragraph.removeprefix("\b\n"), "```", "")
        else:
            yield from (paragraph, "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    """Writes the page."""
    FILE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{FILE}\n")


if __name__ == "__main__":
    main()
