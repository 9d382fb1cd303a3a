"""Reads the code cells of a notebook, of whatever version and size.

The file is read directly, not through nbformat: all that matters is the source of its code cells,
which the four versions of the format keep under three names, and nbformat's validation refuses
notebooks that Jupyter and Colab open (a missing `metadata`) while building objects of everything
else that is in them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from grader.submissions.guard import Refused, parse_guarded
from grader.submissions.model import Unreadable, shown
from grader.submissions.outputs import TooMuch, without_outputs
from grader.submissions.signatures import signature
from grader.text import Text

MAX_NOTEBOOK_BYTES = 256 * 2**20
MAX_PARSED_BYTES = 5 * 2**20
"""What is left of it without outputs and attachments."""
MAX_CELLS = 2_000
MAX_CODE_CHARS = 400 * 2**10
"""All code cells together: what is parsed as Python."""
_SOURCE_KEYS = {4: "source", 3: "input", 2: "input", 1: "code"}
_MAX_TAGS = 50
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
# Kernels that needn't say their language; other names are Python's environments, as a rule.
_OTHER_KERNELS = {"ir": "R", "julia": "Julia", "octave": "Octave", "xcpp": "C++", "bash": "Bash"}
_AGAIN = Text(
    "open it in Jupyter, save it and hand it in again", "请在 Jupyter 中打开、保存后重新提交"
)
_LESS = Text(
    "hand in a notebook with only what the exercise asks for",
    "请提交一个只含练习所需内容的 notebook",
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell: its place among all cells, from 1, and its source with `\\n` line ends.

    Attributes:
        tags: in lower case.
        language: the cell's own, where it has another than the notebook; "" otherwise.
    """

    number: int
    source: str
    tags: frozenset[str] = frozenset()
    language: str = ""


def read_cells(data: bytes) -> list[Cell]:
    """The code cells of a notebook in any format from 1 to 4; raises Unreadable."""
    notebook = _parsed(data)
    cells = _raw_cells(notebook)
    language = _language(notebook)
    if not language.lower().startswith(("python", "ipython", "xpython")):
        raise Unreadable(
            Text(
                f"the notebook's language is {shown(language, 30)}, not Python: write it with a "
                "Python kernel",
                f"这个 notebook 的语言是 {shown(language, 30)}，不是 Python：请使用 Python 内核",
            )
        )
    if len(cells) > MAX_CELLS:
        raise bad(f"it has more than {MAX_CELLS} cells", f"单元格超过 {MAX_CELLS} 个", _LESS)
    key = _SOURCE_KEYS[notebook.get("nbformat", 1)]
    found = []
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
            raise bad(f"cell {number} has no type", f"第 {number} 个单元格没有类型")
        if cell["cell_type"] == "code":
            found.append(_cell(cell, key, number))
    if sum(len(cell.source) for cell in found) > MAX_CODE_CHARS:
        raise bad("it has more than 400 KiB of code", "代码超过 400 KiB", _LESS)
    return found


def bad(en: str, zh: str, mend: Text = _AGAIN) -> Unreadable:
    """The error about a notebook that can't be read."""
    return Unreadable(
        Text(
            f"not a readable notebook, {en}: {mend.en}", f"无法作为 notebook 读取，{zh}：{mend.zh}"
        )
    )


def _parsed(data: bytes) -> Any:
    """The notebook's JSON; raises Unreadable."""
    large = len(data) > MAX_PARSED_BYTES
    try:
        data = without_outputs(data, MAX_PARSED_BYTES) if large else data
        return json.loads(data.decode("utf-8-sig"))
    except TooMuch:
        limit = MAX_PARSED_BYTES >> 20
        raise bad(
            f"it has more than {limit} MiB even without its outputs",
            f"不计输出也超过 {limit} MiB",
            _LESS,
        ) from None
    except UnicodeDecodeError as error:
        raise _no_text(data, error.start) from None
    except (RecursionError, MemoryError):
        raise bad("its data is nested absurdly deep", "数据嵌套过深") from None
    except ValueError as error:
        raise _no_json(data.decode("utf-8-sig"), error, large) from None


def _no_text(data: bytes, place: int) -> Unreadable:
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


def _no_json(text: str, error: ValueError, large: bool) -> Unreadable:
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


def _raw_cells(notebook: Any) -> list[Any]:
    """The cells of all kinds, checked only as far as they are used."""
    if not isinstance(notebook, dict):
        raise bad("it has no cells", "其中没有单元格")
    version = notebook.get("nbformat", 1)
    if type(version) is not int or version not in _SOURCE_KEYS:
        plain = isinstance(version, int | float | str)
        what = shown(repr(version), 30) if plain else f"({type(version).__name__})"
        raise bad(f"its format {what} is unknown", f"格式版本 {what} 未知")
    if version in (2, 3):
        sheets = notebook.get("worksheets")
        if not isinstance(sheets, list) or not all(isinstance(s, dict) for s in sheets):
            raise bad("it has no worksheets", "其中没有 worksheets")
        lists = [sheet.get("cells", []) for sheet in sheets]
    else:
        lists = [notebook.get("cells")]
    if not all(isinstance(cells, list) for cells in lists):
        raise bad("it has no list of cells", "其中没有单元格列表")
    return [cell for cells in lists for cell in cells]


def _language(notebook: dict[str, Any]) -> str:
    metadata = notebook.get("metadata")
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        name = _text(metadata, part, key)
        if name:
            return name
    kernel = re.match(r"[a-z]*", _text(metadata, "kernelspec", "name").lower())
    return _OTHER_KERNELS.get(kernel[0] if kernel else "", "python")


def _text(metadata: Any, part: str, key: str) -> str:
    """`metadata[part][key]` if there is such a text, else ""."""
    info = metadata.get(part) if isinstance(metadata, dict) else None
    text = info.get(key) if isinstance(info, dict) else None
    return text if isinstance(text, str) else ""


def _cell(cell: dict[str, Any], key: str, number: int) -> Cell:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    known = [tag.lower() for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    language = _text(metadata, "vscode", "languageId")  # VS Code lets single cells be SQL or shell
    return Cell(
        number,
        # What has lost its `nbformat` still has its cells: under another version's name.
        _source(cell.get(key, cell.get("source", "")), number),
        frozenset(known[:_MAX_TAGS]),
        "" if language.lower() in ("python", "ipython") else language,
    )


def _source(source: Any, number: int) -> str:
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise bad(f"cell {number} has no text", f"第 {number} 个单元格没有文本")
    return source.replace("\r\n", "\n").replace("\r", "\n")
