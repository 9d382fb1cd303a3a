"""What kind of thing an expression looks like, also where another block made it.

First what its origin says; where that is unknown, the habits of naming.
"""

from __future__ import annotations

import ast
import re

from grader.rules.imports import Names

_OPTIMIZER = re.compile(r"^(?:.*_)?(?:optimizer|opt)\d*$")
_METRIC = re.compile(
    r"^(?:.*_)?(?:metrics?|mean|precision|recall|auc|acc|accuracy|loss|total_loss|mae|mse|rmse|iou"
    r"|f1|tracker)\d*$",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"^(?:.*_)?(?:model|autoencoder|classifier|regressor|net|network)(?:_?\w{1,2})?$"
)


def name_of(node: ast.AST | None) -> str:
    """The last word of `a.b.c`, `c`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def optimizer(names: Names, node: ast.expr) -> bool:
    return _is(names, node, "optimizer", _OPTIMIZER)


def metric(names: Names, node: ast.expr) -> bool:
    return _is(names, node, "metric", _METRIC)


def model(names: Names, node: ast.expr) -> bool:
    return _is(names, node, "model", _MODEL)


def _is(names: Names, node: ast.expr, kind: str, pattern: re.Pattern[str]) -> bool:
    if names.origin(node):
        return names.kind(node) == kind
    return len(name_of(node)) < 60 and pattern.match(name_of(node)) is not None
