"""Static advice on Python code: what fails or deceives on TensorFlow 2.21 with Keras 3.15."""

from __future__ import annotations

from collections.abc import Mapping

from grader.rules import functions, keras3, loops, variables
from grader.rules.code import Code
from grader.rules.imports import Names, aliases
from grader.rules.traced import traced
from grader.rules.values import Finding

__all__ = ["aliases", "examine"]


def examine(source: str, known: Mapping[str, str] = {}) -> tuple[Finding, ...]:
    """What the rules say about `source`, in the order of its lines.

    `known` is what `aliases` gave for the code that ran before. Where neither binds them, `tf`,
    `keras` and `np` are taken for what they customarily are. A source that isn't Python has no
    findings.
    """
    try:
        code = Code(source)
    except SyntaxError:
        return ()
    names = Names(code, known)
    graphs = traced(code, names)
    found = [*keras3.check(code, names)]
    for module in (functions, variables, loops):
        found += module.check(code, names, graphs)
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda f: (f.line, f.rule)))
