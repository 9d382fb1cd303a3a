"""Names that nothing defines: read somewhere in a source, bound nowhere.

`symtable` knows Python's scopes, so comprehensions, `global`, class bodies and parameters are as
Python has them. Whether a name is bound *before* it is read is left to running it.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Collection, Iterator

_GIVEN = frozenset(dir(builtins)) | {
    *("__name__", "__file__", "__doc__", "__builtins__", "__spec__", "__package__", "__loader__"),
    *("__annotations__", "__class__", "__debug__", "__dict__", "__module__", "__qualname__"),
    *("get_ipython", "display", "In", "Out", "exit", "quit", "_", "__", "___", "_ih", "_oh", "_dh"),
}


def undefined(source: str, defined: Collection[str] = ()) -> tuple[tuple[str, int], ...]:
    """Each undefined name with the line that first reads it, in the order of the lines.

    Nothing is said about a source with `from x import *`, or one that isn't Python.
    """
    try:
        tree = ast.parse(source)
        table = symtable.symtable(source, "<source>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    if any(isinstance(n, ast.ImportFrom) and n.names[0].name == "*" for n in ast.walk(tree)):
        return ()
    tables = list(_all(table))
    # `global x` in a function that assigns it defines it for the module too.
    bound = {s.get_name() for s in table.get_symbols() if _binds(s)} | {
        s.get_name()
        for t in tables
        for s in t.get_symbols()
        if s.is_declared_global() and _binds(s)
    }
    wanted = {
        s.get_name()
        for t in tables
        for s in t.get_symbols()
        if s.is_referenced() and (s.is_global() or t is table)
    }
    missing = wanted - bound - _GIVEN - set(defined)
    lines: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in missing and isinstance(node.ctx, ast.Load):
            lines[node.id] = min(node.lineno, lines.get(node.id, node.lineno))
    return tuple(sorted(lines.items(), key=lambda found: (found[1], found[0])))


def _binds(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()


def _all(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    pending = [table]
    while pending:
        table = pending.pop()
        yield table
        pending += table.get_children()
