"""Whether the output that a document shows is the one that came, for a reader who knows TensorFlow.

Ids, addresses, spacing in arrays, spellings of floats, moved modules and progress bars are no
differences; a dtype, a shape, a quotation mark and a whole number are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from grader.text import Text
from grader.tutorial import normal, tokens
from grader.tutorial.tokens import Laid, Token
from grader.tutorial.values import Closeness

_METRIC = re.compile(
    r"(?<![A-Za-z])(?:\w{0,40}_)?(?:loss|losses|acc|accuracy|mae|mse|rmse|auc|precision|recall"
    r"|f1|iou|lr|error|score|r2|perplexity)(?![A-Za-z])"
    r"|损失|准确率|精度|误差|得分|召回率",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"\b(?:time|took|elapsed|loops?|seconds?|secs?|minutes?)\b|\d ?(?:s|ms|us|µs|μs|ns|秒|毫秒)\b"
    r"|耗时|用时|\d ?秒",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\bversion\b|__version__|版本", re.IGNORECASE)

_TRACEBACK = re.compile(r"Traceback\b")
_ERROR = re.compile(
    r"(?<![\w.])((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:Error|Exception|Interrupt|Exit|Iteration|Warning)"
    r"|Exception)(?![\w.](?!\.\.))"
)
_ELIDED = re.compile(r"\[\.\.\.\]|\[…+\]|\.{3,}|…+")
_WIDTH = 60

_EXACT = Text("What the document shows is what came.", "文档所示与实际输出一致。")
_EQUIVALENT = Text(
    "The same but for spacing, ids, or how a version writes numbers and names.",
    "除空白、编号，以及各版本对数字和名称的写法外，与实际输出相同。",
)
_REORDERED = Text("The same things came in another order.", "内容相同，只是顺序不同。")


def compare(claimed: str, got: str, random: bool = False) -> tuple[Closeness, Text]:
    """How close the output shown is to the one that came, and the first thing in which they differ.

    Args:
        claimed: as the document shows it; `[...]`, `...` and `…` in it match anything.
        got: what came, with the terminal's control characters if need be.
        random: the code draws random numbers or trains, so that any number in its output may be
            another at the next run.
    """
    if normal.trimmed(claimed) == normal.trimmed(got):
        return "exact", _EXACT
    shown_text, came_text = normal.readable(claimed), normal.readable(got)
    if normal.wraps(shown_text) != normal.wraps(came_text):
        shown_text = normal.without_numpy_wrappers(shown_text)
        came_text = normal.without_numpy_wrappers(came_text)
    shown = tokens.cut(shown_text, elisions=True)
    came = tokens.cut(came_text, elisions=False)
    lines = shown_text.split("\n"), came_text.split("\n")
    laid = tokens.lay(shown, came)
    if not laid.parted:
        return _judged(laid, shown, lines, random)
    if _reordered(shown, came, random):
        return "drift", _REORDERED
    return "wrong", _told(laid.shown, laid.came, *lines)


def _judged(
    laid: Laid, shown: Sequence[Token], lines: tuple[list[str], list[str]], random: bool
) -> tuple[Closeness, Text]:
    """The verdict on outputs of the same shape: line breaks and numbers decide."""
    drift: Text | None = None
    fixed = _shapes(shown)
    told: dict[int, tuple[bool, bool]] = {}
    after_elision = {id(token) for before, token in pairwise(shown) if before.kind == "elision"}
    for one, other in laid.pairs:
        free = one.inside or other.inside or id(one) in after_elision
        if one.breaks != other.breaks and not free:
            return "wrong", _told(one, other, *lines, broken=True)
        begun = one.glued and (other.text.startswith(one.text) or other.key.startswith(one.key))
        if one.key == other.key or begun:
            continue
        numbers = one.kind == other.kind == "number"
        if numbers and tokens.same_number(one.text, other.text):
            continue
        if numbers and one.line not in told:  # Once a line: one may hold ten thousand numbers.
            told[one.line] = _tells(lines[0][one.line])
        moves = one.kind == other.kind == "version" or (
            numbers and id(one) not in fixed and (random or _moves(one, other, *told[one.line]))
        )
        if not moves:
            return "wrong", _told(one, other, *lines)
        drift = drift or _told(one, other, *lines)
    return ("drift", drift) if drift else ("equivalent", _EQUIVALENT)


def _tells(line: str) -> tuple[bool, bool]:
    """Whether a line tells a time or a version; whether it tells a metric."""
    return bool(_DURATION.search(line) or _VERSION.search(line)), bool(_METRIC.search(line))


def _moves(one: Token, other: Token, timed: bool, measured: bool) -> bool:
    """Whether a number on such a line is another at every run or version."""
    return timed or (measured and not (tokens.whole(one) and tokens.whole(other)))


def _shapes(shown: Sequence[Token]) -> set[int]:
    """The numbers of shapes, which no randomness changes."""
    found: set[int] = set()
    for index, token in enumerate(shown):
        if token.key in ("shape", "TensorShape"):
            for inner in shown[index + 1 : index + 24]:
                if inner.text in (")", "]", ">"):
                    break
                if inner.kind == "number":
                    found.add(id(inner))
    return found


def _reordered(shown: Sequence[Token], came: Sequence[Token], random: bool) -> bool:
    """Whether the same things came in another order, where a set, a dict or chance set it."""
    if len(shown) != len(came) or not (random or any(token.text == "{" for token in shown)):
        return False
    return Counter(token.key for token in shown) == Counter(token.key for token in came)


def _told(
    one: Token | None,
    other: Token | None,
    shown: Sequence[str],
    came: Sequence[str],
    broken: bool = False,
) -> Text:
    """In one line, where the shown output and the one that came part."""
    if one is None and other is None:
        return Text("Nothing is left to compare.", "没有可比较的内容。")
    if one is None:
        assert other is not None
        line = _short(came[other.line], other.text)
        return Text(f"`{line}` came, which isn't shown.", f"实际还输出了 `{line}`，文档中没有。")
    line = _short(shown[one.line], one.text)
    if other is None:
        return Text(f"`{line}` is shown, but didn't come.", f"文档中有 `{line}`，实际没有输出。")
    real = _short(came[other.line], other.text)
    if broken:
        return Text(
            f"Lines break elsewhere: at `{line}` shown, at `{real}` in what came.",
            f"换行的位置不同：文档为 `{line}`，实际为 `{real}`。",
        )
    if line == one.text and real == other.text:
        return Text(f"`{line}` is shown, `{real}` came.", f"文档为 `{line}`，实际为 `{real}`。")
    a, b = one.text[:_WIDTH], other.text[:_WIDTH]
    return Text(
        f"`{a}` is shown, `{b}` came: `{line}` against `{real}`.",
        f"文档为 `{a}`，实际为 `{b}`：`{line}` 对 `{real}`。",
    )


def _short(line: str, around: str) -> str:
    """The line, or the part of it about `around`."""
    line = " ".join(line.split())
    if len(line) <= _WIDTH:
        return line
    start = max(line.find(around[:_WIDTH]) - _WIDTH // 3, 0)
    part = line[start : start + _WIDTH]
    return f"{'…' if start else ''}{part}{'…' if start + _WIDTH < len(line) else ''}"


def compare_error(claimed: str, kind: str, message: str) -> tuple[Closeness, Text] | None:
    """How close the exception that a document shows is to the one that came.

    Args:
        claimed: what the document shows: a traceback, whole or elided, or its last line alone.
        kind: the class of the exception that came.
        message: its text.

    Returns:
        `drift` for the same class with other words, as another version says it; None where the
        document shows no exception.
    """
    found = claimed_error(claimed)
    if found is None:
        return None
    name, words = found
    came = kind.rsplit(".", 1)[-1]
    if name and name != came:
        return "wrong", Text(
            f"`{name}` is shown, `{_short(came, came)}` was raised.",
            f"文档为 `{name}`，实际抛出 `{_short(came, came)}`。",
        )
    bare = words is None or not _ELIDED.sub("", words).strip()
    if bare:
        return "equivalent", Text(
            f"`{_short(came, came)}` was raised, as shown.",
            f"如文档所示，抛出了 `{_short(came, came)}`。",
        )
    assert words is not None
    closeness, why = compare(words, message)
    return ("drift" if closeness == "wrong" else closeness), why


def claimed_error(claimed: str) -> tuple[str, str | None] | None:
    """Class ("" where it is left out) and words of the exception that a document shows.

    None where it shows none: without `Traceback`, the class must begin a line, and be alone on it
    or before a colon or an elision.
    """
    text = normal.trimmed(normal.screen(claimed))
    traced = _TRACEBACK.search(text)
    # In a traceback the class is on the last line that isn't indented and has one.
    last: re.Match[str] | None = None
    for match in _ERROR.finditer(text, traced.end() if traced else 0):
        rest = text[match.end() : match.end() + 5]
        begins = match.start() == 0 or text[match.start() - 1] == "\n"
        follows = not rest.strip() or rest[0] in ":\n" or bool(_ELIDED.match(rest))
        elided = traced and bool(_ELIDED.match(text[max(match.start() - 5, 0) : match.start()]))
        if follows and (begins or elided or (traced and last is None)):
            last = match
            if not traced or elided:
                break
    if last is None:
        return ("", None) if traced else None
    words = text[last.end() :]
    if words.startswith(":"):
        words = words[1:].lstrip(" ")
    return last[1].rsplit(".", 1)[-1], words or None
