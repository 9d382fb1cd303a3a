"""The results of a run: frozen values, and results.json as their projection."""

from grader.results.file import (
    ResultsError,
    from_json,
    read_results,
    remove_abandoned,
    to_json,
    write_atomically,
)
from grader.results.values import (
    EMPTY,
    MOST_SOURCE,
    SCHEMA,
    CheckResult,
    CheckSpec,
    Diagnosis,
    ExerciseSpec,
    Outcome,
    Results,
    Reveal,
    Row,
    Run,
    Status,
    Topic,
)

__all__ = [
    "EMPTY",
    "MOST_SOURCE",
    "SCHEMA",
    "CheckResult",
    "CheckSpec",
    "Diagnosis",
    "ExerciseSpec",
    "Outcome",
    "Results",
    "ResultsError",
    "Reveal",
    "Row",
    "Run",
    "Status",
    "Topic",
    "from_json",
    "read_results",
    "remove_abandoned",
    "to_json",
    "write_atomically",
]
