"""Modules that TensorFlow, Keras and NumPy load with their first calls.

Imported before a fork they cost no child of it anything.
"""

from __future__ import annotations

import contextlib
import importlib

_FIRST_CALLS = (
    "numpy.random",
    "numpy.testing",
    "numpy.linalg",
    "secrets",
    "difflib",
    "inspect",
    "linecache",
    "zipfile",
    "h5py",
    "numpy.ma",
    "numpy.strings",
    "tensorboard.summary._tf.summary",
    "tensorflow.python.data.ops.dataset_ops",
    "tensorflow.python.data.ops.flat_map_op",
    "tensorflow.python.data.ops.from_tensors_op",
    "tensorflow.python.data.ops.from_tensor_slices_op",
    "tensorflow.python.data.ops.range_op",
    "tensorflow.python.data.ops.zip_op",
    "tensorflow.python.data.ops.map_op",
    "tensorflow.python.data.ops.batch_op",
    "tensorflow.python.data.ops.shuffle_op",
    "tensorflow.python.data.ops.prefetch_op",
    "tensorflow.python.data.ops.filter_op",
    "tensorflow.python.data.ops.skip_op",
    "tensorflow.python.data.ops.take_op",
    "tensorflow.python.data.ops.repeat_op",
    "tensorflow.python.data.ops.interleave_op",
    "tensorflow.python.data.ops.concatenate_op",
    "tensorflow.python.data.ops.from_generator_op",
    "tensorflow.python.data.ops.padded_batch_op",
    "tensorflow.python.data.ops.unbatch_op",
)


def import_first_calls() -> None:
    """Imports them; runs no operation."""
    for name in _FIRST_CALLS:
        with contextlib.suppress(ImportError):  # of another version; it only saves time
            importlib.import_module(name)
