"""The baselines: the six checks for a whole class, from one process that imports TensorFlow once.

    python warm.py same|fork plain|grappler CLASS OUT.json

`same`: all in this process, without any isolation, tidied up as an instructor would do, with
`keras.backend.clear_session()`. `fork`: a fork per submission, taken before the first operation.
`plain`: Grappler's meta-optimizer is off, as in this grader's workers.
"""

import importlib.util
import json
import os
import sys
import time
from pathlib import Path


def load(file):
    """The submission as a module under its own name."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


def in_this_process(file):
    """Checks a submission and tidies up; returns the failed checks."""
    failed = six_checks.failures(load(file))
    keras.backend.clear_session()
    return failed


def in_a_fork(file):
    """The same in a child."""
    receiving, sending = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(sending, json.dumps(six_checks.failures(load(file))).encode())
        finally:
            os._exit(0)
    os.close(sending)
    with os.fdopen(receiving, "rb") as answer:
        failed = json.loads(answer.read())
    os.waitpid(pid, 0)
    return failed


def cpu_seconds():
    """Of this process and of the children that it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


kind, grappler, folder, out = sys.argv[1:]
begun = time.perf_counter()
import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

sys.path.insert(0, os.path.dirname(__file__))
import six_checks  # noqa: E402

if grappler == "plain":
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
check = {"same": in_this_process, "fork": in_a_fork}[kind]
measured = {
    "start_seconds": time.perf_counter() - begun,
    "start_cpu_seconds": cpu_seconds(),
    "submissions": {},
}
for place in sorted(Path(folder).iterdir()):
    clock, cpu = time.perf_counter(), cpu_seconds()
    found = check(place / "huber6.py")
    measured["submissions"][place.name] = {
        "failed": found,
        "seconds": time.perf_counter() - clock,
        "cpu_seconds": cpu_seconds() - cpu,
    }
Path(out).write_text(json.dumps(measured))
