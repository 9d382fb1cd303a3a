"""Puts the code cells together as the reference solution, in regions that `grader.stubs` cuts."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass
from typing import Literal

from grader.errors import UsageError
from grader.migration.execution import bound, needs, raises_at_once, span
from grader.migration.values import Block, Ledger
from grader.stubs import cut
from grader.submissions.guard import Refused, compile_guarded, parse_guarded

_MARKER = re.compile(r"^(\s*)# (BEGIN|END) SOLUTION\s*$")
_HERE = sys.stdlib_module_names | {"numpy", "tensorflow", "keras"}
_TAKEN = re.compile(r"\s*from\s+__future__\s+import\b")

NameKind = Literal["function", "class", "value"]


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference solution.

    Attributes:
        written: the names that students give a value to, in order.
        kinds: what each of the module's own names is.
        imports: what each imported name stands for, dotted (`np` -> `numpy`).
        foreign: packages that it needs and a grader hasn't got by itself.
    """

    source: str
    written: tuple[str, ...]
    kinds: dict[str, NameKind]
    imports: dict[str, str]
    foreign: tuple[str, ...]


def assemble(blocks: list[Block], title: str, where: str, ledger: Ledger) -> Reference:
    """The module of all blocks; the ledger learns what each became.

    Args:
        where: what the ledger calls the module's file.

    Raises:
        UsageError: cells that are Python each, but not together.
    """
    parsed: list[tuple[Block, ast.Module]] = []
    parts: list[str] = []
    places: list[tuple[int, Block]] = []
    for block in blocks:
        tree = _checked(block, ledger)
        if tree is None:
            lines = ["# Not migrated, it isn't Python:", *(f"# {line}" for line in block.lines)]
            if any(block.regions):  # nothing of a solution may reach the stub
                lines = ["# BEGIN SOLUTION", *lines, "# END SOLUTION"]
            parts.append("\n".join(lines))
            continue
        ledger.went(block.cell, where)
        places.append((len(parts), block))
        parsed.append((block, tree))
        parts.append("")
    written = _wrap_what_runs_solutions(parsed, ledger)
    future = _hoist_future(blocks)
    for place, block in places:
        parts[place] = "\n".join(_emit(block)).strip("\n")
    head = ast.unparse(ast.Module([ast.Expr(ast.Constant(title))], []))
    source = "\n\n\n".join(part for part in [f"{head}\n{future}".strip(), *parts] if part) + "\n"
    try:
        compile_guarded(source)
        parse_guarded(cut(source, where))
    except Refused as error:
        raise UsageError(
            f"the code cells aren't one Python module (line {error.line} of all of them:"
            f" {error}); mend them in the notebook"
        ) from None
    kinds: dict[str, NameKind] = {}
    imports: dict[str, str] = {}
    for _, tree in parsed:
        for statement in tree.body:
            kinds |= dict.fromkeys(bound(statement), _kind(statement))
            imports |= imported(statement)
    # A prompt such as `x = ...` binds, too; what students write comes after it.
    roots = {dotted.partition(".")[0] for dotted in imports.values()}
    return Reference(
        source, tuple(written), kinds, imports, tuple(sorted(roots - _HERE - {"__future__"}))
    )


def imported(statement: ast.stmt) -> dict[str, str]:
    """What a top-level import binds, dotted; relative imports under their bare name."""
    found: dict[str, str] = {}
    for node in ast.walk(statement) if isinstance(statement, ast.Try) else [statement]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name.partition(".")[0]
                found[alias.asname or root] = alias.name if alias.asname else root
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module or ''}.{alias.name}"
    return found


def _kind(statement: ast.stmt) -> NameKind:
    if isinstance(statement, ast.ClassDef):
        return "class"
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return "function"
    value = getattr(statement, "value", None)
    return "function" if isinstance(value, ast.Lambda) else "value"


def _checked(block: Block, ledger: Ledger) -> ast.Module | None:
    """The block's tree; its regions are widened where a stub of them wouldn't be Python."""
    block.lines = [_MARKER.sub(r"\1# (\2 SOLUTION)", line) for line in block.lines]
    try:
        tree = compile_guarded(block.text)
    except Refused as error:
        at = f"line {error.line}: " if error.line else ""
        ledger.lost(block.cell, f"{at}Python can't read it ({error}); kept as a comment")
        return None
    if any(block.regions):
        try:
            whole = raises_at_once(parse_guarded(cut("\n".join(_emit(block)), "")))
        except Refused:
            whole = True
        if whole and not all(block.regions):
            block.all_solution()
            ledger.remark(
                block.cell,
                "a stub with its solution cut out couldn't be loaded: all of it is cut",
            )
    return tree


def _wrap_what_runs_solutions(parsed: list[tuple[Block, ast.Module]], ledger: Ledger) -> list[str]:
    """Puts given statements that run a student's code on loading into regions of their own.

    With them outside, a stub couldn't even be loaded. Returns the names that students write.
    """
    written: dict[str, None] = {}
    absent: set[str] = set()
    hollow: set[str] = set()
    for block, tree in parsed:
        last = max(block.regions, default=0)
        for statement in tree.body:
            lines = [number - 1 for number in span(statement)]
            inside = [bool(block.regions[n]) for n in lines if block.lines[n].strip()]
            names = bound(statement)
            if any(inside):
                imports = imported(statement)
                written |= dict.fromkeys(n for n in names if not n.startswith("_"))
                (absent if all(inside) else hollow).update(names, imports)
            elif needs(statement, absent, hollow):
                last += 1
                block.indents[last] = ""
                for n in lines:
                    block.regions[n] = last
                absent.update(names)
                first = block.lines[lines[0]].strip()[:60]
                ledger.remark(
                    block.cell,
                    f"`{first}` runs what students write on loading: cut from the stub",
                )
    return list(written)


def _hoist_future(blocks: list[Block]) -> str:
    """Takes `from __future__` lines out of the blocks: they must be a module's first."""
    found: dict[str, None] = {}
    for block in blocks:
        for number, line in enumerate(block.lines):
            if _TAKEN.match(line) and "(" not in line and not line.endswith("\\"):
                found[line.strip()] = None
                block.lines[number] = ""
    return "\n".join(found)


def _emit(block: Block) -> list[str]:
    """The block's lines with this project's markers."""
    out: list[str] = []
    region = 0
    for line, number in zip([*block.lines, ""], [*block.regions, 0], strict=True):
        if number != region:
            if region:
                out.append(f"{block.indents[region]}# END SOLUTION")
            if number:
                out.append(f"{block.indents[number]}# BEGIN SOLUTION")
            region = number
        out.append(line)
    return out[:-1]
