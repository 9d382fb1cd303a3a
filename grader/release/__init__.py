"""`grader release`: what leaves the staff's machine, as zips with the same bytes every time.

The students' zip is made of named files only, and looked through for the reference before it is
written; the Gradescope zip holds the whole course and is for staff alone.
"""

from grader.release.archive import Bundle, Member, pack
from grader.release.gradescope import gradescope_bundle
from grader.release.students import students_bundle

__all__ = ["Bundle", "Member", "gradescope_bundle", "pack", "students_bundle"]
