"""A sentence in the two languages the course speaks."""

from __future__ import annotations

import locale
import os

import msgspec


class Text(msgspec.Struct, frozen=True, gc=False):
    """One student-facing sentence, in English and in Chinese."""

    en: str
    zh: str

    def in_(self, lang: str) -> str:
        """The sentence in `lang`; English for anything but Chinese."""
        return self.zh if lang.startswith("zh") else self.en


def preferred_language() -> str:
    """`zh` where this process's environment speaks Chinese, `en` anywhere else."""
    told = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "zh" if (told or locale.getlocale()[0] or "").lower().startswith("zh") else "en"
