"""Equal texts are one object, and nothing changes by that."""

from __future__ import annotations

from grader.results import CheckResult, Row, from_json, to_json
from grader.results.shared import shared_data
from grader.text import Text

from .report.sample import sample


def texts(value: object) -> list[str]:
    """Every text in plain data."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.items() for part in item for text in texts(part)]
    return [text for item in value for text in texts(item)] if isinstance(value, list) else []


def test_nothing_changes() -> None:
    """Numbers, nothing, what is long, in whatever depth."""
    data = {"got": ["1.5", "1.5", {"en": "x" * 5_000, "zh": "王" * 5_000}], "n": 3, "none": None}
    assert shared_data(data) == data


def test_equal_texts_are_one() -> None:
    """Those of two rows that were read are the same object."""
    first, second = (
        shared_data({"got": ["".join(["1.", "5"]), "".join(["王", "小明"])]}) for _ in range(2)
    )
    assert all(a is b for a, b in zip(texts(first), texts(second), strict=True))


def test_messages_of_a_class_are_one() -> None:
    """After reading a results file, classmates' rows hold one message between them."""
    read = from_json(to_json(sample()).encode())
    assert read == from_json(to_json(sample()))
    by_text: dict[Text, set[int]] = {}
    for check in (check for row in read.results for check in row.checks):
        assert isinstance(check, CheckResult)
        by_text.setdefault(check.hint, set()).add(id(check.hint))
    assert all(len(objects) == 1 for objects in by_text.values())
    assert isinstance(read.results[0], Row)
