"""Runs in the kernel beside the document's code: reports what a cell did, and refuses the network.

The document is its author's own: this isn't a wall against hostile code (that is `grader.sandbox`),
but it has to say exactly what went wrong, where, and what wasn't there.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import functools
import io
import ipaddress
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Any

from grader.tutorial.faults import REFUSAL, described

MIME = "application/vnd.grader.tutorial+json"
_MOST = 20_000  # characters of one text that goes back
_CONTAINERS = (str, bytes, list, tuple, dict, set, frozenset)
_END = "\0"  # sent after what goes to stdout past Python
_DRAIN_SECONDS = 2.0
_LOOPBACK = ("localhost", "localhost.localdomain", "ip6-localhost")


class NetworkRefused(OSError):
    """A tutorial is checked without a network."""


class Recorder:
    """What the cell that is being run has done so far."""

    def __init__(self, shell: Any, *, offline: bool) -> None:
        self._shell = shell
        self._offline = offline
        self._url = ""
        self._draining, self._drained = False, threading.Event()
        self._next: tuple[frozenset[int], int | None] = (frozenset(), None)
        self._new()

    def _new(self) -> None:
        (self.watched, self.epochs), self._next = self._next, (frozenset(), None)
        self._line, self._lost = 0, False
        self._printed: dict[int, str] = {}
        self._values: dict[int, str] = {}
        self.refused: list[str] = []
        self.read: set[str] = set()
        self._stand_ins: set[str] = set()
        self.evaluated: tuple[str, str | None, str | None] | None = None

    def install(self) -> None:
        """Hooks into the shell, and into the interpreter's audit events (for good)."""
        sys.addaudithook(self._audit)
        self._shell.events.register("pre_run_cell", lambda _info: self._new())
        self._shell.events.register("post_run_cell", self._publish)
        self._shell.ast_transformers.append(_Watch(self))
        builtins.__dict__["__tutorial_at__"] = self._at
        builtins.__dict__["__tutorial_value__"] = self._value
        write = sys.stdout.write

        def recorded(text: str) -> Any:
            if self._draining and _END in text:
                text = text.replace(_END, "", 1)
                self._drained.set()
            elif text != "\n" and threading.current_thread() is threading.main_thread():
                self._drain()  # what was written before this is shown before it
            if self._line and len(self._printed.get(self._line, "")) < _MOST:
                self._printed[self._line] = self._printed.get(self._line, "") + text
            return write(text)

        sys.stdout.write = recorded  # type: ignore[method-assign]

    def prepare(self, lines: Sequence[int], epochs: int | None) -> None:
        """The next cell also tells what these lines did; `fit` in it stops at `epochs`."""
        self._next = (frozenset(lines), epochs)

    def used_stand_in(self, name: str) -> None:
        """To be told when made-up data are handed out in the place of a download."""
        self._stand_ins.add(name)

    # -- hooks -------------------------------------------------------------------------------------

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            file, mode, _ = arguments
            if isinstance(file, str) and isinstance(mode, str) and "r" in mode:
                self.read.add(file)
                if file.endswith("cal_housing_py3.pkz"):
                    self._stand_ins.add("California housing")
        elif not self._offline:
            return
        elif event == "urllib.Request":
            self._url = str(arguments[0])
        elif event in ("socket.connect", "socket.sendto"):
            address = arguments[1]
            if isinstance(address, tuple) and not _is_local(str(address[0])):
                self._refuse(f"{address[0]}:{address[1]}")
        elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
            host = arguments[0]
            host = host.decode("utf-8", "replace") if isinstance(host, bytes) else host
            if isinstance(host, str) and host and not _is_local(host):
                port = arguments[1] if event == "socket.getaddrinfo" else None
                self._refuse(f"{host}:{port}" if port else host)

    def _refuse(self, address: str) -> None:
        wanted = self._url if address.split(":")[0] in self._url else address
        self._url = ""
        self.refused.append(wanted)
        raise NetworkRefused(f"{REFUSAL}: {wanted}")

    def _drain(self) -> None:
        """Waits until what C++ and other processes wrote to stdout has come through its pipe."""
        if self._lost:
            return
        self._drained.clear()
        self._draining = True
        try:
            os.write(1, _END.encode())
        except OSError:
            self._lost = True
        else:  # a cell may have put something else in the place of the pipe
            self._lost = not self._drained.wait(_DRAIN_SECONDS)
        self._draining = False

    def _at(self, line: int) -> None:
        if self._line:
            self._drain()
        self._line = line

    def _value(self, line: int, value: Any) -> Any:
        if value is not None:
            self._values[line] = self._text(value)
        return value

    def _text(self, value: Any) -> str:
        try:
            return str(self._shell.display_formatter.formatters["text/plain"](value))
        except Exception as error:
            return f"<repr raised {type(error).__name__}>"

    def evaluate(self, code: str) -> None:
        """Runs `code` with a copy of the document's names, and keeps what came of it."""
        names = dict(self._shell.user_ns)
        printed, value, raised = io.StringIO(), None, None
        with contextlib.redirect_stdout(printed):
            try:
                tree = ast.parse(code)
                last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
                exec(compile(tree, "<claim>", "exec"), names)
                if isinstance(last, ast.Expr):
                    expression = compile(ast.Expression(last.value), "<claim>", "eval")
                    value = eval(expression, names)
            except Exception as error:
                raised = type(error).__name__
        text = None if value is None else self._text(value)[:_MOST]
        self.evaluated = (printed.getvalue()[:_MOST], text, raised)

    def _publish(self, result: Any) -> None:
        self._drain()
        error = result.error_before_exec or result.error_in_exec
        record: dict[str, Any] = {
            "read": sorted(self.read)[:200],
            "stand_ins": sorted(self._stand_ins),
            "seen": [
                [line, self._printed.get(line, "")[:_MOST], (self._values.get(line) or "")[:_MOST]]
                for line in sorted(self.watched)
                if self._printed.get(line) or self._values.get(line)
            ],
            "evaluated": self.evaluated,
            "plain": None if error is not None else _plain(result.result),
            "error": None if error is None else described(error, self._shell.user_ns, self.refused),
        }
        self._shell.display_pub.publish({MIME: _sendable(record)})


class _Watch(ast.NodeTransformer):
    """Has watched statements say where they are, and watched expressions what they come to."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def visit_Module(self, module: ast.Module) -> ast.Module:
        watched = self._recorder.watched
        if not watched:
            return module
        body: list[ast.stmt] = []
        for statement in module.body:
            body.append(_call("__tutorial_at__", statement, ast.Constant(statement.lineno)))
            if isinstance(statement, ast.Expr) and statement.lineno in watched:
                value = _call(
                    "__tutorial_value__", statement, ast.Constant(statement.lineno), statement.value
                )
                statement = value
            body.append(statement)
        module.body = body
        return ast.fix_missing_locations(module)


def _plain(value: Any) -> str | None:
    """`value` as a plain Python prompt shows it; None where that isn't known or takes too long."""
    if value is None or (isinstance(value, _CONTAINERS) and len(value) > _MOST):
        return None
    try:
        text = repr(value)
    except Exception:
        return None
    return text if len(text) <= _MOST else None


def _call(name: str, like: ast.stmt, *arguments: ast.expr) -> ast.Expr:
    called = ast.Call(ast.Name(name, ast.Load()), list(arguments), [])
    return ast.copy_location(ast.Expr(ast.copy_location(called, like)), like)


def _is_local(host: str) -> bool:
    if host.lower() in _LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _sendable(value: Any) -> Any:
    """`value` without lone surrogates, which JSON over the wire wouldn't take."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _sendable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_sendable(item) for item in value]
    return value


_active: Recorder | None = None


def start(shell: Any, *, offline: bool, stand_ins: bool) -> None:
    """To be called in a kernel before its first cell: IPython wraps stdout anew for each."""
    global _active
    _active = Recorder(shell, offline=offline)
    _active.install()
    if "tensorflow" in sys.modules:
        _print_to_stdout(sys.modules["tensorflow"])
    if stand_ins:
        from grader.tutorial import standins

        standins.install(_active.used_stand_in)


def evaluate(code: str) -> None:
    """To be called when a block is over, with code that a claim is about."""
    assert _active is not None
    _active.evaluate(code)


def _print_to_stdout(tensorflow: Any) -> None:
    """`tf.print` writes to stderr; a reader finds it under the cell like everything printed."""
    tf_print = tensorflow.print

    @functools.wraps(tf_print)
    def printed(*inputs: Any, **options: Any) -> Any:
        return tf_print(*inputs, **{"output_stream": sys.stdout, **options})

    tensorflow.print = printed


def prepare(watch: Sequence[int], epochs: int | None) -> None:
    """To be called before a cell with lines to watch, or with its own number of epochs."""
    assert _active is not None
    _active.prepare(watch, epochs)
    if epochs is not None:
        _limit_epochs(_active)


def _limit_epochs(recorder: Recorder) -> None:
    import keras

    fit: Callable[..., Any] = keras.Model.fit
    if getattr(fit, "limited", False):
        return

    @functools.wraps(fit)
    def limited(self: Any, *args: Any, **kwargs: Any) -> Any:
        if recorder.epochs is not None:
            if len(args) > 3:  # x, y, batch_size, epochs
                args = (*args[:3], min(args[3], recorder.epochs), *args[4:])
            else:
                kwargs["epochs"] = min(kwargs.get("epochs", 1), recorder.epochs)
        return fit(self, *args, **kwargs)

    limited.limited = True  # type: ignore[attr-defined]
    keras.Model.fit = limited
