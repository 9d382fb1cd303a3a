"""Reads the notebook of a source assignment; bounds everything before it is looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import nbformat

from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.migration.values import Cell, Kind

MAX_BYTES = 20 * 2**20
MAX_CELLS = 2_000
MAX_SOURCE_CHARS = 2 * 2**20
"""All cells together."""
_PYTHON = ("python", "ipython", "xpython")
_LANGUAGES = (("kernelspec", "language"), ("language_info", "name"), ("kernelspec", "name"))


def read_notebook(file: Path) -> list[Cell]:
    """The cells of the Python notebook in `file`.

    Raises:
        UsageError: no such file, not a notebook, one for another language, or one too large.
    """
    if file.suffix.lower() in (".rmd", ".py", ".qmd", ".r"):
        raise _wrong(file, "only notebooks are read; convert it, e.g. with jupytext --to ipynb")
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise _wrong(file, f"can't be read ({error.strerror}); name a notebook") from None
    if len(data) > MAX_BYTES:
        raise _wrong(file, f"larger than {MAX_BYTES >> 20} MiB; clear its outputs and save it")
    try:
        notebook = _parse(data)
    except (RecursionError, MemoryError):
        raise _wrong(file, "its data is nested absurdly deep; no notebook is") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        why = defuse_line(str(error), max_chars=120)
        raise _wrong(file, f"not a notebook ({why}); save it anew in Jupyter") from None
    language = _language(notebook)
    if not language.startswith(_PYTHON):
        shown = defuse_line(language, max_chars=30)
        raise _wrong(file, f"its kernel is for {shown}; only Python can be graded here")
    cells = [_cell(file, number, raw) for number, raw in enumerate(notebook["cells"], 1)]
    if sum(len(cell.source) for cell in cells) > MAX_SOURCE_CHARS:
        raise _wrong(file, "its cells have more than 2 MiB of text; leave data out of them")
    return cells


def _parse(data: bytes) -> Mapping[str, Any]:
    """A notebook of format 4; raises ValueError and its kin."""
    raw = json.loads(data.decode("utf-8-sig"))
    if not isinstance(raw, dict) or type(raw.get("nbformat")) is not int:
        raise ValueError("it has no nbformat")
    if raw["nbformat"] not in (3, 4):
        raise ValueError(f"nbformat {raw['nbformat']} is unknown")
    if raw["nbformat"] == 3:
        # Validation would refuse what Jupyter opens, and costs minutes on a hostile notebook.
        old = nbformat.from_dict(raw)  # type: ignore[no-untyped-call]
        raw = nbformat.v4.upgrade(old, 3, 0)  # type: ignore[no-untyped-call]
    cells = raw.get("cells")
    if not isinstance(cells, list):
        raise ValueError("it has no list of cells")
    if len(cells) > MAX_CELLS:
        raise ValueError(f"it has more than {MAX_CELLS} cells")
    return cast("Mapping[str, Any]", raw)


def _language(notebook: Mapping[str, Any]) -> str:
    metadata = notebook.get("metadata")
    for part, key in (
        ("kernelspec", "language"),
        ("language_info", "name"),
        ("kernelspec", "name"),
    ):
        info = metadata.get(part) if isinstance(metadata, dict) else None
        name = info.get(key) if isinstance(info, dict) else None
        if isinstance(name, str) and name:
            return name.lower()
    return "python"


def _cell(file: Path, number: int, raw: Any) -> Cell:
    kind = raw.get("cell_type") if isinstance(raw, dict) else None
    if kind not in ("code", "markdown", "raw"):
        raise _wrong(file, f"cell {number}: no kind of cell that is known; save it anew in Jupyter")
    text = _joined(raw.get("source"))
    if text is None:
        raise _wrong(file, f"cell {number}: it has no text; save it anew in Jupyter")
    metadata = raw.get("metadata")
    return Cell(
        number,
        cast("Kind", kind),
        text.replace("\r\n", "\n").replace("\r", "\n"),
        metadata if isinstance(metadata, dict) else {},
        _output(raw.get("outputs")),
        bool(raw.get("attachments")),
    )


def _joined(text: Any) -> str | None:
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        return "".join(text)
    return text if isinstance(text, str) else None


def _output(outputs: Any) -> str:
    """The text that an outputs list shows."""
    shown = []
    for output in outputs if isinstance(outputs, list) else []:
        if not isinstance(output, dict):
            continue
        data = output.get("data")
        plain = data.get("text/plain") if isinstance(data, dict) else None
        shown += [_joined(output.get("text")) or "", _joined(plain) or ""]
    return "".join(shown)


def _wrong(file: Path, what: str) -> UsageError:
    return UsageError(f"{defuse_line(str(file), max_chars=200)}: {what}")
