"""Which names a top-level statement binds, uses and changes: Python's scoping rules, statically.

Walks with an explicit stack, so no tree is too deep for it. Used to slice notebooks and to follow
what an exercise's symbols reach.
"""

from __future__ import annotations

import ast

from grader.submissions.scopes import Facts, Scope, certain, is_namespace, is_type_test, root_name

MUTATORS = frozenset(
    {
        *("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update"),
        *("setdefault", "add", "discard", "popitem", "appendleft", "extendleft", "register"),
        *("compile", "build", "adapt", "assign", "assign_add", "assign_sub", "set_weights"),
    }
)
"""Methods that change the object they are called on and neither train nor show anything."""

_REGISTRIES = frozenset({"get_custom_objects", "register_keras_serializable"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def facts_of(statement: ast.stmt) -> Facts:
    """The facts of one top-level statement."""
    return _Walk(statement).result()


class _Walk:
    def __init__(self, statement: ast.stmt) -> None:
        self.facts = Facts(statement, Scope("module"))
        self.loads: list[tuple[str, Scope]] = []
        self.touched: list[tuple[str, Scope]] = []
        self.registers = False
        self.stack: list[tuple[ast.AST, Scope, bool]] = [(statement, self.facts.scope, False)]

    def result(self) -> Facts:
        facts, root = self.facts, self.facts.scope
        while self.stack:
            self.visit(*self.stack.pop())
        for name, scope in self.loads:
            if scope.owner(name) is root:
                (facts.deferred if scope.deferred else facts.immediate).add(name)
        for name, scope in self.touched:
            if scope.owner(name) is root:
                facts.touches.add(name)
        if self.registers:
            facts.registers |= facts.immediate
        facts.kills = certain(facts.statement) & root.bound
        return facts

    def bind(self, name: str, scope: Scope, *values: ast.expr | str) -> None:
        if name in scope.global_ and scope.parent is not None:
            scope, outer = scope.root, scope
            self.facts.global_binds.add(name)
            if outer.deferred:
                scope.values.setdefault(name, []).extend(values)
                return
        scope.bound.add(name)
        scope.values.setdefault(name, []).extend(values)

    def push(self, nodes: list[ast.AST], scope: Scope, quiet: bool) -> None:
        self.stack.extend((node, scope, quiet) for node in reversed(nodes))

    def visit(self, node: ast.AST, scope: Scope, quiet: bool) -> None:
        if isinstance(node, ast.expr) and not quiet:
            self.facts.uses.append(node)
        self.effects(node, scope)
        if isinstance(node, (*_FUNCTIONS, ast.Lambda)):
            self.function(node, scope, quiet)
        elif isinstance(node, ast.ClassDef):
            self.bind(node.name, scope)
            inner = Scope("class", scope)
            self.push([*node.body, *getattr(node, "type_params", [])], inner, quiet)
            self.push([*node.decorator_list, *node.bases, *node.keywords], scope, quiet)
        elif isinstance(node, _COMPREHENSIONS):
            self.comprehension(node, scope, quiet)
        elif isinstance(node, ast.Name):
            self.facts.scopes[id(node)] = scope
            if isinstance(node.ctx, ast.Load):
                self.loads.append((node.id, scope))
            else:
                self.bind(node.id, scope)
        elif isinstance(node, ast.NamedExpr):
            outer = scope
            while outer.kind == "comprehension" and outer.parent is not None:
                outer = outer.parent
            self.bind(node.target.id, outer, node.value)
            self.push([node.value], scope, quiet)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self.imports(node, scope)
        elif isinstance(node, ast.AnnAssign):
            self.push([node.annotation], scope, True)
            self.push([node.target, *([node.value] if node.value else [])], scope, quiet)
            if isinstance(node.target, ast.Name) and node.value:
                self.bind(node.target.id, scope, node.value)
        elif isinstance(node, ast.Call) and is_type_test(node):
            self.push([node.func, node.args[0]], scope, quiet)
            self.push(list(node.args[1:]), scope, True)
        else:
            self.bindings(node, scope)
            self.push(list(ast.iter_child_nodes(node)), scope, quiet)

    def bindings(self, node: ast.AST, scope: Scope) -> None:
        """Names bound other than by a `Name` in Store, and what assigned names are bound to."""
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self.assign(target, node.value, scope)
        elif isinstance(node, ast.For) and isinstance(node.iter, ast.List | ast.Tuple):
            for item in node.iter.elts:
                self.assign(node.target, item, scope)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            self.loads.append((node.target.id, scope))
        elif isinstance(node, ast.Global):
            scope.global_.update(node.names)
        elif isinstance(node, ast.Nonlocal):
            scope.nonlocal_.update(node.names)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            self.bind(node.name, scope)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            self.bind(node.rest, scope)
        elif type(node).__name__ in ("TypeVar", "ParamSpec", "TypeVarTuple"):
            self.bind(str(getattr(node, "name", "")), scope)

    def assign(self, target: ast.expr, value: ast.expr, scope: Scope) -> None:
        if isinstance(target, ast.Name):
            self.bind(target.id, scope, value)
        elif isinstance(target, ast.List | ast.Tuple) and isinstance(value, ast.List | ast.Tuple):
            for inner, item in zip(target.elts, value.elts, strict=False):
                if isinstance(inner, ast.Name):
                    self.bind(inner.id, scope, item)

    def imports(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                first = alias.name.split(".")[0]
                self.bind(alias.asname or first, scope, alias.name if alias.asname else first)
            elif alias.name == "*":
                self.facts.stars.append("." * node.level + (node.module or ""))
            else:
                path = "." * node.level + f"{node.module or ''}.{alias.name}"
                self.bind(alias.asname or alias.name, scope, path)

    def function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope, quiet: bool
    ) -> None:
        inner, args = Scope("function", scope), node.args
        positional = [*args.posonlyargs, *args.args]
        named = [*positional, *args.kwonlyargs, *filter(None, (args.vararg, args.kwarg))]
        for arg in named:
            self.bind(arg.arg, inner)
        padding: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults))
        defaults = [*padding, *args.defaults, *args.kw_defaults]
        for arg, value in zip([*positional, *args.kwonlyargs], defaults, strict=True):
            if value is not None:
                self.bind(arg.arg, inner, value)
        self.push([value for value in defaults if value is not None], scope, quiet)
        self.push([arg.annotation for arg in named if arg.annotation], scope, True)
        if isinstance(node, ast.Lambda):
            self.push([node.body], inner, quiet)
            return
        self.bind(node.name, scope)
        # A name is global in the whole body, wherever in it the declaration stands.
        self.push([*node.body, *getattr(node, "type_params", [])], inner, quiet)
        self.push(list(node.decorator_list), scope, quiet)
        self.push([node.returns] if node.returns else [], scope, True)

    def comprehension(self, node: ast.expr, scope: Scope, quiet: bool) -> None:
        inner = Scope("comprehension", scope)
        generators: list[ast.comprehension] = node.generators  # type: ignore[attr-defined]
        rest = [child for child in ast.iter_child_nodes(node) if child not in generators]
        for number, generator in enumerate(generators):
            self.push([generator.iter], inner if number else scope, quiet)
            self.push([generator.target, *generator.ifs], inner, quiet)
        self.push(rest, inner, quiet)

    def effects(self, node: ast.AST, scope: Scope) -> None:
        """Changes of objects that other statements made."""
        facts = self.facts
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            self.touch(node, scope)
            if isinstance(node, ast.Subscript) and is_namespace(node.value):
                self.dynamic(node.slice, scope)
        if isinstance(node, ast.Name | ast.Attribute):
            called = node.id if isinstance(node, ast.Name) else node.attr
            self.registers |= called in _REGISTRIES and isinstance(
                facts.statement, ast.Expr | ast.Assign
            )
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in ("setattr", "delattr"):
                if node.args and not scope.deferred:
                    self.touch(node.args[0], scope)
                self.dynamic(node.args[1] if len(node.args) > 1 else None, scope)
            elif isinstance(node.func, ast.Attribute) and is_namespace(node.func.value):
                for keyword in node.keywords if node.func.attr == "update" else ():
                    self.dynamic(ast.Constant(keyword.arg), scope)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and not scope.deferred:
            func = node.value.func
            if isinstance(func, ast.Name):
                facts.calls.add(func.id)
            elif isinstance(func, ast.Attribute) and func.attr in MUTATORS:
                name = root_name(func.value)
                facts.called_on.update([name.id] if name else [])

    def touch(self, node: ast.AST, scope: Scope) -> None:
        name = root_name(node)
        if name is not None and not scope.deferred:
            self.touched.append((name.id, scope))

    def dynamic(self, key: ast.AST | None, scope: Scope) -> None:
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            if scope.deferred:
                self.facts.global_binds.add(key.value)
            else:
                self.facts.scope.bound.add(key.value)
