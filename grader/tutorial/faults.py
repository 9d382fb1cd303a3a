"""Describes, in the kernel, what a cell raised: on which of its lines, and what wasn't there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_MOST = 20_000  # characters of one text that goes back
# Libraries that look for a file themselves and put its name into a text only.
_NO_FILE = re.compile(
    r"(?:File not found: filepath=|unable to open file: name = '|"
    r"No file or directory found at )(?P<file>[^\s',;]+)"
    r"|(?P<other>[^\s:;'\"]+)['\"]?; No such file or directory"
)
_NOT_FOUND = re.compile(r"(?P<file>[^\s:;'\"]{1,300}) not found\.?$")  # NumPy's
REFUSAL = "no network while a tutorial is checked"  # of `inside.NetworkRefused`
_MOST_LINKS = 100
_INSTALL = re.compile(r"pip3? install (?:-\S+ )*['\"]?(?P<package>[A-Za-z0-9_.-]+)")


def described(
    error: BaseException, names: Mapping[str, Any], refused: Sequence[str]
) -> dict[str, Any]:
    """The record of `error`.

    Args:
        names: the document's namespace, by which its code is told from a library's.
        refused: addresses that the cell wanted and didn't get.
    """
    try:
        message = str(error)
    except Exception as other:
        message = f"(its text can't be had: {type(other).__name__})"
    missing, kind = _missing(error, message, refused)
    return {
        "type": type(error).__name__,
        "message": message[:_MOST],
        "line": _failing_line(error, names),
        "bases": [cls.__name__ for cls in type(error).__mro__],
        "missing": missing[:500],
        "missing_kind": kind,
    }


def _failing_line(error: BaseException, names: Mapping[str, Any]) -> int:
    """The deepest line of the present cell on the way to the error; 1 where none is known."""
    if isinstance(error, SyntaxError) and error.lineno and error.__traceback__ is None:
        return error.lineno
    cell, line, frame = None, None, error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        if cell is None and frame.tb_frame.f_globals is names:
            cell = code.co_filename
        if code.co_filename == cell:
            line = frame.tb_lineno
        frame = frame.tb_next
    if line is None and isinstance(error, SyntaxError):
        line = error.lineno
    return line or 1


def _comes_of_a_refusal(error: BaseException) -> bool:
    """Whether a refused connection lies behind `error`; one that the cell got over does not."""
    pending: list[object] = [error]
    seen: set[int] = set()
    while pending and len(seen) < _MOST_LINKS:
        link = pending.pop()
        if not isinstance(link, BaseException) or id(link) in seen:
            continue
        if type(link).__name__ == "NetworkRefused":
            return True
        seen.add(id(link))
        # urllib keeps the reason in an attribute, others in their arguments.
        pending += [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]
    return False


def _missing(error: BaseException, message: str, refused: Sequence[str]) -> tuple[str, str]:
    if refused and (REFUSAL in message or _comes_of_a_refusal(error)):
        return refused[-1], "address"
    if isinstance(error, ModuleNotFoundError) and error.name:
        return error.name, "module"
    if isinstance(error, ImportError) and (found := _INSTALL.search(message)):
        return found["package"], "module"
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError) and error.name:
        return error.name, "name"
    if isinstance(error, FileNotFoundError) and error.filename:
        return str(error.filename), "file"
    if found := _NO_FILE.search(message):
        return (found["file"] or found["other"]).rstrip("."), "file"
    if isinstance(error, FileNotFoundError) and (found := _NOT_FOUND.search(message[:1000])):
        return found["file"], "file"
    return "", ""
