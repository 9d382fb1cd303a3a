"""Gradescope's form of results.json, field by field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_SHOWN = {"hidden", "after_due_date", "after_published", "visible"}
_FORMATS = {"text", "html", "simple_format", "md", "ansi"}
_TOP = {
    "score": float,
    "execution_time": float,
    "output": str,
    "output_format": _FORMATS,
    "visibility": _SHOWN,
    "stdout_visibility": _SHOWN,
    "extra_data": dict,
    "tests": list,
    "leaderboard": list,
}
_TEST = {
    "score": float,
    "max_score": float,
    "status": {"passed", "failed"},
    "name": str,
    "name_format": _FORMATS,
    "number": str,
    "output": str,
    "output_format": _FORMATS,
    "tags": list,
    "visibility": _SHOWN,
    "extra_data": dict,
}


def read(file: Path) -> dict[str, Any]:
    """The file's content, which has Gradescope's fields only, each as it must be."""
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    _check(found, _TOP)
    assert "score" in found or any("score" in test for test in found["tests"])
    for test in found["tests"]:
        _check(test, _TEST)
        assert 0 <= test["score"] <= test["max_score"]
        assert all(isinstance(tag, str) for tag in test["tags"])
    assert found["score"] == sum(test["score"] for test in found["tests"])
    return found


def _check(found: dict[str, Any], form: dict[str, Any]) -> None:
    assert set(found) <= set(form)
    for key, value in found.items():
        wanted = form[key]
        if isinstance(wanted, set):
            assert value in wanted, key
        elif wanted is float:
            assert type(value) in (int, float), key
            assert 0 <= value < float("inf"), key
        else:
            assert type(value) is wanted, key
