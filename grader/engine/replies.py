"""From a worker's reply, which may be forged, to a value or one of our own exceptions."""

from __future__ import annotations

import errno
from typing import Any

from grader.defuse import defuse
from grader.errors import (
    CheckFailed,
    Forbidden,
    Frame,
    ImportFailed,
    MissingSymbol,
    ShortcutUsed,
    StudentError,
)
from grader.text import Text
from grader.wire import Marked, Path, leaves

MAX_FRAMES = 12


def unwrap(reply: dict[str, Any], *, walled: bool) -> Any:
    """The reply's value.

    Args:
        walled: the worker sits behind the wall, so "operation not permitted" is the wall's doing.

    Raises:
        Forbidden: a tripwire, or something the wall stopped.
        MissingSymbol, ImportFailed, StudentError: what the reply tells.
        CheckFailed: an answer too large to send.
    """
    if any(isinstance(leaf, Path | Marked) for leaf in leaves(reply)):
        raise Forbidden(
            Text(
                "the program tampered with the grader's probes: it answered with a question",
                "程序篡改了评分探针：用提问代替了回答",
            )
        )
    for use in _list(reply.get("tripped")):
        match use:
            case [str(name), int(line)]:
                raise ShortcutUsed(defuse(name, max_chars=100), line)
    if reply.get("ok") is True:
        return reply.get("value")
    error = reply.get("error")
    kind = error.get("kind") if isinstance(error, dict) else None
    if not isinstance(error, dict) or not isinstance(kind, str):
        error, kind = {}, "raised"
    if kind == "missing":
        near = tuple(
            defuse(n, max_chars=60) for n in _list(error.get("near"))[:3] if isinstance(n, str)
        )
        raise MissingSymbol(defuse(_word(error.get("name")), max_chars=100), near)
    if kind == "too_large":
        raise too_large(_word(error.get("message")))
    type_name = defuse(_word(error.get("type", "Exception")), max_chars=100)
    message = defuse(_word(error.get("message", "")), max_chars=1500)
    number = error.get("errno")
    if walled and type(number) is int and number in (errno.EPERM, errno.EACCES):
        raise Forbidden(
            Text(
                f"the sandbox stopped the program ({type_name}: {message}): a submission may only"
                " use what it is given, no other files, no network, no other processes",
                f"沙箱阻止了程序的操作（{type_name}: {message}）：提交的代码只能使用给定的数据，"
                "不能访问其他文件、网络或其他进程",
            )
        )
    bases = tuple(
        defuse(b, max_chars=100) for b in _list(error.get("bases"))[:12] if isinstance(b, str)
    )
    raised = ImportFailed if kind == "import" else StudentError
    raise raised(type_name, message, _frames(error.get("frames")), bases)


def says_disk_full(reply: dict[str, Any]) -> bool:
    """Whether the reply tells of an exception for want of room, on disk or for another file."""
    error = reply.get("error")
    number = error.get("errno") if isinstance(error, dict) else None
    return type(number) is int and number in (errno.ENOSPC, errno.EDQUOT)


def says_device_full(reply: dict[str, Any]) -> bool:
    """Whether the reply tells that TensorFlow found no room in a device's memory."""
    error = reply.get("error")
    if not isinstance(error, dict) or error.get("type") != "ResourceExhaustedError":
        return False
    said = _word(error.get("message", ""))
    return "OOM when allocating" in said or "failed to allocate memory" in said


def too_large(problem: str) -> CheckFailed:
    """The error about an answer that doesn't fit a frame, `problem` saying why."""
    said = defuse(problem, max_chars=200)
    return CheckFailed(
        Text(f"the answer can't be examined: {said}", f"无法检查返回的结果：{said}"), {}
    )


def _frames(value: Any) -> tuple[Frame, ...]:
    frames = []
    for item in _list(value)[:MAX_FRAMES]:
        match item:
            case [int(line), str(function), str(code)]:
                frames.append(
                    Frame(line, defuse(function, max_chars=100), defuse(code, max_chars=200))
                )
    return tuple(frames)


def _word(value: Any) -> str:
    """A text; of anything else only its kind: an array of nine axes takes seconds to write out."""
    return value if type(value) is str else f"({type(value).__name__})"


def _list(value: Any) -> list[Any]:
    return value if type(value) is list else []
