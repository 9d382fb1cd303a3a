"""Turns what one student handed in into exactly one Submission per exercise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from grader.submissions.archive import list_zip
from grader.submissions.cells import MAX_NOTEBOOK_BYTES, read_cells
from grader.submissions.choose import Ambiguous, Choice, Missing, choose, choose_only
from grader.submissions.decode import UnknownEncoding, decode
from grader.submissions.find import walk
from grader.submissions.guard import Refused, compile_guarded
from grader.submissions.model import (
    Entry,
    Status,
    Student,
    Submission,
    Tree,
    Unreadable,
    normal,
    shown,
)
from grader.submissions.notebook import slice_module
from grader.submissions.signatures import signature
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

MAX_SOURCE_BYTES = 2**20


class Passed(Protocol):
    """Files whose bytes are known to pass `check_source` without a note."""

    def __contains__(self, data: bytes) -> bool:
        """Whether these do."""

    def add(self, data: bytes) -> None:
        """Told of some that do."""


_UNOPENED = {
    "link": Text(
        "the submission is a link: put the directory or the zip itself in its place",
        "提交的是一个链接：请换成文件夹或压缩包本身",
    ),
    "special": Text(
        "the submission is a pipe, a socket or a device: put a directory or a zip in its place",
        "提交的是管道、套接字或设备：请换成文件夹或压缩包",
    ),
    "archive": Text(
        "the submission is an archive that isn't opened: unpack it into a directory, or make a zip "
        "of it",
        "提交的压缩包不是 zip，不会打开：请解压成文件夹，或改用 zip 格式",
    ),
}
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_SAVE_AS = Text(
    "save the file as UTF-8 (in VS Code: click the encoding at the bottom right, `Save with "
    "Encoding`, `UTF-8`)",
    "请把文件另存为 UTF-8（VS Code：点击右下角的编码，选择“通过编码保存”，再选 UTF-8）",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A Submission and the files behind it.

    Attributes:
        entry: the file that was taken; None where there is none, or several could be meant.
        candidates: files that may be meant, where none was taken.
        rest: files that would have been, had there not been a better one.
    """

    submission: Submission
    entry: Entry | None = None
    candidates: tuple[Entry, ...] = ()
    rest: tuple[Entry, ...] = ()


def collect(
    student: Student, symbols: Mapping[str, Sequence[str]], others: Collection[str] = ()
) -> list[Submission]:
    """One Submission for each exercise in `symbols` (id to the names it asks for), in its order.

    `others` are exercises that aren't asked for now; a file with the name of one is meant for it.
    Whatever the student handed in, this returns: what can't be read is `unreadable` with a reason.
    """
    tree = tree_of(student)
    return [taken.submission for taken in take(student, tree, symbols, others)]


def tree_of(student: Student) -> Tree:
    """The files that a student handed in; never raises."""
    if student.tree is not None:
        return student.tree()
    if student.kind in _UNOPENED:
        return Tree(problem=_UNOPENED[student.kind])
    return list_zip(student.path) if student.kind == "zip" else walk(student.path)


def take(
    student: Student,
    tree: Tree,
    symbols: Mapping[str, Sequence[str]],
    others: Collection[str] = (),
    passed: Passed | None = None,
) -> list[Taken]:
    """What `collect` gives, with the files behind each; `tree` is the student's.

    `passed`, where there is one, is asked before a `.py` file is checked, and told of those that
    pass.
    """
    notes = (*student.notes, *tree.notes)
    known = frozenset((*symbols, *others))
    found = []
    for exercise, names in symbols.items():
        only = len(symbols) == 1
        taken = _take(student, tree, exercise, names, known, passed, only=only)
        if notes:
            submission = replace(taken.submission, notes=(*notes, *taken.submission.notes))
            taken = replace(taken, submission=submission)
        found.append(taken)
    return found


def _take(
    student: Student,
    tree: Tree,
    exercise: str,
    symbols: Sequence[str],
    known: Collection[str],
    passed: Passed | None,
    *,
    only: bool,
) -> Taken:
    origin = _origin(student, "")

    def without(status: Status, reason: Text) -> Submission:
        return Submission(student.name, exercise, status, origin=origin, reason=reason)

    if tree.problem is not None:
        return Taken(without("unreadable", tree.problem))
    try:
        choice = _choice(tree, exercise, known, only=only)
    except Missing as missing:
        return Taken(without("missing", missing.reason), candidates=missing.candidates)
    except Ambiguous as error:
        return Taken(without("unreadable", error.reason), candidates=error.candidates)
    origin = _origin(student, choice.entry.path)
    try:
        source, more, cell_map = read_module(choice.entry, symbols, exercise, passed)
    except Unreadable as error:
        submission = replace(without("unreadable", error.reason), notes=choice.notes)
        return Taken(submission, choice.entry, rest=choice.rest)
    submission = Submission(
        student.name,
        exercise,
        "ready",
        source,
        origin,
        notes=(*choice.notes, *more),
        cell_map=cell_map,
    )
    return Taken(submission, choice.entry, rest=choice.rest)


def _choice(tree: Tree, exercise: str, known: Collection[str], *, only: bool) -> Choice:
    """By name; where one exercise was set, the only program has whatever name it likes."""
    try:
        return choose(tree.entries, exercise, known)
    except Missing:
        if not only:
            raise
        return choose_only(tree.entries, exercise, known)


def _origin(student: Student, path: str) -> str:
    name = normal(shown(student.path.name))
    if student.kind == "given":  # one of several at that path
        name = f"{name}/{shown(student.name).replace('/', '_')}"
    return f"{name}/{shown(path, 300)}" if path else name


_Module = tuple[bytes, tuple[Text, ...], tuple[tuple[int, int], ...] | None]


def read_module(
    entry: Entry, symbols: Sequence[str], exercise: str, passed: Passed | None = None
) -> _Module:
    """The module's bytes, notes and cell map of an entry; raises Unreadable."""
    if entry.problem is not None:
        raise Unreadable(entry.problem)
    is_notebook = entry.name.lower().endswith(".ipynb")
    limit = MAX_NOTEBOOK_BYTES if is_notebook else MAX_SOURCE_BYTES
    data = entry.read(limit)
    notes: tuple[Text, ...] = ()
    if not is_notebook and _is_notebook(data):
        data, is_notebook, limit = entry.read(MAX_NOTEBOOK_BYTES), True, MAX_NOTEBOOK_BYTES
        notes = (
            Text(
                f"`{shown(entry.name)}` is a notebook and was read as one: name it `.ipynb`",
                f"`{shown(entry.name)}` 其实是 notebook，已按 notebook 读取：请使用 `.ipynb` 后缀",
            ),
        )
    if len(data) > limit:
        raise Unreadable(_too_large(limit // 2**20, is_notebook))
    if is_notebook:
        sliced = slice_module(read_cells(data), symbols, exercise)
        return sliced.source, (*notes, *sliced.notes), sliced.cell_map
    return data, (*notes, *_checked(data, passed)), None


def _checked(data: bytes, passed: Passed | None) -> tuple[Text, ...]:
    if passed is not None and data in passed:
        return ()
    found = check_source(data)
    if passed is not None and not found:
        passed.add(data)
    return found


def _is_notebook(data: bytes) -> bool:
    head = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"{") and b'"cells"' in data and b'"cell_type"' in data


def _too_large(mebibytes: int, is_notebook: bool) -> Text:
    if is_notebook:
        return Text(
            f"the notebook is larger than {mebibytes} MiB, most likely its outputs: clear all "
            "outputs, save it and hand it in again",
            f"notebook 大于 {mebibytes} MiB，多半是输出造成的：请清除所有输出，保存后重新提交",
        )
    return Text(
        f"the file is larger than {mebibytes} MiB: leave data out of the program",
        f"文件大于 {mebibytes} MiB：请不要把数据写进程序",
    )


def check_source(data: bytes) -> tuple[Text, ...]:
    """Notes on a `.py` file's bytes, which Python can import as they are; raises Unreadable."""
    text = _decode(data)
    try:
        tree = compile_guarded(text)
    except Refused as error:
        if error.line is None:
            raise Unreadable(error.text) from None
        raise Unreadable(
            Text(f"line {error.line}: {error.text.en}", f"第 {error.line} 行：{error.text.zh}")
        ) from None
    if not tree.body:
        return (Text("the file is empty: it has no code", "文件是空的：没有任何代码"),)
    return ()


def _decode(data: bytes) -> str:
    what = signature(data)
    if what is not None:
        raise Unreadable(
            Text(
                f"this isn't text but {what.en}: hand in the program itself",
                f"这不是文本，而是{what.zh}：请提交程序本身",
            )
        )
    if data.startswith(_WIDE_MARKS):
        raise Unreadable(
            Text(
                f"the file is saved as UTF-16 or UTF-32, which Python can't read: {_SAVE_AS.en}",
                f"文件以 UTF-16 或 UTF-32 保存，Python 无法读取：{_SAVE_AS.zh}",
            )
        )
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise Unreadable(
            Text(
                f"line {line} has a NUL byte, so this isn't a text file, or it is saved as UTF-16: "
                f"{_SAVE_AS.en}",
                f"第 {line} 行含有 NUL 字节，说明它不是文本文件或以 UTF-16 保存：{_SAVE_AS.zh}",
            )
        )
    try:
        return decode(data)
    except UnknownEncoding as error:
        name = shown(error.name)
        raise Unreadable(
            Text(
                f"the file declares the encoding `{name}`, which isn't taken: {_SAVE_AS.en} and "
                "take the declaration out",
                f"文件声明的编码 `{name}` 不被接受：{_SAVE_AS.zh}，并删除该声明",
            )
        ) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"0x{data[error.start]:02x}"
        raise Unreadable(
            Text(
                f"line {line} has the byte {byte}, which isn't {error.encoding}: {_SAVE_AS.en}",
                f"第 {line} 行有字节 {byte}，不符合 {error.encoding} 编码：{_SAVE_AS.zh}",
            )
        ) from None
