"""Which files a call reads or writes, as far as its source says, with `*` for what varies."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Where the name stands second: `save_model(model, "m.keras")`, `joblib.dump(model, "m.pkl")`.
_SECOND = {"save_model", "dump", "urlretrieve", "save"}
_WRITERS = {
    *("save", "save_weights", "save_model", "export", "dump", "savefig", "imsave", "save_img"),
    *("to_csv", "to_json", "to_excel", "to_pickle", "to_parquet", "to_hdf", "to_feather"),
    *("savetxt", "savez", "savez_compressed", "TFRecordWriter", "write_file", "urlretrieve"),
    *("mkdir", "makedirs", "write_text", "write_bytes"),
}
_READERS = {
    *("load", "load_model", "load_weights", "loadtxt", "genfromtxt", "imread", "load_img"),
    *("read_csv", "read_json", "read_excel", "read_pickle", "read_parquet", "read_hdf"),
    *("read_table", "read_file", "read_text", "read_bytes", "TFRecordDataset"),
    *("TextLineDataset", "FixedLengthRecordDataset", "CsvDataset", "make_csv_dataset"),
    *("list_files", "listdir", "image_dataset_from_directory", "TFSMLayer"),
}
_BY_MODE = {"open", "File", "GFile", "ZipFile"}
# They write when `fit` runs, not when they are made.
_CALLBACKS = {"ModelCheckpoint", "CSVLogger"}
_KEYWORDS = {
    *("filepath", "path", "filename", "file", "fname", "file_path", "filenames", "file_pattern"),
    *("path_or_buf", "filepath_or_buffer", "export_dir", "target"),
}
_WIDEST = 300


@dataclass(frozen=True, slots=True)
class Touched:
    """The files of one call: `names` are variables that may hold further file names."""

    files: tuple[str, ...]
    names: tuple[str, ...]
    how: str  # "reads", "writes", "later": when the callback made here is used


def called(node: ast.Call) -> str:
    """The last word of what is called: `load_model` of `keras.models.load_model(…)`."""
    match node.func:
        case ast.Name(id=word) | ast.Attribute(attr=word):
            return word
    return ""


def touched(node: ast.Call) -> Touched | None:
    """What a call does with files; None where it isn't known to do anything."""
    word = called(node)
    if word in _CALLBACKS:
        how = "later"
    elif word in _WRITERS:
        how = "writes"
    elif word in _READERS:
        how = "reads"
    elif word in _BY_MODE:
        how = "writes" if set(_mode(node)) & set("wax+") else "reads"
    else:
        return None
    given: list[ast.expr]
    if isinstance(node.func, ast.Attribute) and _by_itself(word, node.args):
        given = [node.func.value]
    else:
        given = list(node.args[: 2 if word in _SECOND else 1])
        given += [k.value for k in node.keywords if k.arg in _KEYWORDS]
    files: list[str] = []
    names: list[str] = []
    for expression in given:
        if isinstance(expression, ast.Name):
            names.append(expression.id)
        files += texts(expression)
    return Touched(tuple(files), tuple(names), how) if files or names else None


def texts(node: ast.expr) -> tuple[str, ...]:
    """The file names that an expression is, or holds in a list; empty where it is neither."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return tuple(text for item in node.elts[:64] for text in texts(item))
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        return texts(node.elt)
    found = _pattern(node)
    plausible = found is not None and found.strip("*./\\ ") and len(found) <= _WIDEST
    if not found or not plausible or "://" in found or "\n" in found:
        return ()
    return (normal(found),)


def normal(path: str) -> str:
    """One spelling of a path: `./models//m.h5` is `models/m.h5`."""
    return posixpath.normpath(path.replace("\\", "/"))


def same(one: str, other: str) -> bool:
    """Whether two names can be one file; either may hold `*`, either may be absolute."""
    one, other = normal(one), normal(other)
    if one == other or _ends(one, other) or _ends(other, one):
        return True
    return _fits(one, other) or _fits(other, one)


def inside(path: str, folder: str) -> bool:
    """Whether `path` lies below `folder`, or is it."""
    return same(path, folder) or f"/{normal(path)}".find(f"/{normal(folder)}/") >= 0


def _ends(long: str, short: str) -> bool:
    return long.startswith("/") and not short.startswith("/") and long.endswith("/" + short)


def _fits(pattern: str, text: str) -> bool:
    """Like fnmatch with `*` alone, in linear time whatever the pattern."""
    first, *rest = pattern.split("*")
    if not rest or not text.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1]:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(text) - at >= len(rest[-1]) and text.endswith(rest[-1])


def _by_itself(word: str, arguments: list[ast.expr]) -> bool:
    """Whether a method's file is what it is called on: `Path("x").open("w")`."""
    if word in {"write_text", "write_bytes", "read_text", "read_bytes"}:
        return True
    return word in {"mkdir", "open"} and not any(not _letters(a) for a in arguments)


def _mode(node: ast.Call) -> str:
    given: Iterator[ast.expr] = iter(node.args[1:2])
    modes = [*given, *(k.value for k in node.keywords if k.arg == "mode")]
    # `Path("x").open("w")` has it first.
    if isinstance(node.func, ast.Attribute) and len(node.args) == 1 and _letters(node.args[0]):
        modes.append(node.args[0])
    return "".join(_letters(mode) for mode in modes)


def _letters(node: ast.expr) -> str:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, str) and re.fullmatch(r"[rwaxbt+]{1,4}", value) else ""


def _pattern(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_pattern(v) or "*" for v in values)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _joined([left, right])
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            one, other = _pattern(left), _pattern(right)
            return None if one is None and other is None else f"{one or '*'}{other or '*'}"
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            return re.sub(r"%[-+ #0-9.]*[a-zA-Z]", "*", text)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return re.sub(r"\{[^{}]*\}", "*", text)
        case ast.Call(args=[_, *_] as args) if called(node) in {"Path", "join", "str"}:
            return _joined(args)
    return None


def _joined(parts: list[ast.expr]) -> str | None:
    found = [_pattern(part) for part in parts]
    if all(part is None for part in found):
        return None
    return posixpath.join(*("*" if part is None else part for part in found))
