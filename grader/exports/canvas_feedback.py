"""How Canvas tells whose the files in a zip are: “Upload Submissions” of an assignment.

A name is `{name}_{user}_{attachment}_{file}`, or `anon_{id}_{attachment}_{file}`, as in the
download of all submissions. Canvas takes the first two parts that are only digits for the user and
the attachment, and the attachment must be one of that user's submission. So a page can only be
given back beside a file that was handed in, and the numbers come out of the download itself. Each
file becomes an attachment of a comment, “See attached file”.

Canvas shows and downloads it under the name of the file that was handed in, whatever the zip calls
it: a student who handed in `huber.py` gets a `huber.py` that is a web page. The page's first line
tells so. (Sources: Canvas's `AbstractAssignment#infer_comment_context_from_filename` and
`ContentZipper`; https://github.com/instructure/canvas-lms/issues/2406.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from grader.defuse import defuse_line
from grader.errors import UsageError
from grader.exports.feedback import PAGE, Feedback, Place, addressed
from grader.exports.values import Left
from grader.lms import opened
from grader.lms.canvas import Parsed, parse
from grader.lms.values import HandIn
from grader.results import Results
from grader.text import Text

HEAD = Text(
    "This is a web page: save it under a name that ends in .html, and open it in a browser.",
    "这是一个网页：请另存为以 .html 结尾的文件，再用浏览器打开。",
)
_NAMED_AFTER = (
    "Canvas gives each page the name of the file handed in (square.py): tell students to save it "
    "as a file that ends in .html"
)
_NOT_IN_NAMES = re.compile(r"[\W_]+")
_LONGEST = 80


def plan(results: Results, download: Path, lang: str) -> Feedback:
    """The name of each student's page, after those in `download`, a zip or the folder of one.

    Raises UsageError, one line, where nobody comes from Canvas, or the download isn't Canvas's.
    """
    known, left = addressed(results, "canvas", "Canvas")
    with opened(download) as found:
        if found.layout != "canvas":
            raise UsageError(
                f"{defuse_line(str(download))}: isn’t a download of Canvas: give the zip that "
                "“Download Submissions” made of this assignment"
            )
        there = {hand_in.person.id: _attached(hand_in) for hand_in in found.hand_ins}
    files: dict[str, list[str]] = {}
    for row in results.results:
        files.setdefault(row.student, []).append(row.file)
    places = []
    for student, info in known.items():
        attached = there.get(info.id)
        if attached is None:
            left.append(Left(student, f"user {info.id} isn’t in that download"))
        elif not attached:
            why = "handed in no file but a text, and Canvas takes feedback only beside a file"
            left.append(Left(student, why))
        elif (one := _graded(attached, files[student])) is None:
            left.append(Left(student, "the file that was graded isn’t in that download"))
        else:
            head = f"<!-- {HEAD.in_(lang)} -->\n"
            places.append(Place(student, _named(one), head))
    return Feedback(tuple(places), tuple(left), (_NAMED_AFTER,))


def _attached(hand_in: HandIn) -> list[Parsed]:
    """The names of a student's files, of the last hand-in first."""
    owned = hand_in.owned
    found = []
    for version in (owned, *reversed(owned.earlier)) if owned else ():
        for entry in version.entries:
            for part in entry.place.split("/"):
                parsed = parse(part)
                if parsed and parsed.attachment and parsed.user == hand_in.person.id:
                    found.append(parsed)
                    break
    return found


def _graded(attached: Sequence[Parsed], files: Sequence[str]) -> Parsed | None:
    """The file that was graded, or a zip that it may have lain in; any where that isn't told."""
    names = {file for file in files if file}
    same = [one for one in attached if one.file in names]
    zips = [one for one in attached if one.file.lower().endswith(".zip")]
    return next(iter(same or zips or (() if names else attached)), None)


def _named(parsed: Parsed) -> str:
    """A name in which Canvas finds the two numbers first: no others stand before them."""
    if parsed.anonymous:
        return f"anon_{parsed.user}_{parsed.attachment}_{PAGE}"
    name = _NOT_IN_NAMES.sub("", parsed.name)[:_LONGEST]
    if not name or name.isdecimal() or name == "anon":
        name = "student"
    return f"{name}_{parsed.user}_{parsed.attachment}_{PAGE}"
