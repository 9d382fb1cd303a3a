"""Puts a worker on its device, and notes what the student's code wants otherwise.

Runs in the worker after the fork and behind the wall, before the student's module: CUDA doesn't
survive a fork, so the zygote must never have touched it, and what is settled here can't be taken
back by a submission. The notes are the worker's word: they explain a verdict and decide none.
"""

from __future__ import annotations

import contextlib
import os
import re
from typing import Any

import keras
import tensorflow as tf
from tensorflow.python.eager import context
from tensorflow.python.framework import ops

from grader.worker.load import made_by_student

_MOST_NOTES = 20
_MOST_NAME = 60
_TENSORFLOW = os.path.join(os.path.dirname(tf.__file__), "python", "")
_KERAS = os.path.join(os.path.dirname(keras.__file__), "src", "backend", "")
# Where the frames between a student's line and the hook may lie: what these calls themselves are
# made of, and no more, since checkpoints and others have device scopes of their own.
_LIBRARIES = (
    __file__,
    contextlib.__file__,
    *(f"{_TENSORFLOW}{name}" for name in ("framework/ops.py", "framework/config.py")),
    *(f"{_TENSORFLOW}{name}" for name in ("eager/context.py", "autograph/", "util/")),
    *(f"{_KERAS}{name}" for name in ("__init__.py", "tensorflow/core.py")),
)
_DEVICE = re.compile(r"(?:.*/)?(?:device:)?([A-Za-z_]+)(?::(\d+))?", re.DOTALL)
# What a submission may say about devices at home, and the grader has settled here.
_SETTINGS = ("set_visible_devices", "set_memory_growth", "set_logical_device_configuration")


class Placing:
    """The device under test, and the notes: (`pin` or `setting`, name, student's line)."""

    def __init__(self) -> None:
        self.module_file = ""
        self.device = "CPU:0"
        self._notes: list[tuple[str, str, int]] = []
        self._outputs: set[str] = set()
        self._scope: Any = None

    def settle(self, device: str, memory_mb: int) -> str:
        """Makes `device` the one that operations run on; what is in the way, "" for nothing.

        Args:
            memory_mb: of its memory; 0: all of it, and for the CPU.
        """
        # Of float32's 23 bits a product would keep 10 (TF32), on a GPU from Ampere on.
        tf.config.experimental.enable_tensor_float_32_execution(False)
        self.device = device
        if device != "CPU:0":
            try:
                self._occupy(memory_mb)
            except Exception as error:
                return f"{type(error).__name__}: {error}"[:500]
        self._watch()
        return ""

    def take(self) -> dict[str, Any]:
        """What there is to tell with a reply, and forgets it; mostly nothing."""
        told: dict[str, Any] = {}
        if self._notes:
            told["wishes"] = [list(note) for note in self._notes]
            self._notes.clear()
        if self._outputs:
            told["outputs"] = sorted(self._outputs)[:_MOST_NOTES]
            self._outputs.clear()
        return {"device": told} if told else {}

    def saw(self, tensor: Any) -> None:
        """An answer of real numbers; where it lies is told where the device isn't the plain CPU."""
        if self.device != "CPU:0" and tensor.dtype.is_floating:
            self._outputs.add(str(tensor.device).rpartition("device:")[2][:_MOST_NAME])

    def _occupy(self, memory_mb: int) -> None:
        kind, _, number = self.device.partition(":")
        found = tf.config.list_physical_devices(kind)
        if not found:
            raise RuntimeError(f"TensorFlow sees no {kind}")
        # A fixed share, taken by the first operation: growing instead, one submission could take
        # the whole card, and what the others are told would depend on who was faster.
        share = tf.config.LogicalDeviceConfiguration(memory_limit=memory_mb or None)
        tf.config.set_logical_device_configuration(found[0], [share] * (int(number) + 1))
        # For the life of the process; it brings up the device, in nobody's time.
        self._scope = tf.device(f"/device:{kind}:{number}")
        self._scope.__enter__()
        product = tf.linalg.matmul(tf.constant([[2.0]]), tf.constant([[3.0]]))
        where = str(product.device).rpartition("device:")[2]
        if float(product[0, 0]) != 6.0 or where != self.device:
            raise RuntimeError(f"a product was computed on {where or 'no device'}: {product}")

    def _watch(self) -> None:
        """Hooks into TensorFlow's context, which every name for these settings leads to."""
        made, placing = context.Context, self
        eager, graph = made.device, ops.Graph.device
        soft: Any = made.soft_device_placement
        set_soft: Any = soft.fset

        def in_eager(ctx: Any, name: Any) -> Any:
            placing._pinned(name)
            return eager(ctx, name)

        def in_graph(this: Any, name: Any) -> Any:
            placing._pinned(name)
            return graph(this, name)

        def softly(ctx: Any, enable: Any) -> None:
            # Without it a pin to a device that isn't there fails an answer that is right.
            if enable or not placing._noted("setting", "set_soft_device_placement"):
                set_soft(ctx, enable)

        made.device, ops.Graph.device = in_eager, in_graph
        made.soft_device_placement = property(soft.fget, softly)
        if self.device != "CPU:0":
            for name in _SETTINGS:
                setattr(made, name, self._left_out(name, getattr(made, name)))

    def _left_out(self, name: str, original: Any) -> Any:
        """The setting, which a student's call leaves as it is."""

        def settled(ctx: Any, *args: Any, **kwargs: Any) -> Any:
            if not self._noted("setting", name):
                return original(ctx, *args, **kwargs)
            return None

        return settled

    def _pinned(self, name: Any) -> None:
        if hasattr(name, "to_string"):
            name = name.to_string()
        elif isinstance(name, context.LogicalDevice):
            name = name.name
        found = _DEVICE.fullmatch(name) if type(name) is str and len(name) < 200 else None
        if found and f"{found[1].upper()}:{found[2] or 0}" != self.device:
            self._noted("pin", name)

    def _noted(self, kind: str, name: str) -> bool:
        """Whether the student's own code asked for it; if so, it is noted."""
        line = made_by_student(self.module_file, _LIBRARIES)
        if line is None:
            return False
        note = (kind, name[:_MOST_NAME], line)
        if note not in self._notes and len(self._notes) < _MOST_NOTES:
            self._notes.append(note)
        return True
