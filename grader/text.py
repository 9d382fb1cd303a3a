"""A sentence in the two languages the course speaks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One student-facing sentence, in English and in Chinese."""

    en: str
    zh: str

    def in_(self, lang: str) -> str:
        """The sentence in `lang`; English for anything but Chinese."""
        return self.zh if lang.startswith("zh") else self.en
