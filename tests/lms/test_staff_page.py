"""The page for staff is walked: every command in its order, and what it shows is what comes."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pytest

from grader import cli

from .classroom import table
from .downloads import moodle, write_zip

PAGE = Path(__file__).parents[2] / "docs" / "staff.md"
TINY = Path(__file__).parents[1] / "courses" / "tiny"
RIGHT = (TINY / "solutions" / "square" / "square.py").read_bytes()
NO_GRADIENT = (
    b"import tensorflow as tf\n\n\ndef square(x):\n    return tf.constant(x.numpy() ** 2)\n"
)
HEADER = [
    "Identifier",
    "Full name",
    "Email address",
    "Status",
    "Grade",
    "Maximum Grade",
    "Grade can be changed",
    "Last modified (submission)",
    "Last modified (grade)",
    "Feedback comments",
]
HANDED_IN = {
    "Jane Doe": "Thursday, 15 October 2026, 4:12 PM",
    "Liam O'Brien": "Saturday, 17 October 2026, 9:30 AM",
    "王小明": "Sunday, 18 October 2026, 8:05 PM",
    "Kim Lee": "Friday, 16 October 2026, 5:40 PM",
    "Nora Klein": "Friday, 16 October 2026, 5:58 PM",
    "Omar Haddad": "-",
}
"""Whom the worksheet lists, and since when their file is there, in the course's zone."""


def blocks(language: str) -> list[str]:
    """The page's blocks in that language; for "" those of the whole way."""
    text = PAGE.read_text("utf-8")
    return re.findall(rf"^```{language or '(?:console|toml)'}\n(.*?)^```", text, re.M | re.S)


def build_class(folder: Path) -> None:
    """The course, the download and the worksheet of which the page speaks."""
    shutil.copytree(TINY, folder)
    members = {
        moodle("Jane Doe", 101, "square.py"): RIGHT,
        moodle("Liam O'Brien", 102, "week 3/square.py"): NO_GRADIENT,
        moodle("王小明", 103, "hw3.py"): RIGHT,
        moodle("Kim Lee", 104, "draft.py"): NO_GRADIENT,
        moodle("Kim Lee", 104, "solution.py"): RIGHT,
        moodle("Nora Klein", 105, "plots.pdf"): b"%PDF",
    }
    write_zip(folder / "week3.zip", members)
    rows = [HEADER]
    for number, (name, when) in enumerate(HANDED_IN.items(), 101):
        status = "No submission" if when == "-" else "Submitted for grading"
        who = [f"Participant {number}", name, f"s{number}@example.org", status]
        rows.append([*who, "", "10.00", "Yes", when, "-", ""])
    text = "\ufeff" + table(rows, "\r\n")
    (folder / "Grades-Week3.csv").write_bytes(text.encode())


def written_down(course: Path, block: str) -> None:
    """Does with course.toml what the page asks for: a line at the top, or an exercise's entry."""
    text = course.read_text("utf-8")
    if "[[exercises]]" in block:
        # The entry that is shown takes the place of the one that was there.
        text = re.sub(
            r'\[\[exercises\]\]\nid = "square"\n.*?(?=^\[\[)', "", text, flags=re.M | re.S
        )
        text = f"{text}\n{block}"
    else:
        text = f"{block}{text}"
    course.write_text(text, "utf-8")


class Walk:
    """Runs commands as somebody in this folder would."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def run(self, command: str) -> tuple[int, str]:
        """(exit status, what stays on the terminal): stdout, and what is told beside it."""
        name, *arguments = shlex.split(command)
        if name != "grader":
            done = self._outside([sys.executable if name == "python3" else name, *arguments])
        elif arguments[0] == "grade":  # its workers are forked from a process without tests in it
            done = self._outside([sys.executable, "-m", *shlex.split(command), "--jobs", "1"])
        else:
            done = self._inside(arguments)
        status, out, err = done
        # Lines per row are what a terminal's bar shows in passing.
        told = "".join(line for line in err.splitlines(True) if line.startswith("grader:"))
        return status, told + out

    def _outside(self, command: list[str]) -> tuple[int, str, str]:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    def _inside(self, arguments: list[str]) -> tuple[int, str, str]:
        status: object = 0
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["grader", *arguments])
            try:
                cli.main()
            except SystemExit as end:
                status = end.code or 0
        assert isinstance(status, int)
        return status, *self._capsys.readouterr()


def plain(text: str) -> str:
    """Without spaces at the ends of lines; sizes of zips differ with the pages' style."""
    lines = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
    return re.sub(r"\b\d+ KiB", "N KiB", lines)


def check_shown(command: str, shown: str, came: str) -> None:
    """A line `…` on the page stands for any lines."""
    parts = [
        "(?:.*\n)*?" if line == "…" else re.escape(f"{line}\n")
        for line in plain(shown).splitlines()
    ]
    assert re.fullmatch("".join(parts), plain(came)), f"{command}\nreally gives\n{came}"


def test_the_way_from_zip_to_gradebook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Command by command; only what is unclear gives another status than 0."""
    folder = tmp_path / "course"
    build_class(folder)
    monkeypatch.chdir(folder)
    walk, commands = Walk(capsys), 0
    for block in blocks(""):
        if not block.startswith("$ "):
            written_down(folder / "course.toml", block)
            continue
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, shown = part.partition("\n")
            status, came = walk.run(command)
            assert status == ("unclear, for somebody to look at:" in came), f"{command}\n{came}"
            check_shown(command, shown, came)
            commands += 1
    assert commands == len(re.findall(r"^\$ ", PAGE.read_text("utf-8"), re.M)) >= 13
    after = (folder / "Grades-Week3-filled.csv").read_text("utf-8")
    assert "From the checks: 6" in after
    with zipfile.ZipFile(folder / "reports" / "week3" / "moodle-feedback.zip") as archive:
        assert len(archive.namelist()) == 4


def test_the_other_platforms_commands_are_commands() -> None:
    """Every option that they have exists; what they do is tested in `tests/lms`."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(lines) >= 7
    for line in lines:
        name, command, *arguments = shlex.split(line)
        assert name == "grader"
        found = cli.cli.commands[command]
        assert isinstance(found, click.Command)
        found.make_context(command, arguments)
