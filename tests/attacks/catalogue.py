"""The attacks: one file each under `submissions/<group>/`, read and never run here.

A file is a submission to the tiny course's exercise `square`. Its docstring begins with a title;
lines `key: value` after it say what the harness has to know:

    stopped by: the layer that holds it
    witness: one of WITNESSES, what shows from outside that the attack succeeded
    control: `open` (the engine without its wall) or `naive` (see naive.py)
    deserves: points that its honest part is worth, 0 if omitted
    student: what the folder is called that it is handed in with, `eve` if omitted
    needs: what it is only tried with, one of NEEDS; nothing if omitted

Before it is handed in, tokens in its text are replaced, see `TOKENS` and `BOMBS`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SUBMISSIONS = Path(__file__).parent / "submissions"

WITNESSES = {
    "loot": "the token stands in the row or in the output, or reached a listener",
    "marker": "a file outside the worker's scratch was made or changed",
    "victim": "another process was ended, stopped, changed or limited",
    "heard": "a listener got a connection or bytes",
    "mark": "the row has more points than the code deserves",
    "neighbour": "the next honest submission lacks points, or the batch broke",
    "survivor": "a process of the attack lives on after its row is complete",
    "swollen": "a resource grew past its bound, time included",
    "disguised": "its words act on a terminal, a page or a spreadsheet that shows them",
    "told": "the attack itself told that a call worked which has no effect to see from outside",
}
CONTROLS = ("open", "naive")
NEEDS = ("", "outer wall", "x86_64")

TOKENS = {
    "CANARY": "path of a file of mode 600 that holds the token",
    "GROUND": "directory of all that is at stake, open to everybody",
    "COURSE": "the course (the solution and the checks hold the token)",
    "CLASS": "directory of all submissions",
    "MATE": "a classmate's submission (holds the token)",
    "OUT": "directory of the results",
    "HOME": "home directory of the user who grades (in the control: a copy in the ground)",
    "SITE": "a directory that stands for site-packages, writable",
    "MARKER": "a path in the ground that must not come to exist",
    "NAME": "a name for files elsewhere (/tmp, /dev/shm): looked for in all those places",
    "TCP": "port on 127.0.0.1 with a listener",
    "UDP": "port on 127.0.0.1 with a listener",
    "UNIX": "path of a Unix stream socket with a listener",
    "ABSTRACT": "name (without the NUL) of an abstract Unix stream socket with a listener",
    "VICTIM": "pid of a process of the worker's user that holds the token in its memory, its"
    " environment, its arguments and an open descriptor",
    "VICTIMS": "pids of all such processes, one per uid that a worker may get, between spaces",
    "WORKED": "what an attack says (in an exception) when `told` is its witness",
    "NUL": "a NUL byte",
    "COOKIE": "the declaration of an encoding in which text in a comment is code",
    "ODDCODEC": "the declaration of an encoding that isn't one of text",
}
# The token looks like this; an attack may search memory for it without knowing it.
TOKEN_PATTERN = r"LOOT-[0-9a-f]{32}"

# With their quotes these stand for text that no linter would let pass.
BOMBS = {
    '"@PARENTHESES@"': "(" * 60_000 + "1" + ")" * 60_000,
    '"@MINUS@"': "-" * 200_000 + "1",
    '"@CHAIN@"': "x" + ".y" * 100_000,
    '"@SUM@"': "1" + "+1" * 100_000,
    '"@DIGITS@"': "9" * 900_000,
    '"@TREES@"': "[" + "[]," * 1_800_000 + "]",
    "# @INDENTS@": "".join(f"{' ' * depth}if 1:\n" for depth in range(200)) + " " * 200 + "pass",
}
_TOKEN = re.compile(r"@[A-Z]+@")


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack, as its file describes it."""

    name: str
    group: str
    title: str
    stopped_by: str
    witness: str
    control: str
    source: str
    deserves: float = 0.0
    needs: str = ""
    student: str = "eve"

    @property
    def id(self) -> str:
        """Group and name: what a test is called by."""
        return f"{self.group}/{self.name}"

    def text(self, values: Mapping[str, str]) -> bytes:
        """What is handed in: the source with every token replaced by its value."""
        text = self.source
        for quoted, bomb in BOMBS.items():
            text = text.replace(quoted, bomb)
        return _TOKEN.sub(lambda found: values[found[0].strip("@")], text).encode()


def read(file: Path) -> Attack:
    """The attack in `file`.

    Raises:
        ValueError: its docstring lacks something or says something unknown.
    """
    source = file.read_text("utf-8")
    title, *lines = (ast.get_docstring(ast.parse(source)) or "").splitlines()
    said = dict(line.split(": ", 1) for line in lines if ": " in line)
    where = f"{file.parent.name}/{file.name}"
    if not title or set(said) - {"deserves", "needs", "student"} != {
        "stopped by",
        "witness",
        "control",
    }:
        raise ValueError(f"{where}: the docstring needs a title, stopped by, witness, control")
    for key, known in (("witness", WITNESSES), ("control", CONTROLS), ("needs", NEEDS)):
        if said.get(key, "") not in known and (key in said or key != "needs"):
            raise ValueError(f"{where}: unknown {key} {said.get(key)!r}")
    unknown = {t.strip("@") for t in _TOKEN.findall(source)} - set(TOKENS)
    unknown -= {bomb.strip('"@# ') for bomb in BOMBS}
    if unknown:
        raise ValueError(f"{where}: unknown tokens {sorted(unknown)}")
    return Attack(
        name=file.stem,
        group=file.parent.name,
        title=title,
        stopped_by=said["stopped by"],
        witness=said["witness"],
        control=said["control"],
        source=source,
        deserves=float(said.get("deserves", "0")),
        needs=said.get("needs", ""),
        student=said.get("student", "eve").encode().decode("unicode_escape"),
    )


def load() -> tuple[Attack, ...]:
    """All attacks, by group and name."""
    return tuple(read(file) for file in sorted(SUBMISSIONS.glob("*/*.py")))
