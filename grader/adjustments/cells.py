"""Cells of adjustments.csv: numbers as spreadsheets write them, texts that are no formula."""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(r"[-+−]?[0-9]{1,9}(?:[.,][0-9]{0,20})?")
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r]")
_DIGITS = 4
"""Decimals of points, as results.json has them."""
_MOST_NORMAL = 4096
"""Characters of a name that are put in order: no name is longer, and the work is quadratic."""


def number(cell: str, *, comma: bool) -> float | None:
    """The points that a cell says, None where it says none.

    Args:
        comma: whether a decimal comma is one; in a file whose cells are divided by commas, what
            stands behind it may as well be the thousands.
    """
    if not _NUMBER.fullmatch(cell) or ("," in cell and not comma):
        return None
    points = round(float(cell.replace(",", ".").replace("−", "-")), _DIGITS) + 0.0
    return points if abs(points) < 1e9 else None  # rounded to more digits than can be read again


def from_number(points: float, *, comma: bool) -> str:
    """The cell that says `points`, with as many decimals as there are."""
    text = f"{points:.{_DIGITS}f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


def from_text(text: str) -> str:
    """A cell that says `text`, and that no spreadsheet program runs as a formula.

    An apostrophe goes before what begins one, and before one that already stands there: so
    `to_text` gives back every text, whatever it begins with.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def to_text(cell: str) -> str:
    """The text that a cell says: the opposite of `from_text`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def key(name: str) -> str:
    """A name as it is compared: spreadsheets and file systems compose letters in their own ways."""
    name = name.strip()
    return unicodedata.normalize("NFC", name) if len(name) <= _MOST_NORMAL else name
