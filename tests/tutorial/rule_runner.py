"""Runs sources from stdin (JSON), each in its own module, and says what came of each.

A program of its own: TensorFlow is imported once, for all of them, and not by the tests.
"""

import contextlib
import importlib
import io
import json
import logging
import os
import sys
import tempfile
import types
import warnings

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
import absl.logging
import keras
import numpy as np
import tensorflow as tf


def run(number, source, folder):
    # A file of its own: AutoGraph reads the source again.
    path = os.path.join(folder, f"snippet{number}.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(source)
    module = types.ModuleType(f"snippet{number}")
    vars(module).update(__file__=path, tf=tf, keras=tf.keras, np=np)
    sys.modules[module.__name__] = module
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    absl.logging.get_absl_logger().addHandler(handler)
    raised, bases = "", []
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(said):
        warnings.simplefilter("always")
        try:
            exec(compile(source, path, "exec"), vars(module))
        except Exception as e:
            raised = f"{type(e).__name__}: {e}"
            bases = [cls.__name__ for cls in type(e).__mro__]
    absl.logging.get_absl_logger().removeHandler(handler)
    words = said.getvalue() + "\n".join(str(w.message) for w in caught)
    return {"raised": raised, "bases": bases, "seen": bool(vars(module).get("seen")), "said": words}


def there(path):
    """Whether a dotted path can be reached by attributes or by an import."""
    root, *rest = path.split(".")
    if path.startswith("tensorflow.keras"):
        root, rest = "tensorflow.keras", path.split(".")[2:]
    found = tf.keras if root == "tensorflow.keras" else importlib.import_module(root)
    for name in rest:
        try:
            found = getattr(found, name)
        except (AttributeError, ImportError):
            try:
                importlib.import_module(path)
            except ImportError:
                return False
            return True
    return True


asked = json.load(sys.stdin)
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    results = [run(number, source, folder) for number, source in enumerate(asked["sources"])]
    paths = {path: there(path) for path in asked["paths"]}
    os.chdir("/")
out = {
    "results": results,
    "paths": paths,
    "backend": sorted(n for n in dir(keras.backend) if not n.startswith("_")),
    "keras": os.path.dirname(os.path.dirname(keras.__file__)),
}
print("\n" + json.dumps(out))
