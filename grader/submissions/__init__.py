"""Finds, unpacks and normalises what students hand in. Everything handed in is hostile or messy.

`find_students` lists who handed in, `collect` turns one student's files into one `Submission` per
exercise. Nothing here runs a student's code, extracts an archive or follows a link outwards.
"""

from grader.submissions.find import find_students
from grader.submissions.intake import collect
from grader.submissions.model import Student, Submission

__all__ = ["Student", "Submission", "collect", "find_students"]
