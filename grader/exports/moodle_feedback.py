"""Where Moodle looks for feedback files in a zip: “Upload multiple feedback files in a zip”.

A folder is named as in the download of all submissions, `Jane Doe_123_assignsubmission_file_/…`.
Of that name Moodle reads the second part, the participant's number (the same as in the grading
worksheet, also under blind marking), and the plugin, which must exist; the name is for people. What
lies in the folder becomes the student's feedback file under its own name, and takes the place of an
earlier one. Versions before 4.1 want the `_` at the end, later ones don't mind it.
(Source: Moodle's `assignfeedback_file_zip_importer`, mod/assign/feedback/file/importziplib.php.)
"""

from __future__ import annotations

import re
import unicodedata

from grader.exports.feedback import PAGE, Feedback, Place, addressed
from grader.exports.values import Left
from grader.results import Results

_NUMBER = re.compile(r"[0-9]{1,18}")
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f_/\\<>:\"|?*&`']+")
"""What separates the parts, what Moodle takes out of paths, and what no file system has."""
_LONGEST = 80


def plan(results: Results) -> Feedback:
    """The folder of each student; raises UsageError, one line, where nobody comes from Moodle."""
    known, left = addressed(results, "moodle", "Moodle")
    places = []
    for student, info in known.items():
        if _NUMBER.fullmatch(info.id):
            folder = f"{_name(student)}_{info.id}_assignsubmission_file_"
            places.append(Place(student, f"{folder}/{PAGE}"))
        else:
            left.append(Left(student, "has no participant’s number of Moodle’s"))
    return Feedback(tuple(places), tuple(left))


def _name(student: str) -> str:
    seen = "".join(c for c in unicodedata.normalize("NFC", student) if c.isprintable())
    # A name that begins with a dot is a hidden file's, and one that ends with it no Windows has.
    return _NOT_IN_NAMES.sub(" ", seen)[:_LONGEST].strip(" .~") or "Participant"
