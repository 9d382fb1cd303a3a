"""What a student reads on the terminal: each failure as a lesson, in the end what to do next."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import explain
from grader.checks import CheckInfo
from grader.course import Exercise
from grader.errors import ImportFailed, StudentError
from grader.results import CheckResult
from grader.submissions.guard import Refused, compile_guarded
from grader.text import Text

# TensorFlow's C++ part logs before any setting can keep it from doing so.
_LOG_LINE = re.compile(
    r"WARNING: All log messages before absl::|[IWEF]\d{4} \d\d:\d\d:\d\d|[IWEF]0000 00:00:"
    r"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWEF] |To enable the following instructions:"
)


def lesson(result: CheckResult, info: CheckInfo, lang: str) -> str:
    """The failure as a student reads it: what, why, where, and what to try."""
    message = result.message.in_(lang)
    parts = [f"✗ {info.title.in_(lang)}", "", message]
    shown = []
    for key, name in (("expected", Text("expected", "应为")), ("got", Text("got", "得到"))):
        value = result.evidence.get(key)
        if value:
            words = value if isinstance(value, str) else value["zh" if lang == "zh" else "en"]
            shown.append((name.in_(lang), words))
    if not all(_has(message, words) for _, words in shown):
        for label, words in shown:
            several = "\n" in words
            parts.append(f"  {label}:" if several else f"  {label}: {words}")
            parts += [f"    {line}" for line in words.splitlines() if several]
    if "traceback" in result.evidence:
        parts += ["", *(f"  {line}" for line in result.evidence["traceback"].splitlines())]
    if result.hint.en:
        parts += ["", f"{Text('Hint: ', '提示：').in_(lang)}{result.hint.in_(lang)}"]
    return "\n".join(parts)


def unreadable(file: Path) -> Text | None:
    """What Python can't read in `file`, in the words that a grading would use; None if it can."""
    try:
        compile_guarded(file.read_text("utf-8"))
    except Refused as refused:
        at, at_zh = (f"line {refused.line}", f"第 {refused.line} 行") if refused.line else ("", "")
        return Text(
            f"`{file.name}`, {at}: {refused.text.en}", f"`{file.name}` {at_zh}：{refused.text.zh}"
        )
    except (OSError, UnicodeDecodeError):
        return None
    return None


def _has(message: str, value: str) -> bool:
    """Whether a message already shows a value; an array's shape and line ends don't count."""
    bare = value.partition("  shape ")[0]
    return "".join(bare.split()) in "".join(message.split())


def without_logs(printed: str) -> str:
    """What the student's code printed, `tf.print` included, without TensorFlow's log lines."""
    return "".join(line for line in printed.splitlines(keepends=True) if not _LOG_LINE.match(line))


@dataclass(slots=True)
class Tally:
    """How the public checks of one file went, and what its last line says.

    Attributes:
        file: as the student knows it.
        cells: (cell, line) of each line of a notebook's module; empty for a `.py` file.
        first: title of the first check that failed.
        unwritten: (function, line) where that check met the stub's `raise NotImplementedError`.
        import_failed: a check has told already that the file can't be imported.
    """

    exercise: Exercise
    file: Path
    cells: Sequence[tuple[int, int]] = ()
    passed: int = 0
    failed: int = 0
    first: Text | None = None
    unwritten: tuple[str, int] | None = None
    import_failed: bool = False

    def add(self, info: CheckInfo, error: BaseException | None) -> bool:
        """Counts a check; True when its failure has been told already by an earlier one."""
        if error is None:
            self.passed += 1
            return False
        self.failed += 1
        if self.first is None:
            self.first = info.title
            if isinstance(error, StudentError) and error.frames and explain.not_written(error):
                self.unwritten = (error.frames[-1].function, error.frames[-1].line)
        told, self.import_failed = self.import_failed, isinstance(error, ImportFailed)
        return told and self.import_failed

    def as_above(self, info: CheckInfo, lang: str) -> str:
        """In place of a lesson that would only repeat the one before."""
        text = Text(
            f"as above: `{self.file.name}` can't be imported",
            f"同上：`{self.file.name}` 无法导入",
        )
        return f"✗ {info.title.in_(lang)}\n\n{text.in_(lang)}"

    def next_step(self, lang: str, here: Path) -> str:
        """The line at the very end; paths are shown from the directory `here` where they can be."""
        file = _seen_from(self.file, here)
        statement = _seen_from(
            self.exercise.stub.with_name("README.zh.md" if lang == "zh" else "README.md"), here
        )
        total = self.passed + self.failed
        count = Text(
            f"{self.exercise.id}: {self.passed} of {total} checks pass.",
            f"{self.exercise.id}：{total} 项检查中有 {self.passed} 项通过。",
        )
        if self.first is None:
            more = Text(
                f" Hand in {file}; the course asks more questions of the kind, see {statement}",
                f"可以提交 {file} 了；课程还会考查更多同类问题，见 {statement}",
            )
        elif self.unwritten is not None:
            function, line = self.unwritten
            at, at_zh = f"line {line}", f"第 {line} 行"
            if 1 <= line <= len(self.cells):
                cell, line = self.cells[line - 1]
                at, at_zh = f"cell {cell}, line {line}", f"第 {cell} 个单元格第 {line} 行"
            more = Text(
                f" Next: write `{function}` in {file}, {at}, and check again."
                f" The task is in {statement}",
                f"下一步：编写 {file} {at_zh}的 `{function}`，再检查一次。题目见 {statement}",
            )
        elif self.import_failed:
            more = Text(
                f" Next: make {file} importable, the first ✗ above says how, and check again.",
                f"下一步：让 {file} 能够导入（见上面第一个 ✗），再检查一次。",
            )
        else:
            more = Text(
                f" Next: mend “{self.first.en}” in {file}, the first ✗ above, and check again."
                f" The task is in {statement}",
                f"下一步：修改 {file}，先解决上面第一个 ✗“{self.first.zh}”，再检查一次。"
                f"题目见 {statement}",
            )
        return count.in_(lang) + more.in_(lang)


def _seen_from(path: Path, here: Path) -> str:
    relative = os.path.relpath(path, here) if path.is_relative_to(here) else str(path)
    return f"'{relative}'" if " " in relative else relative
