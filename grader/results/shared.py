"""Equal texts of many rows held once: a class says the same again and again.

Read from a file or a store, each message would be a copy of its own; of 6,000 rows that was most of
the memory. Nothing here changes a value.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from grader.text import Text

_MOST = 20_000
_LONGEST = 2_000  # characters of a text that is worth remembering: longer ones seldom repeat


@lru_cache(maxsize=_MOST)
def _same(text: str) -> str:
    return text


@lru_cache(maxsize=_MOST)
def _same_both(text: Text) -> Text:
    return Text(shared(text.en), shared(text.zh))


def shared(text: str) -> str:
    """A text, the one that was seen before if it is equal."""
    return _same(text) if len(text) <= _LONGEST else text


def shared_text(text: Text) -> Text:
    """The same for a text in both languages."""
    return _same_both(text) if len(text.en) <= _LONGEST else text


def shared_data(value: Any) -> Any:
    """The same for all texts in plain data (str, list, dict, numbers)."""
    kind = type(value)
    if kind is str:
        return shared(value)
    if kind is dict:
        return {shared(key): shared_data(item) for key, item in value.items()}
    if kind is list:
        return [shared_data(item) for item in value]
    return value
