"""How a check speaks to a module it must not touch: lazy proxies over one `Backend`.

The same check runs against a student's worker, the reference, or (for the self-check) a module in
this very process: only the backend differs. Attribute access sends nothing; a call sends one
request and brings back plain values, with a proxy for everything that has to stay over there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray

from grader import answers
from grader.errors import CheckFailed, Forbidden
from grader.text import Text
from grader.wire import Handle, Marked, Path

LIBRARIES = ("tf", "keras", "np")


class Backend(Protocol):
    """Whatever answers requests: a worker, a memory of one, or this process."""

    def ask(self, request: dict[str, Any]) -> Any:
        """The decoded answer.

        Raises:
            StudentError, MissingSymbol, Forbidden, WorkerLost, NotRun, EngineError.
        """

    def fresh(self) -> Backend:
        """The same module, imported anew in a process of its own."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One tracing of a `tf.function` that the student's code made.

    Attributes:
        name: the Python function's name.
        line: where the `tf.function` was made, in the student's file.
        ops: how many operations of each type the graph holds, loops' and branches' bodies included.
        request: during which request of the block it happened, counted from 1.
    """

    name: str
    line: int
    ops: Mapping[str, int]
    request: int = 0


@dataclass(slots=True)
class TraceLog:
    """The traces that happened inside a `with session.traces()` block.

    Attributes:
        calls: the calls of the module's own symbols inside, each with its number among the block's
            requests.
    """

    events: list[Trace] = field(default_factory=list)
    calls: list[tuple[int, dict[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Gradient:
    """What a tape in the worker gave: the value, and a gradient (or None) for each source."""

    value: Any
    grads: tuple[NDArray[Any] | None, ...]


def _not_plain(proxy: Proxy) -> NoReturn:
    name = object.__getattribute__(proxy, "_type_name")
    raise CheckFailed(
        Text(
            f"a plain value (a tensor, an array or a number) was expected, got a `{name}` object",
            f"这里应得到普通的值（张量、数组或数字），得到的却是 `{name}` 对象",
        ),
        {"got": f"a {name} object"},
    )


class Proxy:
    """Stands for something in a worker. Only dunder names live here, so nothing is shadowed."""

    __slots__ = ("_path", "_session", "_type_name")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, session: Session, path: Path, type_name: str = "object") -> None:
        object.__setattr__(self, "_session", session)
        object.__setattr__(self, "_path", path)
        object.__setattr__(self, "_type_name", type_name)

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("__"):
            return object.__getattribute__(self, name)
        path: Path = object.__getattribute__(self, "_path")
        session: Session = object.__getattribute__(self, "_session")
        return Proxy(session, Path(path.root, (*path.names, name)))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("use session.set(proxy.name, value)")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        session: Session = object.__getattribute__(self, "_session")
        return session.call(self, *args, **kwargs)

    def __repr__(self) -> str:
        path: Path = object.__getattribute__(self, "_path")
        return f"<{object.__getattribute__(self, '_type_name')} {path.root}.{'.'.join(path.names)}>"

    def __eq__(self, other: object) -> bool:
        _not_plain(self)

    def __bool__(self) -> bool:
        _not_plain(self)

    def __float__(self) -> float:
        _not_plain(self)

    def __int__(self) -> int:
        _not_plain(self)

    def __index__(self) -> int:
        _not_plain(self)

    def __len__(self) -> int:
        _not_plain(self)

    def __iter__(self) -> Iterator[Any]:
        _not_plain(self)

    def __getitem__(self, key: Any) -> Any:
        _not_plain(self)

    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[Any]:
        _not_plain(self)


def path_of(proxy: Proxy) -> Path:
    """The path a proxy stands for."""
    path: Path = object.__getattribute__(proxy, "_path")
    return path


def type_name_of(proxy: Proxy) -> str:
    """The class name of the object behind a proxy, as its worker told it."""
    name: str = object.__getattribute__(proxy, "_type_name")
    return name


def symbols_of(session: Session) -> tuple[str, ...]:
    """The module's names that were used in a conversation, in order, as the checks spell them."""
    return tuple(session._symbols)


def fetch(proxy: Any) -> Any:
    """The value at an attribute path; a proxy again where the value isn't plain."""
    if not isinstance(proxy, Proxy):
        return proxy
    session: Session = object.__getattribute__(proxy, "_session")
    return session.request("fetch", target=path_of(proxy))


def as_numpy(value: Any) -> Marked:
    """An array that arrives as a NumPy array instead of a tensor."""
    return Marked("numpy", np.asarray(value))


def as_variable(value: Any) -> Marked:
    """An array that arrives as a new `tf.Variable`."""
    return Marked("variable", np.asarray(value))


@dataclass(frozen=True, slots=True)
class InGraph:
    """A target that is to run inside a `tf.function` of the grader's; callable, or an argument."""

    session: Session
    target: Any

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.session.call(self, *args, **kwargs)


class Session:
    """One check's conversation with one module.

    Args:
        backend: who answers.
        banned: symbols of the module which use a forbidden shortcut, and the sentence about it.
    """

    def __init__(self, backend: Backend, banned: Mapping[str, Text] | None = None) -> None:
        self._backend = backend
        self._banned = dict(banned or {})
        self._symbols: dict[str, None] = {}
        self._log: TraceLog | None = None
        self._asked = 0

    def __getattr__(self, name: str) -> Proxy:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name: str) -> Proxy:
        if name in LIBRARIES:
            return Proxy(self, Path(name))
        return Proxy(self, Path("module", (name,)))

    def request(self, op: str, **parts: Any) -> Any:
        """Sends one request; handles in the answer become proxies."""
        request = {"op": op, **{key: self._lower(part) for key, part in parts.items()}}
        self._asked += 1
        target = request.get("target")
        own = isinstance(target, Path) and target.root == "module"
        if self._log is not None and op == "call" and own:
            self._log.calls.append((self._asked, request))
        return self._lift(self._backend.ask(request))

    def call(self, target: Any, *args: Any, **kwargs: Any) -> Any:
        """What `target(*args, **kwargs)` returns over there."""
        return self.request("call", target=target, args=list(args), kwargs=kwargs)

    def repeat(self, target: Any, times: int, *args: Any) -> list[Any]:
        """What `target(*args)` returns, call after call, in one request."""
        answer = self.request("repeat", target=target, times=times, args=list(args))
        return answers.elements(answer, times)

    def in_graph(self, target: Any) -> InGraph:
        """A callable that runs `target` inside a new `tf.function`, its tensors symbolic."""
        return InGraph(self, target)

    def gradient(
        self,
        target: Any,
        *args: Any,
        wrt: int | Proxy | tuple[int | Proxy, ...] = (0,),
        upstream: Any = None,
        **kwargs: Any,
    ) -> Gradient:
        """The value of `target(*args)` and its gradient from a tape in the worker.

        Args:
            wrt: positions of arguments, and/or proxies of variables.
            upstream: what the output is multiplied with, same shape as the output.
        """
        answer = self.request(
            "gradient",
            target=target,
            args=list(args),
            kwargs=kwargs,
            wrt=list(wrt) if isinstance(wrt, tuple) else [wrt],
            upstream=upstream,
        )
        return Gradient(*answers.gradient(answer))

    @contextmanager
    def traces(self) -> Iterator[TraceLog]:
        """Collects the tracings of the student's own `tf.function`s that happen inside."""
        log = TraceLog()
        self.request("watch_traces")
        self._log, self._asked = log, 0
        try:
            yield log
        finally:
            self._log = None
        log.events += [Trace(*event) for event in answers.traces(self.request("read_traces"))]

    def arrays(self, variables: Any) -> list[NDArray[Any]]:
        """The values of a list of variables."""
        return answers.arrays(self.request("arrays", target=variables))

    def set(self, attribute: Proxy, value: Any) -> None:
        """Sets `object.name = value` over there; `attribute` is the proxy `object.name`."""
        path = path_of(attribute)
        self.request(
            "set", target=Path(path.root, path.names[:-1]), name=path.names[-1], value=value
        )

    def is_a(self, proxy: Any, class_path: str) -> bool:
        """Whether the object is an instance of a library class such as `keras.layers.Layer`.

        The worker's word, like `parameters`: a check that rests on it says `expect.unconfirmed()`.
        """
        root, *names = class_path.split(".")
        return self.request("is_a", target=proxy, cls=Path(root, tuple(names))) is True

    def parameters(self, symbol: str) -> list[str]:
        """Parameter names of one of the module's symbols, in order."""
        return answers.names(self.request("parameters", target=self[symbol]))

    def save(self, model: Any) -> bytes:
        """A model's `.keras` file, as bytes."""
        return answers.file(self.request("save", target=model))

    def load(self, data: bytes) -> Any:
        """The model in `data`, loaded without `custom_objects`."""
        return self.request("load", data=data)

    def elements(self, dataset: Any, limit: int = 1000) -> list[Any]:
        """The first `limit` elements of a dataset, as plain values."""
        return answers.elements(self.request("elements", target=dataset, limit=limit))

    def path(self, name: str) -> Any:
        """A path in a directory of this check over there, as a proxy; nothing is made."""
        return self.request("path", name=name)

    def write_file(self, name: str, data: bytes) -> Any:
        """Writes a file over there; the proxy of its path."""
        return self.request("write_file", name=name, data=data)

    def read_file(self, path: Any) -> bytes:
        """What a file over there holds; `path` is a proxy, or a text that the module returned."""
        return answers.file(self.request("read_file", path=path))

    def list_files(self, path: Any) -> list[str]:
        """The files in a directory over there and below it (`sub/file`), sorted."""
        return answers.names(self.request("list_files", path=path))

    def fresh(self) -> Session:
        """The same module imported in a brand-new process, where nothing of this one is left."""
        session = Session(self._backend.fresh(), self._banned)
        session._symbols = self._symbols
        return session

    def _lower(self, value: Any) -> Any:
        """Proxies to paths, before a request is sent."""
        if isinstance(value, Session):
            raise TypeError("a session is no argument; pass one of its proxies")
        if isinstance(value, Proxy):
            path = path_of(value)
            if path.root == "module" and path.names:
                self._symbols[path.names[0]] = None
                if path.names[0] in self._banned:
                    raise Forbidden(self._banned[path.names[0]])
            return path
        if isinstance(value, InGraph):
            return Marked("graph", self._lower(value.target))
        if isinstance(value, Marked):
            return Marked(value.kind, self._lower(value.value))
        if type(value) is list:
            return [self._lower(item) for item in value]
        if type(value) is tuple:
            return tuple(self._lower(item) for item in value)
        if type(value) is dict:
            return {key: self._lower(item) for key, item in value.items()}
        return value

    def _lift(self, value: Any) -> Any:
        """Handles to proxies, in an answer."""
        if isinstance(value, Handle):
            return Proxy(self, Path(value.number), value.type_name)
        if type(value) is list:
            return [self._lift(item) for item in value]
        if type(value) is tuple:
            return tuple(self._lift(item) for item in value)
        if type(value) is dict:
            return {key: self._lift(item) for key, item in value.items()}
        return value
