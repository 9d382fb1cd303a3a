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

from grader.submissions.model import Unreadable, shown
from grader.submissions.no_notebook import CLEAR, LESS, bad, no_json, no_text
from grader.submissions.outputs import TooMany, TooMuch, without_outputs
from grader.text import Text

MAX_NOTEBOOK_BYTES = 256 * 2**20
MAX_PARSED_BYTES = 5 * 2**20
"""What is left of it without outputs and attachments."""
MAX_CELLS = 2_000
MAX_CODE_CHARS = 400 * 2**10
"""All code cells together: what is parsed as Python."""
_SOURCE_KEYS = {4: "source", 3: "input", 2: "input", 1: "code"}
_MAX_TAGS = 50
TEXT = "text"
"""The language of a text cell that looks like code: one key in Jupyter makes it one by mistake."""
_CODE = re.compile(r"^(?:def|class) \w[^\n]*:[ \t]*(?:#.*)?$", re.MULTILINE)
# Kernels that needn't say their language; other names are Python's environments, as a rule.
_OTHER_KERNELS = {"ir": "R", "julia": "Julia", "octave": "Octave", "xcpp": "C++", "bash": "Bash"}


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
    """The code cells of a notebook in any format from 1 to 4; raises Unreadable.

    Text cells in which there is code, not quoted as an example, come along with that language.
    """
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
        raise bad(f"it has more than {MAX_CELLS} cells", f"单元格超过 {MAX_CELLS} 个", LESS)
    key = _SOURCE_KEYS[notebook.get("nbformat", 1)]
    found = []
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
            raise bad(f"cell {number} has no type", f"第 {number} 个单元格没有类型")
        if cell["cell_type"] == "code":
            found.append(_cell(cell, key, number))
        elif (text := _code_in_text(cell)) is not None:
            found.append(Cell(number, text, language=TEXT))
    if sum(len(cell.source) for cell in found if cell.language != TEXT) > MAX_CODE_CHARS:
        raise bad("it has more than 400 KiB of code", "代码超过 400 KiB", LESS)
    return found


def _parsed(data: bytes) -> Any:
    """The notebook's JSON; raises Unreadable."""
    large = len(data) > MAX_PARSED_BYTES
    try:
        data = without_outputs(data, MAX_PARSED_BYTES) if large else data
        return json.loads(data.decode("utf-8-sig"))
    except TooMany:
        raise bad("its outputs have far too many parts", "输出的内容过多", CLEAR) from None
    except TooMuch:
        limit = MAX_PARSED_BYTES >> 20
        raise bad(
            f"it has more than {limit} MiB even without its outputs",
            f"不计输出也超过 {limit} MiB",
            LESS,
        ) from None
    except UnicodeDecodeError as error:
        raise no_text(data, error.start) from None
    except (RecursionError, MemoryError):
        raise bad("its data is nested absurdly deep", "数据嵌套过深") from None
    except ValueError as error:
        raise no_json(data.decode("utf-8-sig"), error, large) from None


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


def _code_in_text(cell: dict[str, Any]) -> str | None:
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or "```" in source or not _CODE.search(source):
        return None
    return source.replace("\r\n", "\n").replace("\r", "\n")


def _source(source: Any, number: int) -> str:
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise bad(f"cell {number} has no text", f"第 {number} 个单元格没有文本")
    return source.replace("\r\n", "\n").replace("\r", "\n")
