"""Values that show in a program's text: library paths and constants, and how they combine."""

from __future__ import annotations

import ast
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import EllipsisType

MAX_VALUES = 8
MAX_STRING = 4_000


@dataclass(frozen=True, slots=True)
class Library:
    """A module, class or function of a library, by its canonical dotted path."""

    path: str


Value = Library | str | int | tuple[str, ...]
Values = frozenset[Value]
_NAMESPACE = ".__dict__"
_REWRITES = (
    (re.compile(r"^tensorflow(?=\.|$)"), "tf"),
    (re.compile(r"^tf\.(?:compat\.v[12]|_api\.v2(?:\.compat\.v[12])?)(?=\.|$)"), "tf"),
    (
        re.compile(r"^(?:tf\.python\.keras|tf\.keras|tf_keras|keras\._tf_keras\.keras)(?=\.|$)"),
        "keras",
    ),
    # TensorFlow lends these names to Keras's packages, and keras.ops repeats its own.
    (re.compile(r"^tf\.(losses|metrics|optimizers|initializers)(?=\.|$)"), r"keras.\1"),
    (re.compile(r"^keras\.ops\.(?:nn|numpy|math|core|linalg|image)\."), "keras.ops."),
    (re.compile(r"^keras\.api(?:\._v[12]\.keras)?(?=\.|$)"), "keras"),
)
STRING_METHODS: dict[str, Callable[..., object]] = {
    name: getattr(str, name)
    for name in (
        *("lower", "upper", "title", "capitalize", "swapcase", "strip", "lstrip", "rstrip"),
        *("removeprefix", "removesuffix", "replace"),
    )
}


def canonical(path: str) -> str:
    """One spelling for a library path: `tensorflow.keras.losses` is `keras.losses`."""
    for pattern, replacement in _REWRITES:
        path = pattern.sub(replacement, path)
    return path


def some(values: Iterable[Value | None]) -> Values:
    """The values that there are, as many and as long as are followed."""
    kept = (v for v in values if v is not None and not (isinstance(v, str) and len(v) > MAX_STRING))
    return frozenset(itertools.islice(kept, MAX_VALUES))


def attribute(value: Value, name: str) -> Value | None:
    """What `value.name` is."""
    if not isinstance(value, Library) or len(value.path) + len(name) > 300:
        return None
    return Library(canonical(f"{value.path}.{name}"))


def item(value: Library, key: str) -> Value | None:
    """`X.__dict__["name"]`, `vars(X)["name"]`, `sys.modules["keras.losses"]`."""
    if value.path == "sys.modules":
        return Library(canonical(key))
    if value.path.endswith(_NAMESPACE):
        return attribute(Library(value.path.removesuffix(_NAMESPACE)), key)
    return None


def combine(op: ast.operator, left: Value, right: Value) -> Value | None:
    """What `left op right` is, for building strings."""
    if isinstance(op, ast.Add) and isinstance(left, str) and isinstance(right, str):
        return left + right if len(left) + len(right) <= MAX_STRING else None
    if isinstance(op, ast.Mod) and isinstance(left, str) and isinstance(right, str | tuple):
        # Only `%s`: a width ("%9999999999s") would make the string as long as it asks.
        plain = left.replace("%s", "").replace("%%", "")
        return apply(str.__mod__, left, (right,)) if "%" not in plain else None
    return None


def apply(method: Callable[..., object], text: str, values: tuple[Value, ...]) -> str | None:
    """A string method's result, if it is a short string."""
    size = len(text) * max([1, *(len(v) for v in values if isinstance(v, str))])
    if size > MAX_STRING * 10:
        return None
    try:
        result = method(text, *values)
    except (TypeError, ValueError):
        return None
    return result if isinstance(result, str) else None


def unformatted(node: ast.expr) -> ast.expr:
    """The expression inside a plain `{…}` of an f-string."""
    plain = isinstance(node, ast.FormattedValue) and node.format_spec is None
    return node.value if isinstance(node, ast.FormattedValue) and plain else node


def integer(node: ast.expr | None) -> int | EllipsisType | None:
    """A constant bound of a slice; `...` when it isn't constant."""
    if node is None:
        return None
    negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    inner = node.operand if isinstance(node, ast.UnaryOp) and negative else node
    if isinstance(inner, ast.Constant) and type(inner.value) is int:
        return -inner.value if negative else inner.value
    return ...
