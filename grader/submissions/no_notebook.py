"""Says what a file is that is no notebook, and what to do about it."""

from __future__ import annotations

import json
import re

from grader.submissions.guard import Refused, parse_guarded
from grader.submissions.model import Unreadable
from grader.submissions.signatures import signature
from grader.text import Text

_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
_AGAIN = Text(
    "open it in Jupyter, save it and hand it in again", "请在 Jupyter 中打开、保存后重新提交"
)
CLEAR = Text("clear all outputs, save it and hand it in again", "请清除所有输出，保存后重新提交")
LESS = Text(
    "hand in a notebook with only what the exercise asks for",
    "请提交一个只含练习所需内容的 notebook",
)


def bad(en: str, zh: str, mend: Text = _AGAIN) -> Unreadable:
    """The error about a notebook that can't be read."""
    return Unreadable(
        Text(
            f"not a readable notebook, {en}: {mend.en}", f"无法作为 notebook 读取，{zh}：{mend.zh}"
        )
    )


def no_text(data: bytes, place: int) -> Unreadable:
    """What bytes are instead that aren't UTF-8 at `place`."""
    what = signature(data)
    if what is not None:
        return _else(what)
    if data.startswith(_WIDE_MARKS):
        return bad(
            "it is saved as UTF-16",
            "它以 UTF-16 保存",
            Text("save it as UTF-8 and hand it in again", "请另存为 UTF-8 后重新提交"),
        )
    return bad(f"byte {place} isn't UTF-8", f"第 {place} 个字节不是 UTF-8")


def no_json(text: str, error: ValueError, large: bool) -> Unreadable:
    """What the text is instead, as far as that can be told."""
    if not text.strip():
        return bad("the file is empty", "文件是空的")
    what = signature(text[:400].encode("utf-8", "replace"))
    if what is not None:
        return _else(what)
    if _CONFLICT.search(text):
        return bad(
            "it has conflict markers of git (`<<<<<<<`)",
            "其中有 git 的冲突标记（`<<<<<<<`）",
            Text("finish the merge and hand it in again", "请完成合并后重新提交"),
        )
    if not text.lstrip().startswith(("{", "[")) and _is_python(text):
        return Unreadable(
            Text(
                "this is a Python program, not a notebook: name it `.py` and hand it in again",
                "这是 Python 程序，不是 notebook：请改用 `.py` 后缀后重新提交",
            )
        )
    where = where_zh = ""
    if isinstance(error, json.JSONDecodeError):
        if not large:  # what was taken out had lines too
            where, where_zh = f" (line {error.lineno})", f"（第 {error.lineno} 行）"
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            return bad(
                f"it isn't valid JSON, it ends in the middle{where}",
                f"内容不是有效的 JSON，在中间就结束了{where_zh}",
                Text(
                    "it wasn't saved or uploaded completely, so save it and hand it in again",
                    "文件没有保存或上传完整，请保存后重新提交",
                ),
            )
    return bad(f"it isn't valid JSON{where}", f"内容不是有效的 JSON{where_zh}")


def _is_python(text: str) -> bool:
    try:
        return bool(parse_guarded(text.replace("\r\n", "\n").replace("\r", "\n")).body)
    except Refused:
        return False


def _else(what: Text) -> Unreadable:
    return Unreadable(
        Text(
            f"this isn't a notebook but {what.en}: hand in the notebook itself",
            f"这不是 notebook，而是{what.zh}：请提交 notebook 本身",
        )
    )
