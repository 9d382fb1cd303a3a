"""Runs in a fresh interpreter: imports TensorFlow, runs no op, forks, walls in and uses it.

Usage: with_tensorflow.py ROOT   prints what the walled child found, as JSON.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

os.environ.update(OPENBLAS_NUM_THREADS="1", CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="2")
sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

import json

import keras
import numpy as np
import tensorflow as tf
from walled import base_spec, run_walled

from grader.sandbox.wall import Limits

SUBMISSION = """
import tensorflow as tf


@tf.function
def collatz(n):
    steps = tf.constant(0)
    while n > 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        steps += 1
    return steps
"""


def use(root: Path, parent: int) -> Any:
    spec = importlib.util.spec_from_file_location("own", root / "submission" / "own.py")
    own = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(own)
    found: dict[str, Any] = {"autograph": int(own.collatz(tf.constant(6)))}

    @tf.function(jit_compile=True)
    def compiled(x: Any) -> Any:
        return tf.reduce_sum(x * x)

    found["jit"] = float(compiled(tf.constant([3.0, 4.0])))
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    x = np.ones((32, 4), "float32")
    callback = keras.callbacks.ModelCheckpoint("best.weights.h5", save_weights_only=True)
    model.fit(x, x[:, :1], epochs=2, verbose=0, callbacks=[callback])
    model.save("model.keras")
    again = keras.models.load_model("model.keras")
    found["reloaded"] = bool(np.array_equal(again.predict(x, verbose=0), model(x).numpy()))
    checkpoint = tf.train.Checkpoint(value=tf.Variable(7.0))
    manager = tf.train.CheckpointManager(checkpoint, "checkpoints", max_to_keep=1)
    manager.save()
    manager.save()  # removes the first
    checkpoint.value.assign(0.0)
    checkpoint.restore(manager.latest_checkpoint)
    found["checkpoint"] = float(checkpoint.value.numpy())
    tf.saved_model.save(checkpoint, "saved")
    found["saved model"] = float(tf.saved_model.load("saved").value.numpy())
    with tf.io.TFRecordWriter("a.tfrecord") as writer:
        writer.write(b"one")
    records = tf.data.TFRecordDataset("a.tfrecord").map(tf.strings.length, tf.data.AUTOTUNE)
    found["records"] = [int(n) for n in records.prefetch(1)]
    found["hidden"] = _refused(root / "hidden" / "canary")
    return found


def _refused(path: Path) -> str:
    try:
        return tf.io.read_file(str(path)).numpy().decode()
    except tf.errors.PermissionDeniedError:
        return "denied"


def main() -> None:
    root = Path(sys.argv[1])
    (root / "submission" / "own.py").write_text(SUBMISSION)
    spec = dataclasses.replace(base_spec(root, "tensorflow"), limits=Limits(file_bytes=64 << 20))
    print(json.dumps(run_walled(spec, use, root)))


if __name__ == "__main__":
    main()
