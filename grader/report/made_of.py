"""What pages are made of, as digests: a page that would be made of the same needn't be made again.

When a run began, how long it took and how many worked at it isn't part of that, nor whether a
verdict was known from an earlier one. A page that stays has the date of the run that its verdicts
are from; and of a class that is graded again only those files change that say something new.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import msgspec

from grader.keys import report_digest
from grader.report.names import Names
from grader.report.views import Overview, Standing
from grader.results import Results, digests

_encode = msgspec.msgpack.Encoder().encode


class Sources:
    """Digests of what the pages of one report are made of.

    Args:
        results: as they are read from a file, so that all text can be encoded.
    """

    def __init__(self, results: Results, view: Overview, names: Names) -> None:
        self._view, self._names = view, names
        self._known, self._digests = results.students, digests(results.results)
        run = replace(results.run, started="", seconds=0.0, jobs=0)
        languages = names.languages, names.has_class
        digits = view.digits, view.check_digits
        self._common = _digest(report_digest(), run, results.exercises, languages, digits)
        self._rows: dict[str, bytes] = {}

    def student(self, student: Standing, stem: str, lang: str) -> str:
        """Of a student's page in a language."""
        return _digest(self._rows_of(student), lang, self._names.switch(stem)).hex()

    def whole(self) -> str:
        """Of each page that is about the class."""
        rows = list(map(self._rows_of, self._view.students))
        return _digest(*rows, self._known, sorted(self._names.preferred.items())).hex()

    def _rows_of(self, student: Standing) -> bytes:
        if student.slug not in self._rows:
            rows = (self._digests[place] if place >= 0 else None for place in student.places)
            self._rows[student.slug] = _digest(self._common, student.name, *rows)
        return self._rows[student.slug]


def _digest(*parts: Any) -> bytes:
    made = hashlib.sha256()
    for part in parts:
        data = _encode(part)
        made.update(len(data).to_bytes(8, "little"))
        made.update(data)
    return made.digest()
