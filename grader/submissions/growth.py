"""How much larger a program gets when CPython compiles it: a few lines can ask for gigabytes.

CPython writes the body of a `finally` into the code twice, and once more for every `return`,
`break` and `continue` that leaves the `try`. Twenty of them inside each other are a million copies,
and the compiler has no bound of its own. Everything else that it compiles stays in proportion.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

_EXITS = (ast.Return, ast.Break, ast.Continue)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(slots=True)
class _Weight:
    """What lies below a node: nodes and exits, those of its `finally` apart."""

    nodes: int = 1
    exits: int = 0
    final_nodes: int = 0
    final_exits: int = 0


def compiled_nodes(tree: ast.AST) -> int:
    """The nodes of `tree`, each counted as often as CPython compiles it, or more; no recursion."""
    order: list[tuple[ast.AST, int, bool]] = [(tree, -1, False)]
    for number, (node, _, _) in enumerate(order):  # the list grows while it is walked
        for field, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else (value,):
                if isinstance(child, ast.AST):
                    order.append((child, number, field == "finalbody"))
    weights = [_Weight(exits=isinstance(node, _EXITS)) for node, _, _ in order]
    for (node, parent, is_final), weight in zip(reversed(order), reversed(weights), strict=True):
        copies = 2 + weight.exits
        nodes = weight.nodes + copies * weight.final_nodes
        exits = weight.exits + copies * weight.final_exits
        if parent < 0:
            return nodes
        above = weights[parent]
        if isinstance(node, _FUNCTIONS):
            exits = 0  # a `return` leaves its own function only
        if is_final:
            above.final_nodes += nodes
            above.final_exits += exits
        else:
            above.nodes += nodes
            above.exits += exits
    return 0
