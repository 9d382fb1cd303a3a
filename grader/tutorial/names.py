"""The names that a piece of syntax binds, uses and changes, by Python's rules of scope."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from grader.tutorial import filenames

# Methods that leave what they are called on as it was; every other call of a method may change it.
_LOOKS = {
    *("predict", "predict_on_batch", "evaluate", "summary", "get_config", "get_weights", "numpy"),
    *("get_layer", "result", "items", "keys", "values", "copy", "get", "index", "count"),
    *("head", "tail", "describe", "info", "save", "save_weights", "export", "to_json", "to_csv"),
    *("to_dict", "plot", "map", "batch", "shuffle", "repeat", "prefetch", "take", "skip"),
    *("filter", "interleave", "cache", "window", "flat_map", "zip", "unbatch", "enumerate"),
    *("reshape", "astype", "transpose", "mean", "sum", "std", "max", "min", "round", "flatten"),
    *("join", "split", "strip", "format", "replace", "lower", "upper", "startswith", "encode"),
    *("decode", "endswith", "item", "tolist", "as_list", "transform", "inverse_transform"),
    *("get_vocabulary", "vocabulary_size", "get_concrete_function", "SerializeToString"),
}
_RANDOM = {
    *("fit", "fit_generator", "train_on_batch", "random", "shuffle", "rand", "randn", "randint"),
    *("choice", "choices", "permutation", "sample", "uniform", "truncated_normal", "normal"),
    *("standard_normal", "default_rng", "train_test_split", "Dropout", "SpatialDropout2D"),
    *("GaussianNoise", "GaussianDropout", "AlphaDropout", "dropout", "add_weight"),
    *("initializers", "Dense", "EinsumDense", "Embedding", "LSTM", "GRU", "SimpleRNN"),
    *("Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "DepthwiseConv2D"),
    *("SeparableConv2D", "LSTMCell", "GRUCell", "SimpleRNNCell", "MultiHeadAttention"),
    *("RandomFlip", "RandomRotation", "RandomZoom", "RandomCrop", "RandomContrast"),
    *("RandomTranslation", "RandomHeight", "RandomWidth", "RandomBrightness"),
    # Not chance, but as little to be had again.
    *("perf_counter", "monotonic", "time", "now", "today", "strftime", "uuid4", "getpid"),
}


@dataclass(slots=True)
class Facts:
    """What one statement, or the body of one function, does with names and files.

    Attributes:
        loads, stores: names read and bound.
        touches: names on which a method is called, or an attribute or item is set.
        outer: names that it declares `global` or `nonlocal`.
        leaks: names that a walrus binds outside the comprehension it stands in.
        imports: what each imported name stands for.
        stars: modules of which everything is imported.
        functions: what the functions and classes defined here do when they are called.
        reads, writes, later: files; `later` by a callback that is made here.
        read_names, write_names: variables that hold file names.
        texts: file names that a name is bound to.
        random: whether chance, training or the clock has a part in it.
    """

    loads: set[str] = field(default_factory=set)
    stores: set[str] = field(default_factory=set)
    deletes: set[str] = field(default_factory=set)
    touches: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    leaks: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    stars: set[str] = field(default_factory=set)
    functions: dict[str, Facts] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    read_names: set[str] = field(default_factory=set)
    write_names: set[str] = field(default_factory=set)
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    random: bool = False

    def take(self, other: Facts, bound: set[str]) -> None:
        """Adds what happens in an inner scope, but for the names that are `bound` there."""
        self.loads |= other.loads - bound
        self.touches |= other.touches - bound
        self.reads += other.reads
        self.writes += other.writes
        self.later += other.later
        self.read_names |= other.read_names - bound
        self.write_names |= other.write_names - bound
        self.random |= other.random


def read(*nodes: ast.AST) -> Facts:
    """The facts of the given nodes, taken together, in their own scope."""
    reader = _Reader()
    for node in nodes:
        reader.visit(node)
    return reader.facts


def _parameters(arguments: ast.arguments) -> set[str]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    return {argument.arg for argument in every}


def _body(arguments: ast.arguments, body: list[ast.stmt] | list[ast.expr]) -> Facts:
    """What calling a function does to the names around it."""
    inner = read(*body)
    bound = (_parameters(arguments) | inner.stores | inner.leaks) - inner.outer
    free = Facts(stores=inner.stores & inner.outer)
    free.take(inner, bound)
    # A function inside is most often called, or returned to be.
    for nested in inner.functions.values():
        free.take(nested, bound)
        free.stores |= nested.stores - bound
    return free


class _Reader(ast.NodeVisitor):
    def __init__(self) -> None:
        self.facts = Facts()

    def visit_Name(self, node: ast.Name) -> None:
        facts = self.facts
        facts.random |= node.id in _RANDOM and isinstance(node.ctx, ast.Load)
        match node.ctx:
            case ast.Load():
                facts.loads.add(node.id)
            case ast.Store():
                facts.stores.add(node.id)
            case _:
                facts.deletes.add(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.facts.random |= node.attr in _RANDOM
        self._set(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._set(node)

    def _set(self, node: ast.Attribute | ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._touch(node)
        self.generic_visit(node)

    def _touch(self, node: ast.expr) -> None:
        if isinstance(node, ast.Name):
            return
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        if isinstance(node, ast.Name):
            self.facts.touches.add(node.id)

    def visit_Call(self, node: ast.Call) -> None:
        facts = self.facts
        # `keras.layers.Dense(…)` makes something new and leaves `keras` alone.
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if method not in _LOOKS and not method[:1].isupper():
            self._touch(node.func)
        if files := filenames.touched(node):
            {"reads": facts.reads, "writes": facts.writes, "later": facts.later}[files.how].extend(
                files.files
            )
            names = facts.read_names if files.how == "reads" else facts.write_names
            names.update(files.names)
        before = facts.random
        self.generic_visit(node)
        seeded = any(
            k.arg in {"seed", "random_state"}
            and isinstance(k.value, ast.Constant)
            and k.value.value is not None
            for k in node.keywords
        )
        if seeded and not before:
            facts.random = read(*node.args).random

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.facts.stores.add(node.target.id)
        self.facts.leaks.add(node.target.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._assign(node.targets, node.value)

    def _assign(self, targets: list[ast.expr], value: ast.expr) -> None:
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        if isinstance(value, ast.Lambda) and names:
            self.visit(value.args)
            calls = _body(value.args, [value.body])
            self.facts.functions.update(dict.fromkeys(names, calls))
        else:
            self.visit(value)
            if found := filenames.texts(value):
                self.facts.texts.update(dict.fromkeys(names, found))
        for target in targets:
            self.visit(target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value is not None:
            self._assign([node.target], node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.facts.loads.add(node.target.id)
        self.generic_visit(node)

    def visit_Global(self, node: ast.Global) -> None:
        self.facts.outer.update(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.facts.outer.update(node.names)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            # `import a.b` binds `a`; `import a.b as c` binds a.b.
            name = alias.asname or alias.name.partition(".")[0]
            self.facts.stores.add(name)
            self.facts.imports[name] = alias.name if alias.asname else name

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self.facts.stars.add(module)
                continue
            name = alias.asname or alias.name
            self.facts.stores.add(name)
            self.facts.imports[name] = f"{module}.{alias.name}"

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for part in (*node.decorator_list, node.args, *([node.returns] if node.returns else [])):
            self.visit(part)
        self.facts.stores.add(node.name)
        self.facts.functions[node.name] = _body(node.args, node.body)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        # Handed on, as to `map`, it is called soon; one that is given a name is in `functions`.
        self.visit(node.args)
        self.facts.take(_body(node.args, [node.body]), set())

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(part)
        inner = read(*node.body)
        self.facts.take(inner, inner.stores)
        calls = Facts()
        for method in inner.functions.values():
            calls.take(method, set())
            calls.stores |= method.stores
        self.facts.stores.add(node.name)
        self.facts.functions[node.name] = calls

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        self._inner([node.elt], node.generators)

    visit_ListComp = visit_SetComp = visit_GeneratorExp = _comprehension

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._inner([node.key, node.value], node.generators)

    def _inner(self, parts: list[ast.expr], generators: list[ast.comprehension]) -> None:
        inner = read(*generators, *parts)
        self.facts.take(inner, inner.stores)
        self.facts.stores |= inner.leaks
        self.facts.leaks |= inner.leaks

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.facts.stores.add(node.name)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name:
            self.facts.stores.add(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self.facts.stores.add(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self.facts.stores.add(node.rest)
        self.generic_visit(node)
