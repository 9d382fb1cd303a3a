"""The grader that people write first: what attacks on comparisons and protocols are tried on.

Usage: naive.py SUBMISSION GROUND   grades SUBMISSION and, after it, an honest one; prints one JSON
object: the points of both, and what was said about the submission.

One process imports TensorFlow once and grades the whole class. It tells its verdicts over a pipe to
a second one, which adds them up, so that a crash doesn't lose the marks before it. Every line of
this has been in a real course; don't use any of it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import pickle
import signal
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

POINTS = {"values": 6.0, "gradient": 4.0}
REFERENCE = "def square(x):\n    return x * x\n"
CHANNEL = 3
PICKLED = 42  # an extension of msgpack's
NIGHT = 60  # seconds; in the morning the marks have to be there

# -- the process that grades -----------------------------------------------------------------------


def check_values(module):
    import numpy as np
    from reference import square

    example = np.array([3.0, -1.5])
    drawn = np.random.RandomState(42).normal(size=4)  # the same for everybody: that is only fair
    for x in (example, drawn):
        got = module.square(x)
        want = square(x)
        if not alike(got, want):
            raise AssertionError(f"square({x}) is {want}, not {got}")
    return got


def check_gradient(module):
    from reference import square

    got, want = slope(module.square), slope(square)
    if not alike(got, want):
        raise AssertionError(f"the gradient is {want}, not {got}")
    return got


def slope(function):
    import numpy as np

    if "tensorflow" not in sys.modules:  # it takes seconds, so only for those who use it
        x, step = np.array([3.0, -1.5]), 1e-6
        return (function(x + step) - function(x - step)) / (2 * step)
    tf = sys.modules["tensorflow"]
    x = tf.constant([3.0, -1.5])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x)


def alike(got, want):
    """Equal, or but for rounding: relative to the larger of the two."""
    import numpy as np

    try:
        if got == want:
            return True
    except ValueError:  # arrays
        pass
    too_far = np.abs(got - want) > 1e-6 * np.maximum(np.abs(got), np.abs(want))
    return not any(np.ravel(too_far))


def grade(ground, *files):
    """Grades one file after the other, in this process."""
    sys.path.insert(0, str(Path(files[-1]).parent))
    # Whose work looks like whose is told afterwards.
    everybody = {path: path.read_text(errors="replace") for path in Path(ground).rglob("*.py")}
    for file in files:
        spec = importlib.util.spec_from_file_location(Path(file).stem, file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        student = "honest" if file == files[-1] else "submission"
        for check in POINTS:
            answer, said, passed = None, "", True
            try:
                answer = globals()[f"check_{check}"](module)
            except Exception as error:
                said, passed = f"{type(error).__name__}: {error}", False
            print(student, check, said or "passed", flush=True)
            tell(student, check, passed, said, answer)
    del everybody


def tell(student, check, passed, said, answer):
    import msgpack

    verdict = {"student": student, "check": check, "passed": bool(passed), "said": said}
    header = msgpack.packb(verdict)
    try:
        payload = pickle.dumps(answer)
    except Exception:
        payload = pickle.dumps(None)
    data = struct.pack("!II", len(header), len(payload)) + header + payload
    while data:
        data = data[os.write(CHANNEL, data) :]


# -- the process that adds up ----------------------------------------------------------------------


def gather(pipe):
    """What was told: {(student, check): passed} and the words about the submission."""
    import msgpack

    verdicts, words = {}, []
    while len(prefix := pipe.read(8)) == 8:
        header, payload = struct.unpack("!II", prefix)
        verdict = msgpack.unpackb(pipe.read(header), ext_hook=unpacked, strict_map_key=False)
        with contextlib.suppress(Exception):  # an object of a class that is only known there
            pickle.loads(pipe.read(payload))  # goes into the collection of answers
        verdicts[verdict["student"], verdict["check"]] = verdict["passed"]
        words.append(str(verdict["said"]))
    return verdicts, words


def unpacked(code, data):
    """What msgpack has no form for."""
    return pickle.loads(data) if code == PICKLED else data


def main(file, ground):
    signal.alarm(NIGHT)
    password = Path(ground, "secret", "canary").read_text()  # of the server that has the uploads
    log = Path(file).with_suffix(".log")
    with tempfile.TemporaryDirectory() as folder:
        honest = Path(folder, "honest.py")
        honest.write_text(REFERENCE)
        Path(folder, "reference.py").write_text(REFERENCE)
        reading, writing = os.pipe()
        os.set_inheritable(writing, True)
        try:
            with log.open("wb") as output:
                grading = subprocess.Popen(
                    [sys.executable, __file__, "--grade", str(writing), ground, file, str(honest)],
                    close_fds=False,
                    stdout=output,
                    stderr=output,
                    env={**os.environ, "UPLOADS_PASSWORD": password},
                )
            os.close(writing)
            with open(reading, "rb") as pipe:
                verdicts, words = gather(pipe)
            status = grading.wait()
            with log.open("rb") as output:
                words.append(output.read(3000).decode(errors="replace"))
        finally:
            log.unlink()
    points = {}
    for student in ("submission", "honest"):
        # Points are taken off for what failed.
        kept = [POINTS[check] for check in POINTS if verdicts.get((student, check), True)]
        graded = status == 0 or any(name == student for name, _ in verdicts)
        points[student] = sum(kept) if graded else 0.0
    return {
        "points": points["submission"],
        "neighbour": points["honest"],
        "detail": "\n".join(words),
    }


if __name__ == "__main__":
    if sys.argv[1] == "--grade":
        channel = int(sys.argv[2])
        if channel != CHANNEL:
            os.dup2(channel, CHANNEL)
            os.close(channel)
        grade(*sys.argv[3:])
    else:
        print(json.dumps(main(*sys.argv[1:])))
