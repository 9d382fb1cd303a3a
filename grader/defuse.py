"""Makes text that came from a submission safe to show: in a terminal, in a page, in a log.

A student's message can carry ANSI escapes (which retitle or clear a teacher's terminal), carriage
returns and backspaces (which overwrite the line before), right-to-left overrides (which make a line
read backwards), towers of combining marks and megabytes of anything. HTML is not this module's job:
the templates escape.
"""

import re

MAX_CHARS = 4000
"""Characters kept of one piece of text unless the caller says otherwise."""

_ESCAPES = re.compile(
    # OSC, DCS …, up to their end or to the next ESC, which ends them too. Nothing here backtracks.
    r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*+(?:\x07|\x1b\\|\x9c)?"
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor moves
    r"|\x1b[ -/]*[0-~]?"  # everything else that an ESC opens
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Printable by Unicode's tables, and yet nothing is seen: fillers of Hangul and of old Khmer, the
# joiner of graphemes, variation selectors (all but the one that makes an emoji).
_BLANK = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\uffa0\ufe00-\ufe0e"
    "\U000e0100-\U000e01ef"
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 (not tab, newline) and C1 controls
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # bidi, fillers
    "\xad\u180e\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # hyphens and marks unseen
    "\U000e0000-\U000e007f"  # tags: text that no font shows
    f"{_BLANK}]"
)
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_TOWER = re.compile(f"([{_MARKS}]{{3}})[{_MARKS}]+")
_UNSEEN = re.compile(f"[{_MARKS}]{{4}}|[{_BLANK}]")
_FORMULA = tuple("=+-@＝＋－＠")


def defuse(text: str, *, max_chars: int = MAX_CHARS) -> str:
    """`text` without anything that acts on the reader's terminal or hides what it says.

    Newlines and tabs stay, every other line end becomes a newline, and what lies beyond `max_chars`
    is replaced by `… (+n)`, n being the number of characters left out. Defusing twice changes
    nothing more as long as the text was short enough.
    """
    if (
        len(text) <= max_chars
        and text.replace("\n", "").isprintable()
        and (text.isascii() or not _UNSEEN.search(text))
    ):
        return text  # nearly every text, and a report prints a million of them
    # A multiple of the cap is plenty to find it in, and bounds the work on a hostile megabyte.
    head = text[: 4 * max_chars]
    clean = _LINE_ENDS.sub("\n", _ESCAPES.sub("", head))
    clean = _TOWER.sub(r"\1", _INVISIBLE.sub("", clean))
    # Undecodable bytes of a file name arrive as lone surrogates, which no encoder accepts.
    clean = clean.encode("utf-8", "backslashreplace").decode("utf-8")
    left_out = max(0, len(clean) - max_chars) + len(text) - len(head)
    return f"{clean[:max_chars]}… (+{left_out})" if left_out else clean


def defuse_line(text: str, *, max_chars: int = 200) -> str:
    """The same on a single line, for names and for error messages: any white space is one space."""
    return " ".join(defuse(text, max_chars=max_chars).split())


def defuse_cell(text: str, *, max_chars: int = 200) -> str:
    """The same on a single line that no spreadsheet program takes for a formula.

    A cell that begins with `=`, `+`, `-` or `@`, or with one of them in full width, is run when a
    teacher opens the file: it can fetch an address with everybody's marks in it, and start programs
    (OWASP, "CSV Injection": https://owasp.org/www-community/attacks/CSV_Injection). An apostrophe
    before it makes it text. Tabs and carriage returns at the start, which hide such a sign, are
    gone from a single line. Quotes and separators are the business of the csv module.
    """
    line = defuse_line(text, max_chars=max_chars)
    return f"'{line}" if line.startswith(_FORMULA) else line
