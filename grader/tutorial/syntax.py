"""What a text is as Python: its tree, the names it binds, and how surely it is meant as Python."""

from __future__ import annotations

import ast
import builtins
import functools
import re
import sys
from typing import TYPE_CHECKING

from grader.submissions.guard import Refused, parse_guarded
from grader.submissions.magics import strip_magics

if TYPE_CHECKING:
    from collections.abc import Set

USUAL = frozenset({"tf", "np", "keras", "plt", "pd", "sns", "torch", "tfds", "hub", "layers"})
"""Names that tutorials use without saying where they come from."""
_MODULES = sys.stdlib_module_names | {
    *("tensorflow", "numpy", "keras", "matplotlib", "pandas", "sklearn", "scipy", "torch", "jax"),
    *("tensorflow_datasets", "tensorflow_hub", "seaborn", "PIL", "cv2", "tqdm", "tf_keras"),
}
_CALLABLE = frozenset(name for name in dir(builtins) if not name.startswith("_"))
_BODIES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.AsyncFor, ast.While),
    *(ast.If, ast.With, ast.AsyncWith, ast.Try, ast.Match),
)
_PYTHONIC = (
    *(ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.JoinedStr),
    *(ast.Slice, ast.Starred),
)
_NO_VALUE = (*_PYTHONIC, ast.BinOp, ast.Subscript, ast.IfExp)
_NUMPY_SCALAR = re.compile(
    r"(?:float|int|uint|complex)\d+|longlong|ulonglong|longdouble|True_|False_|str_|bytes_|void"
    r"|datetime64|timedelta64"
)
_HEADER = re.compile(
    r"[ \t]*+(?:if|elif|for|while|with|try|except|else|finally)\b[^\n]*:[ \t]*+(?:#[^\n]*)?"
)
_SURE_LINE = re.compile(
    r"[ \t]*+(?:(?:async )?def \w+ *\(|class \w+ *(?:\([^()\n]*\))? *:|from [\w.]+ import |"
    r"print +[\"']|import \w+(?:\.\w+)*(?: as \w+)? *$)"
)
_LIKELY_LINE = re.compile(
    r"[ \t]*+(?:@[A-Za-z_][\w.]*|print *[\"'(]|print \w+ *$|self\.\w|(?:\w+, *)*\w+ *= *\w[\w.]*\(|"
    r"(?:tf|np|keras|plt|pd|model)\.\w+)"
)
_FOREIGN_LINE = re.compile(r".*;[ \t]*|.*[\w)] ?\{[ \t]*|[ \t]*end[ \t]*")
_WORTH_READING = 5_000
_ENOUGH = 6
_REPR_CALLS = frozenset(
    {
        *("array", "tensor", "dict_keys", "dict_values", "dict_items", "defaultdict", "deque"),
        *("frozenset", "set", "range", "slice", "datetime", "date", "odict_keys", "bytearray"),
    }
)


@functools.lru_cache(maxsize=16)  # each step asks for the same few again; the trees are only read
def parse(source: str) -> ast.Module | None:
    """The tree of Python with IPython's own lines in it (as `pass`); None where there is none."""
    try:
        return parse_guarded(strip_magics(source).text)
    except Refused:
        return None


def cell_magic(source: str) -> str:
    """The name of the `%%magic` that takes the whole text for another program, else ""."""
    return strip_magics(source).skipped


def only_magics(source: str, tree: ast.Module) -> bool:
    """Whether nothing but lines for IPython is in it."""
    return (
        bool(tree.body)
        and all(isinstance(node, ast.Pass) for node in tree.body)
        and not re.search(r"^[ \t]*+pass\b", source, re.MULTILINE)
    )


def bound(tree: ast.Module) -> set[str]:
    """Names that the module level of `tree` may bind, in its blocks too."""
    names: set[str] = set()
    queue: list[ast.AST] = list(tree.body)
    while queue:
        node = queue.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {a.asname or a.name.partition(".")[0] for a in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        queue += ast.iter_child_nodes(node)
    return names


def weight(tree: ast.Module, known: Set[str]) -> int:
    """How surely it is meant as Python, from 0; what other notations also have weighs little.

    `known` are names that code before it bound: `t.shape` is Python where a `t` is, else perhaps
    a file's name.
    """
    total = assigned = 0
    for node in tree.body:
        if isinstance(node, ast.Assign):
            worth = _assignment(node, known)
            # `A=1` is how many notations set a value: many such lines say no more than one.
            if worth <= 1:
                assigned = max(assigned, worth)
                continue
            total += worth
        else:
            total += _statement(node, known)
        if total >= _ENOUGH:
            break
    return total + assigned


def _statement(node: ast.stmt, known: Set[str]) -> int:
    if isinstance(node, _BODIES):
        return 3
    if isinstance(node, ast.ImportFrom):
        return 3
    if isinstance(node, ast.Import):
        usual = any(a.asname or a.name.partition(".")[0] in _MODULES for a in node.names)
        return 3 if usual else 1
    if isinstance(node, ast.Assert | ast.Raise):
        return 2
    if isinstance(node, ast.Delete):
        return max((_expression(target, known) for target in node.targets), default=0)
    if isinstance(node, ast.AugAssign):
        return max(1, _expression(node.value, known))
    if isinstance(node, ast.AnnAssign):
        return _expression(node.value, known) if node.value else 0
    if isinstance(node, ast.Expr):
        return _expression(node.value, known)
    return 0


def _assignment(node: ast.Assign, known: Set[str]) -> int:
    several = any(isinstance(target, ast.Tuple | ast.List) for target in node.targets)
    plain = isinstance(node.value, ast.Constant | ast.UnaryOp | ast.List | ast.Tuple | ast.Dict)
    return max(2 if several else int(plain), _expression(node.value, known))


def _expression(node: ast.expr, known: Set[str]) -> int:
    best = 0
    for part in ast.walk(node):
        if isinstance(part, _PYTHONIC):
            return 2
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.Pow | ast.MatMult):
            return 2
        if isinstance(part, ast.Call):
            root = _root(part.func)
            named = isinstance(part.func, ast.Name)
            if root in known or root in USUAL or (named and root in _CALLABLE):
                return 2
            best = max(best, 1 + bool(part.keywords) if named else 2 * bool(root))
        elif isinstance(part, ast.Attribute | ast.Subscript):
            root = _root(part)
            if root and (root in known or root in USUAL):
                return 2
        elif isinstance(part, ast.Await) or (isinstance(part, ast.Name) and part.id in known):
            best = max(best, 1)
    return best


def _root(node: ast.expr) -> str:
    """The name that an attribute, a call or an item of it begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def like_python(text: str) -> int:
    """The same for a text that doesn't parse: by its lines, some of which speak against it."""
    lines = text.split("\n")[:_WORTH_READING]
    total = 0
    for number, line in enumerate(lines):
        if _SURE_LINE.match(line):
            total += 2
        elif _HEADER.fullmatch(line):
            below = next((later for later in lines[number + 1 :] if later.strip()), "")
            total += _indent(below) > _indent(line)
        elif _LIKELY_LINE.match(line):
            total += 1
        if _FOREIGN_LINE.fullmatch(line):
            total -= 2
    return total


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def only_values(tree: ast.Module, known: Set[str], numpy: bool) -> bool:
    """Whether it is only values as `repr` writes them: literals, `array(…)`, `Point(x=1)`.

    `numpy`: `np.float32(2.0)` counts too, which may be a line of code as well.
    """
    return bool(tree.body) and all(
        isinstance(node, ast.Expr) and _is_value(node.value, known, numpy) for node in tree.body
    )


def _is_value(node: ast.expr, known: Set[str], numpy: bool) -> bool:
    if not (numpy and _is_numpy(node)) and not isinstance(
        node, ast.Constant | ast.List | ast.Tuple | ast.Set | ast.Dict | ast.Call | ast.UnaryOp
    ):
        return False
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            name = part.func.id if isinstance(part.func, ast.Name) else ""
            if not (name in _REPR_CALLS or name[:1].isupper() or (numpy and _is_numpy(part.func))):
                return False
        elif isinstance(part, ast.Constant):
            if part.value is ...:
                return False
        elif isinstance(part, ast.Name):
            called = part.id in _REPR_CALLS or part.id[:1].isupper() or "float" in part.id
            if part.id in ("np", "numpy"):  # what is made of it is judged with it
                continue
            if part.id in known and not part.id[:1].isupper():
                return False
            if not called and not re.fullmatch(r"(?:nan|inf|u?int|bool|str|object)\w*", part.id):
                return False
        elif isinstance(part, ast.UnaryOp):
            if not isinstance(part.op, ast.USub):
                return False
        elif isinstance(part, ast.Attribute):
            if not (numpy and _is_numpy(part)):
                return False
        elif isinstance(part, _NO_VALUE):
            return False
    return True


def _is_numpy(node: ast.expr) -> bool:
    """Whether it is how NumPy 2 begins to write one of its scalars: `np.float32`, `np.True_`."""
    match node:
        case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=attr):
            return _NUMPY_SCALAR.fullmatch(attr) is not None
    return False


def only_unknown_calls(tree: ast.Module, known: Set[str]) -> bool:
    """Whether it is only calls of names that nothing defines: `kernel (3, 2)` is a name's shape."""
    return bool(tree.body) and all(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and _expression(node.value, known) <= 1
        and not node.value.keywords
        for node in tree.body
    )


_SHOWING = frozenset(
    {"print", "display", "summary", "show", "fit", "evaluate", "predict", "tf_print"}
)


def shows(tree: ast.Module | None) -> bool:
    """Whether running it puts something under it: a last expression, or a call that prints."""
    if tree is None:
        return True
    if tree.body and isinstance(tree.body[-1], ast.Expr | ast.Pass):
        return True
    return any(
        isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in _SHOWING)
            or (isinstance(node.func, ast.Attribute) and node.func.attr in _SHOWING)
        )
        for node in ast.walk(tree)
    )
