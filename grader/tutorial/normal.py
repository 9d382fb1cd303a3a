"""What a reader sees of an output: as a terminal shows it, without what differs at every run.

Everything here is done to the output that a document shows and to the one that came alike. No
pattern backtracks over more than a run of digits or of one bar.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>])")
# Keras 3 ends a finished bar's line, steps back over it and draws it once more.
_DRAWN_AGAIN = re.compile(r"\n\x08+\r")
_ERASE_LINE = re.compile(r"\x1b\[[012]?K")

# TensorFlow's logs, absl's, Python's warnings and what a download or tqdm draws.
_LOG = re.compile(
    r"\s*(?:WARNING:(?:tensorflow|absl)|WARNING: All log messages before absl::"
    r"|(?:INFO|ERROR):(?:tensorflow|absl):|[IWEF]\d{4} \d\d:\d\d:\d\d|[IWEF]0000 00:00:"
    r"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d+: ?[IWEF] |To enable the following instructions:"
    r"|Downloading data from |Skipping registering GPU devices)"
)
_WARNING = re.compile(r"\s*(?:\S+:\d+: )?[A-Z]\w*Warning: ")
_TQDM = re.compile(r"\d%\|[^|]*\|\s*\d|\b\d+it \[\d\d:\d\d")

# `[====>...]` of Keras 2, `━━━━` of Keras 3; `[...]` is an author's elision.
_BAR = re.compile(r"\[(?=\.*[=>]|\.{4})[=>.]{2,}\]|[━╸╺]{2,}")
_COUNT = re.compile(r"(?<![\w./])(\d+)/(\d+|Unknown)(?![\w./])")
_ETA = re.compile(r"\bETA: ?[\d:]+(?:\.\d+)?s?")
# Not `2s` alone within words or numbers: what's left of a progress line is names and numbers.
_TIMING = re.compile(
    r"(?<![\w.])\d+(?:\.\d+)?(?:s|ms|us|µs|μs|m|h)?/(?:step|epoch|sample|batch)\b"
    r"|(?<![\w.])\d+(?:ms|us|µs|μs|s)(?![\w.])"
)
_TIMING_LINE = re.compile(r"\s*(?:- )?\d+s(?: \d+(?:ms|us|s)/(?:step|epoch|sample))?(?= - |\s*$)")
_ITEM = re.compile(r"[^\W\d][\w ]*: ?\S+$")

_ADDRESS = re.compile(
    r"\b0x(?:[0-9a-fA-F]*(?:\[?\.\.\.\]?|…)|[0-9a-fA-F]{8,})|(?<= at )0x[0-9a-fA-F]+"
)
_TENSOR_ID = re.compile(r"(?<=Tensor: )id=\d+, *|(?<=Tensor )id=\d+, *")
_ID = re.compile(r"\bid=\d+")
_DTYPE = re.compile(r"<dtype: '(\w+)'>")
_NUMPY_NUMBER = re.compile(
    r"\b(?:np|numpy)\.(?:float|int|uint|complex|longlong|bool)(?:\d+|_)?\(([^()\n]*)\)"
)
_NUMPY_TRUTH = re.compile(r"\b(?:np|numpy)\.(True|False)_")
_NUMPY_TEXT = re.compile(r"\b(?:np|numpy)\.(?:str_|bytes_)\((b?'[^'\n]*'|b?\"[^\"\n]*\")\)")
_KERAS_TENSOR = re.compile(r"<KerasTensor\b([^<>\n]*)>")
_SHAPE = re.compile(r"\bshape=(\([^()\n]*\))")
_DTYPE_IS = re.compile(r"\bdtype=(\w+)")

_BOX = re.compile(r"[─-╿]")
_RULE = re.compile(r"\s*(?:_{20,}|={20,}|-{20,})\s*$")
_SIZE = re.compile(r" \(\d[\d.]* (?:Byte|[KMG]?B)\)")
_LAYER = re.compile(r"\b([a-z][a-z0-9_]{0,80}) ?\(([A-Z][A-Za-z0-9]{0,80})\)")
_MODEL = re.compile(r'^(Model: "[a-z_]{1,80}?)_\d+"')


def screen(text: str) -> str:
    """What a terminal shows of `text`: carriage returns, backspaces and colours applied."""
    if not any(mark in text for mark in "\r\b\x1b\x07"):
        return text
    text = _DRAWN_AGAIN.sub("\r\x1b[K", text.replace("\r\n", "\n").replace("\x07", ""))
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    # Notebooks clear a line like this, and what comes after it is what stays.
    line = _ESCAPE.sub("", _ERASE_LINE.sub("\x00", line))
    if not any(mark in line for mark in "\r\b\x00"):
        return line
    cells: list[str] = []
    at = 0
    for part in re.split(r"([\r\b\x00])", line):
        if part == "\r":
            at = 0
        elif part == "\b":
            at = max(at - 1, 0)
        elif part == "\x00":
            del cells[at:]
        elif part:
            cells[at : at + len(part)] = part
            at += len(part)
    return "".join(cells)


def trimmed(text: str) -> str:
    """Without blanks at the ends of lines and blank lines at the ends of the text."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def readable(text: str) -> str:
    """The text without logs, progress bars and timings, ids and addresses, versions' spellings."""
    lines = _without_logs(trimmed(screen(text.expandtabs())).split("\n"))
    if any("Param #" in line for line in lines):
        lines = [_summary(line) for line in lines if not _RULE.match(line)]
    lines = _without_progress(lines)
    return "\n".join(_plain(line) for line in lines)


def without_numpy_wrappers(text: str) -> str:
    """`np.float32(1.0)`, as NumPy 2 shows it, the way NumPy 1 did: `1.0`."""
    text = _NUMPY_NUMBER.sub(r"\1", text)
    return _NUMPY_TEXT.sub(r"\1", _NUMPY_TRUTH.sub(r"\1", text))


def wraps(text: str) -> bool:
    """Whether NumPy's scalars are shown with their types in `text`."""
    return any(form.search(text) for form in (_NUMPY_NUMBER, _NUMPY_TRUTH, _NUMPY_TEXT))


def _without_logs(lines: list[str]) -> list[str]:
    kept = []
    warned = False
    for line in lines:
        if _LOG.match(line) or _TQDM.search(line):
            warned = False
        elif _WARNING.match(line):
            warned = True
        elif warned and line.startswith("  "):  # Python quotes the line that warned.
            warned = False
        else:
            warned = False
            kept.append(line)
    return kept


def _without_progress(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for index, line in enumerate(lines):
        if _BAR.search(line):
            count = _COUNT.search(line)
            following = lines[index + 1] if index + 1 < len(lines) else ""
            unfinished = "ETA" in line or (count and count[1] != count[2])
            if unfinished and _BAR.search(following):
                continue
            line = _metrics(_TIMING.sub("", _ETA.sub("", _COUNT.sub("", _BAR.sub("", line)))))
            if not line:
                continue
        elif _TIMING_LINE.match(line) and " - " in line:  # verbose=2: `363/363 - 1s - loss: …`
            line = _metrics(_TIMING_LINE.sub("", line))
        elif (count := _COUNT.match(line)) and _TIMING.search(line) and " - " in line:
            line = _metrics(_TIMING.sub("", line[count.end() :]))
            if not line:
                continue
        kept.append(line)
    return kept


def _metrics(rest: str) -> str:
    """What a progress line says of losses and metrics, in an order of its own.

    Keras 2 shows them as they were declared, Keras 3 by name.
    """
    items = [item.strip() for item in re.split(r"(?:^|(?<=\s))-(?=\s|$)", rest)]
    items = [item for item in items if item]
    if all(_ITEM.match(item) for item in items):
        items.sort()
    return " - ".join(items)


def _summary(line: str) -> str:
    """A line of `model.summary()` without the frame, sizes and counters that versions add."""
    line = _SIZE.sub("", _BOX.sub(" ", line))
    return _MODEL.sub(r'\1"', _LAYER.sub(_uncounted, line))


def _uncounted(match: re.Match[str]) -> str:
    name, kind = match[1], match[2]
    base = name.rstrip("0123456789").removesuffix("_")
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", kind).lower()
    return f"{base if base == snake else name} ({kind})"


def _plain(line: str) -> str:
    line = _ADDRESS.sub("0x_", line)
    line = _ID.sub("id=_", _TENSOR_ID.sub("", line))
    line = _DTYPE.sub(r"tf.\1", line)
    return _KERAS_TENSOR.sub(_symbolic, line)


def _symbolic(match: re.Match[str]) -> str:
    shape, dtype = _SHAPE.search(match[1]), _DTYPE_IS.search(match[1])
    if not shape:
        return match[0]
    return f"<KerasTensor shape={shape[1]} dtype={dtype[1] if dtype else '_'}>"
