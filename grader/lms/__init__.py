"""What an LMS lets staff download, and what was understood of it.

`opened` gives who handed in what, of a bulk zip of Canvas, Moodle or Gradescope, of the folder that
somebody unpacked it into, or of directories and zips named by hand; `understand` says of every file
what becomes of it. Its students are what `grader.submissions.collect` takes.
"""

from grader.lms.read import opened, opened_by_hand
from grader.lms.understand import Intake, understand
from grader.lms.values import HandedIn, Person
from grader.lms.warn import warnings

__all__ = [
    "HandedIn",
    "Intake",
    "Person",
    "opened",
    "opened_by_hand",
    "understand",
    "warnings",
]
