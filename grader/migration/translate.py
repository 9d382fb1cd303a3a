"""Translates the statements of a test into those of a check, one by one."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from grader.migration import assertions
from grader.migration.answers import asked, is_students
from grader.migration.constants import constant, short
from grader.migration.execution import span
from grader.migration.forms import shown, try_raises, with_raises
from grader.migration.module import imported
from grader.migration.scope import Local, NotMapped, Scope, literal, local_name
from grader.submissions.guard import Refused, compile_guarded

_AUTOTEST = re.compile(r"^\s*### (?:HASHED )?AUTOTEST\b")


@dataclass(slots=True)
class Translation:
    """A check's body.

    Attributes:
        lines: its statements, what wasn't understood as comments.
        missed: (line of the cell, why) of each statement that wasn't.
        remarks: where the check differs a little from the test.
        hints: what the test's assertions say when they fail.
        compares: how many questions it asks.
    """

    lines: list[str] = field(default_factory=list)
    missed: list[tuple[int, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    compares: int = 0


def translate(source: str, scope: Scope, output: str | None = None) -> Translation:
    """The body of a check that asks what the test in `source` asks.

    Args:
        output: what the notebook shows under the test; None where that isn't compared.
    """
    done = Translation()
    lines = source.split("\n")
    try:
        tree = compile_guarded(source)
    except Refused as error:
        done.missed.append((error.line or 1, f"Python can't read it ({error})"))
        done.lines += [f"# {line}".rstrip() for line in lines]
        return done
    for number, line in enumerate(lines, 1):
        if _AUTOTEST.match(line):
            done.missed.append((number, "nbgrader makes this test by running the solution"))
            done.lines.append(f"# {line.strip()}")
    _Translator(done, lines, scope).body(tree.body, output)
    return done


class _Translator:
    def __init__(self, done: Translation, source: list[str], scope: Scope) -> None:
        self.done = done
        self._source = source
        self._scope = scope
        self._tests: set[str] = set()

    def body(self, statements: list[ast.stmt], output: str | None = None) -> None:
        """Translates statements; the last may be an expression whose output is compared."""
        for place, statement in enumerate(statements):
            last = place == len(statements) - 1
            try:
                if (
                    last
                    and output
                    and isinstance(statement, ast.Expr)
                    and not self._quiet(statement)
                ):
                    lines = shown(statement.value, output, self._scope)
                    self.done.compares += 1
                else:
                    lines = self._statement(statement)
            except NotMapped as error:
                self.done.missed.append((statement.lineno, str(error)))
                lines = [f"# {self._source[n - 1]}".rstrip() for n in span(statement)]
            self.done.lines += lines

    def _quiet(self, statement: ast.Expr) -> bool:
        name = (
            self._scope.dotted(statement.value.func)
            if isinstance(statement.value, ast.Call)
            else ""
        )
        return name == "print" or name in self._tests

    def _statement(self, node: ast.stmt) -> list[str]:
        match node:
            case ast.Assert(test=test, msg=message):
                return self._asserted(assertions.holds(test, self._scope), test, message)
            case ast.Import() | ast.ImportFrom():
                self._scope.imports |= imported(node)
                return []
            case ast.Pass():
                return []
            case ast.Expr(value=ast.Constant()):
                return []
            case ast.Expr(value=ast.Call() as call):
                return self._called(call)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                return self._assigned(name, value)
            case ast.For(target=target, iter=items, body=body, orelse=[]):
                return self._loop(target, items, body)
            case ast.With(items=[item], body=[ast.Expr(value=ast.Call() as call)]):
                lines = with_raises(item, call, self._scope)
                self.done.compares += 1
                return lines
            case ast.Try(
                body=[ast.Expr(value=ast.Call() as call)], handlers=[handler], finalbody=[]
            ):
                lines = try_raises(node, call, handler, self._scope)
                self.done.compares += 1
                return lines
            case ast.FunctionDef():
                return self._function(node)
        raise NotMapped(f"`{short(node)}`: a check has nothing like it")

    def _asserted(self, lines: list[str], test: ast.expr, message: ast.expr | None) -> list[str]:
        self.done.compares += 1
        if isinstance(message, ast.Constant) and isinstance(message.value, str):
            self.done.hints.append(message.value)
        elif message is not None:
            self.done.remarks.append(f"the message `{short(message)}` isn't a plain text: left out")
        if isinstance(test, ast.Call) and lines[2:3] == ["    True,"]:
            self.done.remarks.append(f"`{short(test)}` must be True now, not only count as true")
        return lines

    def _called(self, call: ast.Call) -> list[str]:
        name = self._scope.dotted(call.func)
        if name == "print":
            self.done.remarks.append("what it prints is left out")
            return []
        if name in self._tests and not call.args and not call.keywords:
            return []
        if name in self._tests and all(isinstance(a, ast.Name) for a in call.args):
            return []
        if not any(is_students(part, self._scope) for part in [*call.args, *_values(call)]):
            if is_students(call.func, self._scope):
                raise NotMapped(f"`{short(call)}` is only called, for what it does")
            raise NotMapped(f"`{short(call)}`: a check has nothing like it")
        lines = assertions.called(call, self._scope)
        self.done.compares += 1
        return lines

    def _assigned(self, name: str, value: ast.expr) -> list[str]:
        if is_students(value, self._scope):
            answer = asked(value, self._scope)
            self._scope.locals[name] = Local(answer.kind, origin=value)
            return [f"{local_name(name)} = {answer.code}"]
        made = constant(value, self._scope)
        self._scope.locals[name] = Local(made.kind, literal(value), value)
        return [f"{local_name(name)} = {made.code}"]

    def _loop(self, target: ast.expr, items: ast.expr, body: list[ast.stmt]) -> list[str]:
        """A loop over what is known, the values of its variables known with it."""
        names = target.elts if isinstance(target, ast.Tuple) else [target]
        if not all(isinstance(name, ast.Name) for name in names):
            raise NotMapped(f"a loop over `{short(target)}`")
        made = constant(items, self._scope)
        known = literal(items)
        if made.kind != "python" or (known is None and not isinstance(items, ast.Call)):
            raise NotMapped(f"a loop over `{short(items)}`")
        rows = [row if isinstance(target, ast.Tuple) else (row,) for row in (known or ((),))[0]]
        if any(not isinstance(row, list | tuple) or len(row) != len(names) for row in rows):
            raise NotMapped(f"a loop over `{short(items)}`")
        inner = _Translator(Translation(), self._source, self._scope.child())
        for place, name in enumerate(names):
            values = tuple(row[place] for row in rows) if known else (0,)
            inner._scope.locals[name.id] = Local("python", values)  # type: ignore[attr-defined]
        inner.body(body)
        if inner.done.missed:
            raise NotMapped(
                f"a loop with line {inner.done.missed[0][0]}: {inner.done.missed[0][1]}"
            )
        self.done.compares += inner.done.compares
        self.done.remarks += inner.done.remarks
        self.done.hints += inner.done.hints
        named = ", ".join(local_name(name.id) for name in names)  # type: ignore[attr-defined]
        inside = [f"    {line}" for line in inner.done.lines] or ["    pass"]
        return [f"for {named} in {made.code}:", *inside]

    def _function(self, node: ast.FunctionDef) -> list[str]:
        """A test written as a function, whose parameters are the module's names."""
        names = [argument.arg for argument in node.args.args]
        odd = node.args.vararg or node.args.kwarg or node.args.kwonlyargs or node.args.defaults
        known = all(
            n == "env" or n in self._scope.module or n in self._scope.imports for n in names
        )
        if not node.name.startswith("test") or odd or not known or node.decorator_list:
            raise NotMapped(f"the function `{node.name}`: a check has nothing like it")
        self._tests.add(node.name)
        inner = _Translator(Translation(), self._source, self._scope.child())
        inner.body([_without_env(part) for part in node.body] if "env" in names else node.body)
        self.done.lines += inner.done.lines
        self.done.missed += inner.done.missed
        self.done.remarks += inner.done.remarks
        self.done.hints += inner.done.hints
        self.done.compares += inner.done.compares
        return []


def _values(call: ast.Call) -> list[ast.expr]:
    return [item.value for item in call.keywords]


class _Env(ast.NodeTransformer):
    """`env["square"]` is the name `square`."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        match node:
            case ast.Subscript(value=ast.Name("env"), slice=ast.Constant(value=str(name))):
                return ast.copy_location(ast.Name(name, ast.Load()), node)
        return self.generic_visit(node)


def _without_env(statement: ast.stmt) -> ast.stmt:
    return ast.fix_missing_locations(_Env().visit(statement))  # type: ignore[no-any-return]
