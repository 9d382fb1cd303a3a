"""The reference page is what the commands themselves say."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli import cli
from grader.commands.reference import FILE, commands, page

ROOT = Path(__file__).parents[1]


def test_the_reference_is_current() -> None:
    """Made anew it is the same; `python3 -m grader.commands.reference` mends it."""
    assert (ROOT / FILE).read_text("utf-8") == page()


def test_every_command_and_option_is_in_it() -> None:
    text = page()
    for name, command in commands():
        (section,) = [s for s in text.split("\n## ") if s.startswith(f"`grader {name}`")]
        for option in command.params:
            for spelled in option.opts if option.param_type_name == "option" else ():
                assert f"{spelled}" in section, (name, spelled)


def test_making_it_changes_no_command() -> None:
    """click remembers a command's help option as it is first asked for: `-h` must stay."""
    page()
    for command in cli.commands.values():
        context = click.Context(command, parent=click.Context(cli, **cli.context_settings))
        option = command.get_help_option(context)
        assert option is not None
        assert "-h" in option.opts
