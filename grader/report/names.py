"""Which languages a page exists in, and what its files are called: the one place that knows.

A page is named by its stem ("index", "students/" and a slug), without the ending. The file with
the plain ending is in the language that its readers prefer: the student's own where one is told,
else the first of the report's languages. The other languages name themselves in the ending.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from grader.report.strings import LANGUAGES

STUDENTS = "students"
"""The folder of the students' pages."""
_EXERCISES = "exercises"


def student_stem(slug: str) -> str:
    """The stem of a student's page."""
    return f"{STUDENTS}/{slug}"


def exercise_stem(anchor: str) -> str:
    """The stem of an exercise's page."""
    return f"{_EXERCISES}/{anchor}"


@dataclass(frozen=True, slots=True)
class Names:
    """The languages of a report, and those that single pages prefer, by stem.

    `has_class` says whether there is a page of the class, which a student's page leads back to.
    """

    languages: tuple[str, ...] = tuple(LANGUAGES)
    preferred: Mapping[str, str] = field(default_factory=dict)
    has_class: bool = True

    def file(self, stem: str, lang: str) -> str:
        """The file to link to from a page in `lang`; in another language where there is none."""
        plain, *others = self._languages(stem)
        return f"{stem}.{lang}.html" if lang in others and lang != plain else f"{stem}.html"

    def files(self, stem: str, lang: str) -> Iterator[str]:
        """Every file that the page in `lang` is written to."""
        plain, *others = self._languages(stem)
        if lang == plain:
            yield f"{stem}.html"
        if lang in others:
            yield f"{stem}.{lang}.html"

    def written(self, stem: str) -> tuple[str, ...]:
        """The languages that the page is rendered in, each once."""
        return tuple(dict.fromkeys(self._languages(stem)))

    def switch(self, stem: str) -> tuple[tuple[str, str, str], ...]:
        """(language, its name, file beside it) for each language that a reader can choose."""
        found = dict.fromkeys(self._languages(stem))
        if len(found) == 1:
            return ()
        return tuple(
            (code, name, self.file(stem, code).rpartition("/")[2])
            for code, name in LANGUAGES.items()
            if code in found
        )

    def _languages(self, stem: str) -> tuple[str, ...]:
        """The one of the plain name, then those that have a name of their own."""
        first, *rest = self.languages
        wanted = self.preferred.get(stem, first)
        if wanted == first:
            return self.languages
        if not rest:
            return (wanted,)
        # The preferred one keeps its full name too: links that were given away still arrive.
        return (wanted, first, *rest)
