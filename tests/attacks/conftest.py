"""Prints after the tests how many attacks were held, and how many work where nothing holds them."""

from __future__ import annotations

import os
from collections import Counter

import pytest

_HELD = {
    "test_held[both walls-": "held behind both walls",
    "test_held[the inner wall-": "held by the inner wall alone",
    "test_works[": "work with the wall off",
}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each way in which the attacks were tried."""
    tried: Counter[str] = Counter()
    good: Counter[str] = Counter()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for part, said in _HELD.items():
                if f"::{part}" in report.nodeid and report.when == "call":
                    tried[said] += 1
                    good[said] += outcome == "passed"
    who = "root" if os.geteuid() == 0 else f"uid {os.geteuid()}"
    for said, count in tried.items():
        line = f"attacks, level strict, as {who}: {good[said]} of {count} {said}"
        terminalreporter.write_line(line)
