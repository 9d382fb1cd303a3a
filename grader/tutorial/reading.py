"""Reads a document of any kind that can be checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.tutorial import markdown, notebooks

if TYPE_CHECKING:
    from pathlib import Path

    from grader.tutorial.control import Settings
    from grader.tutorial.values import Document

MARKDOWN = frozenset({".md", ".markdown"})
NOTEBOOK = frozenset({".ipynb"})


def read_document(path: Path, settings: Settings) -> Document:
    """The document at `path`; an empty file is a document without blocks.

    Raises:
        UsageError: it can't be read as what its name says it is.
    """
    suffix = path.suffix.lower()
    if suffix in MARKDOWN:
        return markdown.read(path, settings)
    if suffix in NOTEBOOK:
        return notebooks.read(path, settings)
    if path.is_dir():
        raise UsageError(f"{path}: a directory; name the .md or .ipynb files in it")
    kind = f"{path.suffix!r} files aren't read" if path.suffix else "its name has no ending"
    raise UsageError(f"{path}: {kind}; name a .md, .markdown or .ipynb file")
