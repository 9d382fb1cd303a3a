"""Counts the tracings of `tf.function`s which the student's code made.

Hooks go in before the student's module is imported. A tracing counts when the `tf.function` was
made by a line of the student's (directly, as a decorator, or by code AutoGraph generated from it)
and when it isn't nested in another tracing. `tf.function` traces twice when the first call makes
variables; that second tracing is TensorFlow's own first-call work and isn't counted.
"""

from __future__ import annotations

import os
import weakref
from collections import Counter
from dataclasses import dataclass
from typing import Any

import tensorflow as tf
from tensorflow.python.eager.polymorphic_function import polymorphic_function, tracing_compilation
from tensorflow.python.framework import ops as tf_ops

from grader.worker.load import made_by_student

_TENSORFLOW = os.path.dirname(tf.__file__) + os.sep


@dataclass(slots=True)
class _Event:
    name: str
    line: int
    graph: Any
    request: int


class TraceWatch:
    """Installs the hooks; `start` and `stop` bracket what is to be counted."""

    def __init__(self) -> None:
        self.module_file = ""
        self.request = 0
        """Number of the request that is being answered, counted from `start`."""
        self._events: list[_Event] | None = None
        self._makers: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self._second_due: weakref.WeakSet[Any] = weakref.WeakSet()
        self._install()

    def start(self) -> None:
        """Counts from now on."""
        self._events, self.request = [], 0

    def stop(self) -> list[tuple[str, int, dict[str, int], int]]:
        """(function, line where it was made, operation counts, request) of each tracing."""
        events, self._events = self._events or [], None
        return [(e.name, e.line, _operations(e.graph), e.request) for e in events]

    def _install(self) -> None:
        function = polymorphic_function.Function
        init, clone, bind = function.__init__, function._clone, function.__get__
        options_for = function._generate_scoped_tracing_options
        create = tracing_compilation._create_concrete_function
        watch = self

        def made(self: Any, *args: Any, **kwargs: Any) -> None:
            init(self, *args, **kwargs)
            line = made_by_student(watch.module_file, _TENSORFLOW)
            if line is not None:
                watch._makers[self] = line

        def cloned(self: Any, *args: Any, **kwargs: Any) -> Any:
            copy = clone(self, *args, **kwargs)
            if self in watch._makers:  # a method bound to its instance, by whoever looked it up
                watch._makers[copy] = watch._makers[self]
            return copy

        def bound(self: Any, instance: Any, owner: Any = None) -> Any:
            method = bind(self, instance, owner)
            if self in watch._makers and isinstance(method, function):
                watch._makers.setdefault(method, watch._makers[self])
            return method

        def scoped(self: Any, *args: Any, **kwargs: Any) -> Any:
            options = options_for(self, *args, **kwargs)
            options.grader_owner = weakref.ref(self)
            return options

        def created(function_type: Any, context: Any, graph: Any, options: Any) -> Any:
            nested = tf_ops.inside_function()
            result = create(function_type, context, graph, options)
            owner = getattr(options, "grader_owner", lambda: None)()
            if not nested and owner is not None:
                watch._note(owner, options, result)
            return result

        function.__init__ = made
        function._clone = cloned
        function.__get__ = bound
        function._generate_scoped_tracing_options = scoped
        tracing_compilation._create_concrete_function = created

    def _note(self, owner: Any, options: Any, concrete: Any) -> None:
        first = options.scope_type is tracing_compilation.ScopeType.VARIABLE_CREATION
        if first:
            if owner._created_variables:
                self._second_due.add(owner)
        elif owner in self._second_due:
            self._second_due.discard(owner)
            return
        if self._events is not None and owner in self._makers:
            name = getattr(owner.python_function, "__name__", str(options.name))
            line = self._makers[owner]
            self._events.append(_Event(str(name)[:100], line, concrete.graph, self.request))


def _operations(graph: Any) -> dict[str, int]:
    """How many operations of each type a graph and the functions in its library hold."""
    definition = graph.as_graph_def()
    counts = Counter(node.op for node in definition.node)
    for function in definition.library.function:
        counts.update(node.op for node in function.node_def)
    return dict(counts)
