"""What the label of a fence promises. It decides nothing alone: people copy labels along."""

from __future__ import annotations

from typing import Literal

Family = Literal["python", "none", "text", "data", "foreign"]
_PYTHON = frozenset(
    {
        *("python", "py", "python2", "python3", "py2", "py3", "ipython", "ipython2"),
        *("ipython3", "pycon", "python-repl", "pyrepl", "doctest", "jupyter-python"),
        *("jupyter", "sage"),
    }
)
_TEXT = frozenset(
    {
        *("text", "txt", "plain", "plaintext", "output", "out", "console", "none", "log"),
        *("stdout", "pytb", "result"),
    }
)
_DATA = frozenset(
    {
        *("json", "jsonc", "json5", "yaml", "yml", "toml", "ini", "cfg", "conf", "properties"),
        *("xml", "html", "svg", "css", "csv", "tsv", "diff", "patch", "markdown", "md", "rst"),
        *("latex", "tex", "math", "mermaid", "dot", "graphviz", "plantuml", "makefile"),
        *("dockerfile", "env"),
    }
)


def family(language: str) -> Family:
    """What a label promises."""
    word = language.lower()
    if word in _PYTHON:
        return "python"
    if not word:
        return "none"
    if word in _TEXT:
        return "text"
    return "data" if word in _DATA else "foreign"
