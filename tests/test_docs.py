"""The steps in CONTRIBUTING.md work as they stand: its code blocks make an exercise that grades."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

from grader import batch, course, shard
from grader.engine.config import EngineConfig
from grader.sandbox.levels import Level
from grader.store import Store
from grader.stubs import cut
from grader.submissions import Submission
from grader.variants import read_variants

ROOT = Path(__file__).parents[1]
HEAD = 'name = { en = "A course", zh = "一门课" }\nlanguages = ["en", "zh"]\n'


def blocks(language: str) -> list[str]:
    """The code blocks of CONTRIBUTING.md in a language, without their indentation."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return [dedent(b) for b in re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.M | re.S)]


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def test_the_example_of_a_new_exercise(tmp_path: Path) -> None:
    """The reference passes the example's check, the example's variant fails it, the stub too."""
    (announced,), (solution, check, variant) = blocks("toml"), blocks("python")
    reference = f"import tensorflow as tf\n\n\n{solution}"
    wrong = (
        f"{variant}\nimport tensorflow as tf\n\n\ndef relu6(x):\n    return tf.minimum(x, 6.0)\n"
    )
    write(tmp_path / "course.toml", HEAD + announced)
    write(tmp_path / "solutions/relu6/relu6.py", reference)
    write(tmp_path / "solutions/relu6/test_relu6.py", check)
    write(tmp_path / "solutions/relu6/variants/wrong_negative.py", wrong)
    loaded = course.load(tmp_path)
    (exercise,) = loaded.exercises
    specs = shard.collect([exercise])
    assert [spec.id for spec in specs[exercise]] == ["test_values"]
    (read,) = read_variants(exercise)
    assert "test_values" in read.fails
    modules = {"reference": reference, "wrong": wrong, "stub": cut(reference, "relu6.py")}
    plan = batch.Plan(
        course=loaded,
        specs=specs,
        submissions=[
            Submission(name, "relu6", "ready", source.encode(), f"{name}/relu6.py")
            for name, source in modules.items()
        ],
        config=EngineConfig(Level.STRICT, loaded.limits),
        seed=1,
        jobs=1,
        store=Store(tmp_path / "verdicts.sqlite"),
        use_store=False,
    )
    rows = batch.grade(plan, lambda row: None)
    plan.store.close()
    assert [row.checks[0].outcome for row in rows] == ["passed", "failed", "failed"]
    assert [row.points for row in rows] == [4.0, 0.0, 0.0]
