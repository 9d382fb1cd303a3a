"""Imports a submission from its real file and tells its lines in a traceback from all others.

AutoGraph needs the source of what it converts, so a module executed from a string would fail right
answers; it is imported as its exercise's id from a file of that name.
"""

from __future__ import annotations

import errno
import importlib.machinery
import importlib.util
import linecache
import os
import re
import sys
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NoReturn

MAX_MESSAGE = 1500
_AUTOGRAPH = "__autograph_generated_file"
_IN_USER_CODE = re.compile(r"in user code:\n\n(?:    .*\n)*\n?")
# "Graph execution error: Detected at node …" lists every frame that the node was made by.
_GRAPH_STACK = re.compile(
    r"Graph execution error:\n\nDetected at node .*\n(?:  File .*\n|    .*\n|[ \t]*\n)*"
    r"|\s*\[\[\{\{node [^\n]*|\{\{function_node [^}]*\}\} ?|\s*\[Op:\w+\](?: name:[^\n]*)?"
)
# Where this worker's files of a check lie, and a running number of tf.data's: neither says anything
# about the submission, and both differ from worker to worker.
_PASSING = re.compile(
    r"(?:/[^\s'\":;,()]*)?/files-[a-z0-9_]{8}(?:/|\b)|(?<=Dataset):\d+|(?<=V\d):\d+"
)
_GRAPH_FRAME = re.compile(r'  File "([^"\n]+)", line (\d+), in ([^\n]+)')
_NOT_FOUND = re.compile(r"(/[^;\n]*); No such file")
_KERAS_CALL = re.compile(
    r"Exception encountered when calling .*?\n\n(?:\x1b\[1m)?(.*?)(?:\x1b\[0m)?"
    r"\n\nArguments received",
    re.DOTALL,
)


class _AsItIsNow(importlib.machinery.SourceFileLoader):
    """Compiles what the file holds now.

    Python finds bytecode by whole seconds and the size: of two saves in one second it could run the
    first.
    """

    def path_stats(self, path: str) -> NoReturn:
        raise OSError(f"no bytecode is kept of {path}")


def import_module(file: Path) -> ModuleType:
    """The module in `file`, imported under its stem.

    Raises:
        whatever the module raises, `SystemExit` included.
    """
    name = file.stem
    loader = _AsItIsNow(name, str(file))
    spec = importlib.util.spec_from_file_location(name, file, loader=loader)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} can't be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def is_students(filename: str, module_file: str) -> bool:
    """Whether code compiled from `filename` is the student's, as written or as AutoGraph's copy."""
    return filename == module_file or _AUTOGRAPH in filename


def called_by_student(module_file: str, depth: int = 2) -> int | None:
    """The student's nearest line on the stack, at whatever distance; None when there is none.

    0 stands for a line of AutoGraph's copy of the student's code.
    """
    frame: FrameType | None = sys._getframe(depth)
    while frame is not None:
        filename = frame.f_code.co_filename
        if is_students(filename, module_file):
            return frame.f_lineno if filename == module_file else 0
        frame = frame.f_back
    return None


def made_by_student(module_file: str, library: str | tuple[str, ...], depth: int = 2) -> int | None:
    """Like `called_by_student`, but only frames of `library` (folders) may lie between."""
    frame: FrameType | None = sys._getframe(depth)
    while frame is not None and frame.f_code.co_filename.startswith(library):
        frame = frame.f_back
    if frame is None or not is_students(frame.f_code.co_filename, module_file):
        return None
    return frame.f_lineno if frame.f_code.co_filename == module_file else 0


def describe(error: BaseException, module_file: str) -> dict[str, Any]:
    """An exception as values that fit a frame: class, message, only the student's own lines."""
    frames = []
    metadata = getattr(error, "ag_error_metadata", None)
    stack = getattr(metadata, "translated_stack", None) or []
    for item in stack:
        if getattr(item, "filename", "") == module_file:
            frames.append(_frame(module_file, int(item.lineno), str(item.function_name)))
    if not frames:
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            if code.co_filename == module_file:
                frames.append(_frame(module_file, trace.tb_lineno, code.co_qualname))
            trace = trace.tb_next
        frames += [f for f in _graph_frames(error, module_file) if f not in frames]
    return {
        "type": _encodable(type(error).__name__[:100]),
        "bases": [_encodable(base.__name__[:100]) for base in type(error).__mro__[:12]],
        "message": _encodable(_message(error)),
        "frames": frames[-12:],
        "errno": _errno(error, module_file),
    }


def _encodable(text: str) -> str:
    """Lone surrogates, which a frame can't hold, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def _errno(error: BaseException, module_file: str) -> int | None:
    """The number of what went wrong with a file; also where TensorFlow gives only a sentence."""
    name = type(error).__name__
    if name == "PermissionDeniedError":
        return errno.EACCES
    if name == "ResourceExhaustedError" and "No space left" in _message(error):
        return errno.ENOSPC
    if _looked_outside(error, module_file):
        return errno.EACCES
    code = error.errno if isinstance(error, OSError) else None
    return code if type(code) is int and 0 <= code < 1 << 31 else None


def _looked_outside(error: BaseException, module_file: str) -> bool:
    """Whether a file wasn't found that lies outside what a submission is given.

    Behind the outer wall such files don't exist, without it they may not be opened: the student is
    told the same.
    """
    if type(error).__name__ == "NotFoundError":
        named = _NOT_FOUND.match(_message(error))
        path: object = named.group(1) if named else None
    else:
        path = error.filename if isinstance(error, FileNotFoundError) else None
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    if type(path) is not str:
        return False
    home = os.environ.get("HOME", "/")
    # Not `abspath`: the working directory may be gone.
    full = os.path.normpath(os.path.join(home, path))
    return not full.startswith((f"{home}/", f"{os.path.dirname(module_file)}/"))


def _graph_frames(error: BaseException, module_file: str) -> list[list[Any]]:
    """Where the node was made whose execution failed; the traceback ends at the call."""
    try:
        text = str(error)
    except BaseException:
        return []
    if not text.startswith("Graph execution error"):
        return []
    found = _GRAPH_FRAME.findall(text[: 10 * MAX_MESSAGE])
    return [_frame(file, int(line), name) for file, line, name in found if file == module_file]


def _frame(module_file: str, line: int, function: str) -> list[Any]:
    source = linecache.getline(module_file, line).strip()
    return [line, _encodable(function[:100]), _encodable(source[:200])]


def _message(error: BaseException) -> str:
    """The exception's own words, without what TensorFlow and Keras wrap around them."""
    try:
        metadata = getattr(error, "ag_error_metadata", None)
        text = str(getattr(metadata, "cause_message", "") or error)
        if isinstance(error, SyntaxError):
            text = f"{error.msg} (line {error.lineno})"
    except BaseException as other:  # a student's __str__ may raise anything
        return f"(its text can't be read: {type(other).__name__})"
    inner = _KERAS_CALL.search(text)
    if inner:
        text = inner.group(1)
    text = _PASSING.sub("", _GRAPH_STACK.sub("", _IN_USER_CODE.sub("", text))).strip()
    prefix = f"{type(error).__name__}: "
    text = text.removeprefix(prefix)
    return "" if text == type(error).__name__ else text[:MAX_MESSAGE]
