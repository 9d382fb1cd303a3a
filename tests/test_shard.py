"""The process that runs hidden checks holds neither TensorFlow nor anything of a student's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from grader import course, shard
from grader.engine.config import EngineConfig
from grader.sandbox.levels import Level

TINY = Path(__file__).parent / "courses" / "tiny"

_SHARD = """
import json, sys
from pathlib import Path
from grader import course, shard
from grader.engine.config import EngineConfig
from grader.job import Job
from grader.sandbox.levels import Level

root, work = Path(sys.argv[1]), Path(sys.argv[2])
config = EngineConfig(Level.STRICT, course.load(root).limits)
process = shard.Process(root, config, work)
source = b"import tensorflow as tf\\ndef square(x):\\n    return x * x\\n"
rows = []
job = Job("key", "ada", "square", source, "square.py", None, ())
shard.run(process, 5, [job], lambda key, row: rows.append(row))
process.close()
roots = {name.partition(".")[0] for name in sys.modules}
print(json.dumps([rows[0].points, sorted(roots & {"tensorflow", "keras", "square"})]))
"""


def test_no_tensorflow_beside_the_checks(tmp_path: Path) -> None:
    """After a whole shard was checked, TensorFlow, Keras and the submission were never imported."""
    done = subprocess.run(
        [sys.executable, "-c", _SHARD, str(TINY), str(tmp_path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == [10.0, []]


def test_another_seeds_answers_are_forgotten(tmp_path: Path) -> None:
    """What the reference said stays as long as the same questions are asked, and no longer."""
    config = EngineConfig(Level.STRICT, course.load(TINY).limits)
    process = shard.Process(TINY, config, tmp_path)
    process.settle(1)
    process.memory[b"asked"] = "answered"
    process.settle(1)
    assert process.memory == {b"asked": "answered"}
    process.settle(2)
    assert process.memory == {}
