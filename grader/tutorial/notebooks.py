"""Reads notebooks: code cells with the outputs saved in them, and the prose of the other cells."""

from __future__ import annotations

import json
import logging
import warnings
from typing import TYPE_CHECKING, Any

import nbformat

from grader.errors import UsageError
from grader.tutorial import content, control, markdown, positions
from grader.tutorial.labels import family
from grader.tutorial.source import read_text
from grader.tutorial.values import Control, Document, Prose

if TYPE_CHECKING:
    from pathlib import Path

_MEND = "open it in Jupyter and save it again"
_MOST_CELLS = 5_000


def read(path: Path, settings: control.Settings) -> Document:
    """The document in a notebook of format 3 or 4.

    Raises:
        UsageError: the file can't be read, isn't a notebook, or has an unknown tutorial tag.
    """
    text = read_text(path)
    if not text.strip():
        return Document(path, path.stem, text, (), ())
    raw = _parsed(path, text)
    cells = _cells(path, raw)
    places = _placed(raw, positions.cells(text))
    label = _language(raw)
    if family(label) != "python":
        raise UsageError(f"{path}: a notebook for {label!r}, not Python; only Python is checked")
    fragments: list[content.Fragment] = []
    prose: list[Prose] = []
    title = ""
    for number, cell in enumerate(cells, 1):
        source = _clean(cell.get("source", ""))
        place = places[number - 1] if number <= len(places) else positions.Place()
        lines = _lines(source, place)
        if cell.get("cell_type") == "markdown":
            heading = _read_prose(source, lines, len(fragments) - 1, prose)
            title = title or heading
        elif cell.get("cell_type") == "code" and source.strip():
            where = f"{path}: cell {number}"
            claimed, raises = _saved(cell)
            wish = control.merged(Control(raises=raises), control.from_tags(_tags(cell), where))
            fragments.append(
                content.Fragment(
                    text=source,
                    lines=lines,
                    language=_own_language(cell) or label,
                    control=settings.apply(wish),
                    cell=number,
                    claimed=claimed,
                    claimed_line=None if claimed is None else place.of_output(claimed),
                )
            )
    return Document(path, title or path.stem, text, content.assemble(fragments), tuple(prose))


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except (RecursionError, MemoryError):
        raise UsageError(f"{path}: not a notebook: nested absurdly deep; {_MEND}") from None
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{path}: line {error.lineno}: not a notebook, broken JSON ({error.msg}); {_MEND}"
        ) from None
    except ValueError as error:  # a number of too many digits
        raise UsageError(f"{path}: not a notebook: {error}; {_MEND}") from None
    if not isinstance(raw, dict) or not ("cells" in raw or "worksheets" in raw):
        raise UsageError(f"{path}: JSON, but not a notebook: it has no cells; name a notebook")
    return raw


def _cells(path: Path, raw: dict[str, Any]) -> list[Any]:
    """The cells as format 4 has them."""
    version = raw.get("nbformat")
    if type(version) is not int or version not in (3, 4):
        raise UsageError(f"{path}: notebook format {str(version)[:20]!r} isn't 3 or 4; {_MEND}")
    logger = logging.getLogger("traitlets")
    disabled, logger.disabled = logger.disabled, True  # it reports what is mended here
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            node = nbformat.reads(json.dumps(raw), as_version=4)  # type: ignore[no-untyped-call]
            cells: Any = node.cells
    except Exception as error:  # converting meets every shape that broken JSON can have
        raise UsageError(
            f"{path}: not a readable notebook ({type(error).__name__}: {str(error)[:80]}); {_MEND}"
        ) from None
    finally:
        logger.disabled = disabled
    sound = isinstance(cells, list) and all(
        isinstance(cell, dict) and isinstance(cell.get("source", ""), str) for cell in cells
    )
    if not sound:
        raise UsageError(f"{path}: not a readable notebook: a cell has no text; {_MEND}")
    if len(cells) > _MOST_CELLS:
        raise UsageError(f"{path}: more than {_MOST_CELLS} cells; split it")
    return list(cells)


def _placed(
    raw: dict[str, Any], places: dict[tuple[int, int], positions.Place]
) -> list[positions.Place]:
    """The places in the order in which the cells of all worksheets come."""
    sheets = raw.get("worksheets") if raw.get("nbformat") == 3 else [raw]
    return [
        places.get((number, index), positions.Place())
        for number, sheet in enumerate(sheets or [])
        for index in range(len(sheet["cells"] if isinstance(sheet.get("cells"), list) else []))
    ]


def _lines(source: str, place: positions.Place) -> tuple[int, ...]:
    """The file's line of each line of a cell; of its first alone where the two don't agree."""
    count = source.count("\n") + 1
    if len(place.lines) == count:
        return tuple(place.lines)
    return (place.lines[0] if place.lines else 1,) * count


def _clean(text: str) -> str:
    """Without halves of characters, which JSON can spell and nothing can encode."""
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return (
        joined.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    )


def _language(raw: dict[str, Any]) -> str:
    metadata = raw.get("metadata")
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        info = metadata.get(part) if isinstance(metadata, dict) else None
        name = info.get(key) if isinstance(info, dict) else None
        if isinstance(name, str) and name:
            return _clean(name)
    return "python"


def _own_language(cell: Any) -> str:
    """The language that VS Code notes for one cell."""
    own = (cell.get("metadata") or {}).get("vscode")
    name = own.get("languageId") if isinstance(own, dict) else None
    return _clean(name) if isinstance(name, str) else ""


def _tags(cell: Any) -> list[str]:
    tags = (cell.get("metadata") or {}).get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _saved(cell: Any) -> tuple[str | None, str | None]:
    """What the cell's saved outputs show, and the exception that ended it."""
    shown: list[str] = []
    result = raises = None
    for output in cell.get("outputs") or []:
        kind = output.get("output_type") if isinstance(output, dict) else None
        if kind == "stream" and output.get("name", "stdout") == "stdout":
            shown.append(_text(output.get("text")))
        elif kind == "execute_result":
            data = output.get("data")
            result = _text(data.get("text/plain")) if isinstance(data, dict) else None
        elif kind == "error":
            name = output.get("ename")
            raises = name.rpartition(".")[2] if isinstance(name, str) and name else "*"
    text = "".join(shown)
    if result:
        text += ("\n" if text and not text.endswith("\n") else "") + result
    text = text.strip("\n")
    return (_clean(text) if text.strip() else None), raises


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(part for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _read_prose(source: str, lines: tuple[int, ...], after: int, prose: list[Prose]) -> str:
    """Adds what a Markdown cell says, fences included; returns its first heading."""
    rows = source.split("\n")
    title = ""
    table = 0
    found = markdown.tokens(source)
    for position, token in enumerate(found):
        if token.type == "table_close":
            table -= 1
        if token.type == "heading_open" and not title:
            title = markdown.plain(found[position + 1])
        said = ("paragraph_open", "heading_open", "table_open", "fence", "code_block")
        if token.map is not None and token.type in said and not table:
            text = "\n".join(rows[token.map[0] : token.map[1]]).rstrip()
            prose.append(Prose(lines[token.map[0]], text, after))
        if token.type == "table_open":
            table += 1
    return title
