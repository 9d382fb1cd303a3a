"""Turns what one student handed in into exactly one Submission per exercise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.submissions.archive import list_zip
from grader.submissions.choose import Missing, choose
from grader.submissions.decode import UnknownEncoding, decode
from grader.submissions.find import walk
from grader.submissions.guard import Refused, compile_guarded
from grader.submissions.model import Entry, Student, Submission, Tree, Unreadable, normal, shown
from grader.submissions.notebook import MAX_NOTEBOOK_BYTES, read_cells, slice_module
from grader.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_SOURCE_BYTES = 2**20

_MAGIC = (
    (b"PK\x03\x04", "a zip archive or an Office document", "zip 压缩包或 Office 文档"),
    (b"%PDF", "a PDF", "PDF"),
    (b"\x89PNG", "a picture", "图片"),
    (b"\xff\xd8\xff", "a picture", "图片"),
    (b"Rar!", "a RAR archive", "RAR 压缩包"),
    (b"\x1f\x8b", "a gzip archive", "gzip 压缩包"),
    (b"{\\rtf", "a Rich Text document", "RTF 文档"),
)
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


def collect(student: Student, symbols: Mapping[str, Sequence[str]]) -> list[Submission]:
    """One Submission for each exercise in `symbols` (id to the names it asks for), in its order.

    Whatever the student handed in, this returns: what can't be read is `unreadable` with a reason.
    """
    if student.kind in _UNOPENED:
        tree = Tree(problem=_UNOPENED[student.kind])
    else:
        tree = list_zip(student.path) if student.kind == "zip" else walk(student.path)
    notes = (*student.notes, *tree.notes)
    return [
        replace(found, notes=(*notes, *found.notes))
        for found in (_collect(student, tree, exercise, symbols) for exercise in symbols)
    ]


def _collect(
    student: Student, tree: Tree, exercise: str, symbols: Mapping[str, Sequence[str]]
) -> Submission:
    origin = _origin(student, "")
    if tree.problem is not None:
        return Submission(student.name, exercise, "unreadable", origin=origin, reason=tree.problem)
    try:
        entry, notes = choose(tree.entries, exercise, symbols)
    except Missing as missing:
        return Submission(student.name, exercise, "missing", origin=origin, reason=missing.reason)
    except Unreadable as error:
        return Submission(student.name, exercise, "unreadable", origin=origin, reason=error.reason)
    origin = _origin(student, entry.path)
    try:
        read = _read(entry, symbols[exercise])
    except Unreadable as error:
        return Submission(
            student.name, exercise, "unreadable", b"", origin, error.reason, tuple(notes)
        )
    source, more, cell_map = read
    return Submission(
        student.name,
        exercise,
        "ready",
        source,
        origin,
        notes=(*notes, *more),
        cell_map=cell_map,
    )


def _origin(student: Student, path: str) -> str:
    name = normal(shown(student.path.name))
    return f"{name}/{shown(path, 300)}" if path else name


_Read = tuple[bytes, tuple[Text, ...], tuple[tuple[int, int], ...] | None]


def _read(entry: Entry, symbols: Sequence[str]) -> _Read:
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
        sliced = slice_module(read_cells(data), symbols)
        return sliced.source, (*notes, *sliced.notes), sliced.cell_map
    return data, (*notes, *check_source(data)), None


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
    for magic, en, zh in _MAGIC:
        if data.startswith(magic):
            raise Unreadable(
                Text(
                    f"this isn't text but {en}: hand in the program itself",
                    f"这不是文本，而是{zh}：请提交程序本身",
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
