"""One self-check as it travels to the process that makes it, and its verdict on the way back.

Both are files of a folder that belongs to this one run: what a student's code prints, or a process
that ends in the middle of it, can't be mistaken for a verdict.
"""

from __future__ import annotations

import json
import signal
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader.text import Text

_MOST = 1 << 20  # characters of output that are shown


@dataclass(frozen=True, slots=True)
class Job:
    """A file to check.

    Attributes:
        run: its number; the process tells with it which run has ended.
        course: the course's directory.
        folder: where this run's output and verdict go; it exists.
        lang: `en` or `zh`.
        colour: whether the output may have colours.
        columns: the terminal's width.
    """

    run: int
    course: str
    exercise: str
    file: str
    folder: str
    lang: str
    colour: bool
    columns: int

    def encode(self) -> bytes:
        """One line of JSON."""
        return json.dumps({"job": asdict(self)}).encode() + b"\n"

    @classmethod
    def decode(cls, message: dict[str, Any]) -> Job:
        """What `encode` has made a line of."""
        return cls(**message["job"])

    @property
    def output(self) -> Path:
        """What the check and the student's code printed."""
        return Path(self.folder, "output")

    @property
    def notes(self) -> Path:
        """A line of JSON for each check that was begun, and the verdict as the last."""
        return Path(self.folder, "notes")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a run.

    Attributes:
        passed: all checks passed.
        output: what a student is to read.
        trouble: why there is no verdict of the checks', if so.
    """

    passed: bool
    output: str = ""
    trouble: Text | None = None


def under_way(job: Job) -> str:
    """The title of the check that was begun last; empty before the first."""
    titles = [note["at"] for note in _notes(job) if "at" in note]
    return titles[-1] if titles else ""


def verdict(job: Job, status: int) -> Verdict:
    """The verdict of a run whose process has ended with `status` (negative: by that signal)."""
    output = job.output.read_text("utf-8", "backslashreplace") if job.output.is_file() else ""
    if len(output) > _MOST:
        output = f"{output[:_MOST]}… (+{len(output) - _MOST})"
    notes = _notes(job)
    last = notes[-1] if notes else {}
    if "error" in last:
        return Verdict(False, output, Text(last["error"], last["error"]))
    if "passed" in last:
        return Verdict(last["passed"] is True, output)
    return Verdict(False, output, _ended(Path(job.file).name, under_way(job), status))


def _notes(job: Job) -> list[dict[str, Any]]:
    try:
        lines = job.notes.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in lines if line.endswith("}")]  # the last may be half a line


def _ended(name: str, at: str, status: int) -> Text:
    """The process ended without a verdict; nothing of the grader's does that."""
    how, how_zh = f"with exit status {status}", f"（退出状态 {status}）"
    if status < 0:
        try:
            how = f"by the signal {signal.Signals(-status).name}"
        except ValueError:
            how = f"by the signal {-status}"
        how_zh = f"（信号 {how.rpartition(' ')[2]}）"
    where, where_zh = (f" in “{at}”", f"，当时正在检查“{at}”") if at else ("", "")
    return Text(
        f"✗ {name} ended the whole process{where}, {how}: a crash, or a call such as os._exit;"
        " take out what you wrote last",
        f"✗ {name} 使整个进程结束了{how_zh}{where_zh}：可能是崩溃，也可能调用了 os._exit 之类；"
        "请先撤掉刚写的那几行",
    )
