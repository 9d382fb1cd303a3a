"""Answers the grader's requests with the student's module: call, differentiate, save, count.

The probes are generic and public: nothing in them says what a right answer is. They run beside the
student's code and may be tampered with, which is why the grader asks for evidence (values for fresh
inputs, slopes from values, bytes that load elsewhere) and not for verdicts.
"""

from __future__ import annotations

import difflib
import inspect
import itertools
import os
import tempfile
from collections.abc import Callable
from types import ModuleType
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from grader.wire import Handle, Marked, Path, WireError, encode
from grader.worker.files import Files

_ROOTS = {"tf": tf, "keras": keras, "np": np}
# Taken before a student's module can put something else in their place: with a `tf.function` that
# only calls, every question about graphs would be answered eagerly.
_function, _GradientTape = tf.function, tf.GradientTape


class NoSuchName(Exception):
    """The module lacks a symbol that a check asks for."""

    def __init__(self, name: str, near: list[str]) -> None:
        super().__init__(name)
        self.name = name
        self.near = near


class Prober:
    """One module, the objects that stayed here on the grader's behalf, and the probes."""

    def __init__(self, module: ModuleType, watch: Any, placing: Any = None) -> None:
        self._module = module
        self._watch = watch
        self._placing = placing
        self._objects: dict[int, Any] = {}
        self._next = 1
        self._files = Files()
        self._probes: dict[str, Callable[..., Any]] = {
            "begin": self._begin,
            "call": self._call,
            "repeat": self._repeat,
            "fetch": self._fetch,
            "set": self._set,
            "gradient": self._gradient,
            "arrays": self._arrays,
            "is_a": self._is_a,
            "parameters": self._parameters,
            "save": self._save,
            "load": self._load,
            "watch_traces": self._watch_traces,
            "read_traces": self._read_traces,
            "elements": self._elements,
            "path": self._path,
            "write_file": self._write_file,
            "read_file": self._files.read,
            "list_files": self._files.names,
        }

    def answer(self, request: dict[str, Any]) -> Any:
        """The plain value (or `Handle`s) that answers `request`.

        Raises:
            NoSuchName: the module lacks a symbol.
            whatever the student's code raises.
        """
        self._watch.request += 1
        parts = {key: self._real(part) for key, part in request.items() if key != "op"}
        return self._plain(self._probes[request["op"]](**parts))

    # -- arguments ---------------------------------------------------------------------------------

    def _real(self, value: Any) -> Any:
        """What an argument stands for in this process."""
        if isinstance(value, Path):
            return self._look_up(value)
        if isinstance(value, Marked):
            return self._marked(value)
        if isinstance(value, np.ndarray):
            if value.dtype == object:
                return tf.constant(value.tolist(), dtype=tf.string, shape=value.shape)
            return tf.constant(value)
        if type(value) is list:
            return [self._real(item) for item in value]
        if type(value) is tuple:
            return tuple(self._real(item) for item in value)
        if type(value) is dict:
            return {key: self._real(item) for key, item in value.items()}
        return value

    def _marked(self, marked: Marked) -> Any:
        if marked.kind == "graph":
            target = self._real(marked.value)
            return _function(lambda *args, **kwargs: target(*args, **kwargs))
        array = np.array(marked.value)
        if marked.kind == "variable":
            return tf.Variable(array)
        return array

    def _look_up(self, path: Path) -> Any:
        names = path.names
        if path.root == "module":
            if not names:
                return self._module
            found = getattr(self._module, names[0], None)
            if found is None:
                mine = [n for n in vars(self._module) if not n.startswith("__")]
                raise NoSuchName(names[0], difflib.get_close_matches(names[0], mine, 3, 0.5))
            target, names = found, names[1:]
        elif isinstance(path.root, int):
            target = self._objects[path.root]
        else:
            target = _ROOTS[path.root]
        for name in names:
            target = getattr(target, name)
        return target

    # -- answers -----------------------------------------------------------------------------------

    def _plain(self, value: Any, depth: int = 0) -> Any:
        """`value` as the wire can carry it; objects that can't go stay here behind a handle."""
        if value is None or type(value) in (bool, int, float, str, bytes, Handle):
            return value
        if isinstance(value, tf.TensorShape):
            return tuple(value.as_list()) if value.rank is not None else None
        if tf.is_tensor(value) and not isinstance(value, tf.Variable | keras.Variable):
            return self._tensor(value)
        if isinstance(value, np.ndarray | np.generic):
            return self._array(np.asarray(value), value)
        if depth < 12 and isinstance(value, list | tuple):
            items = [self._plain(item, depth + 1) for item in value]
            return items if isinstance(value, list) else tuple(items)
        if depth < 12 and isinstance(value, dict) and all(type(key) is str for key in value):
            return {key: self._plain(item, depth + 1) for key, item in value.items()}
        return self._keep(value)

    def _tensor(self, value: Any) -> Any:
        if not isinstance(value, tf.Tensor) or not hasattr(value, "numpy"):
            return self._keep(value)
        if self._placing is not None:
            self._placing.saw(value)
        found = value.numpy()
        if type(found) is bytes:  # NumPy's own bytes type drops NULs at the end
            return self._array(np.array(found, dtype=object), value)
        return self._array(np.asarray(found), value)

    def _array(self, array: np.ndarray[Any, Any], original: Any) -> Any:
        try:
            encode({"value": array})
        except WireError:
            return self._keep(original)
        return array

    def _keep(self, value: Any) -> Handle:
        number, self._next = self._next, self._next + 1
        self._objects[number] = value
        return Handle(number, type(value).__name__)

    # -- probes ------------------------------------------------------------------------------------

    def _begin(self, seed: int) -> None:
        """A new check: nothing kept, names counted from the start, every seed set."""
        self._objects.clear()
        self._next = 1
        self._files.clear()
        keras.utils.clear_session(free_memory=False)
        keras.utils.set_random_seed(seed)

    def _call(self, target: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        return target(*args, **kwargs)

    def _repeat(self, target: Any, times: int, args: list[Any]) -> list[Any]:
        return [target(*args) for _ in range(times)]

    def _fetch(self, target: Any) -> Any:
        return target

    def _set(self, target: Any, name: str, value: Any) -> None:
        setattr(target, name, value)

    def _gradient(
        self, target: Any, args: list[Any], kwargs: dict[str, Any], wrt: list[Any], upstream: Any
    ) -> tuple[Any, list[Any]]:
        sources = [args[item] if isinstance(item, int) else item for item in wrt]
        sources = [getattr(s, "value", s) if isinstance(s, keras.Variable) else s for s in sources]
        with _GradientTape() as tape:
            for source in sources:
                tape.watch(source)
            value = target(*args, **kwargs)
        grads = tape.gradient(value, sources, output_gradients=upstream)
        return value, [None if g is None else tf.convert_to_tensor(g) for g in grads]

    def _arrays(self, target: Any) -> list[Any]:
        return [np.asarray(keras.ops.convert_to_numpy(variable)) for variable in target]

    def _is_a(self, target: Any, cls: Any) -> bool:
        return isinstance(target, cls)

    def _parameters(self, target: Any) -> list[str]:
        return list(inspect.signature(target).parameters)

    def _save(self, target: Any) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "model.keras")
            target.save(file)
            with open(file, "rb") as stream:
                return stream.read()

    def _load(self, data: bytes) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "model.keras")
            with open(file, "wb") as stream:
                stream.write(data)
            return keras.models.load_model(file)

    def _watch_traces(self) -> None:
        self._watch.start()

    def _read_traces(self) -> list[Any]:
        return [list(event) for event in self._watch.stop()]

    def _elements(self, target: Any, limit: int) -> list[Any]:
        return list(itertools.islice(target, limit))

    # Paths stay here behind handles: every worker has a scratch directory of another name, and the
    # remembered conversation with the reference must not depend on it.

    def _path(self, name: str) -> Handle:
        return self._keep(self._files.path(name))

    def _write_file(self, name: str, data: bytes) -> Handle:
        return self._keep(self._files.write(name, data))
