"""The benchmark against other graders: its checks judge as they should, its files are complete."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grader import batch, course, shard
from grader.engine.config import EngineConfig
from grader.sandbox.levels import Level
from grader.store import Store
from grader.submissions import Submission

from .bench.peers import environments, table
from .bench.peers.__main__ import DOCUMENT, _options, _turns, forms
from .bench.peers.grader_form import CHECKS, EXERCISE, KINDS, Form, make_class
from .bench.peers.measuring import Batch, disagreements
from .bench.peers.meter import CommandFailed, Measured, run
from .bench.peers.ours import COURSE, Baseline

CLASS = make_class(len(KINDS), "a test")
MEASURED = Measured(2.0, 1.0, "cgroup", 0.5, 3.0, 0.1)


def some_batch(grader: str, number: int = 0, seconds: float = 2.0, cpu: float = 1.0) -> Batch:
    """One in which every submission was judged as it should be."""
    failures = {s.student: KINDS[s.kind] for s in CLASS}
    kinds = {s.student: s.kind for s in CLASS}
    return Batch(grader, number, 4, seconds, cpu, (MEASURED,), failures, kinds)


def test_the_course_of_six_checks_judges_as_the_others_have_to(tmp_path: Path) -> None:
    """Each kind of submission fails in this grader what `KINDS` says, and is never the grader's."""
    loaded = course.load(COURSE)
    (exercise,) = loaded.exercises
    specs = shard.collect([exercise])
    assert [spec.id for spec in specs[exercise]] == [f"test_{name}" for name in CHECKS]
    plan = batch.Plan(
        course=loaded,
        specs=specs,
        submissions=[
            Submission(s.kind, EXERCISE, "ready", s.source.encode(), f"{s.kind}/huber6.py")
            for s in CLASS
        ],
        config=EngineConfig(Level.STRICT, loaded.limits),
        seed=1,
        jobs=1,
        store=Store(tmp_path / "verdicts.sqlite"),
        use_store=False,
    )
    rows = batch.grade(plan, lambda row: None)
    plan.store.close()
    outcomes = {row.student: {c.id: c.outcome for c in row.checks} for row in rows}
    assert outcomes == {
        kind: {f"test_{name}": "failed" if name in failed else "passed" for name in CHECKS}
        for kind, failed in KINDS.items()
    }


def test_the_plain_functions_judge_the_same(tmp_path: Path) -> None:
    """What other graders run fails the same checks for the same submissions."""
    form = Baseline("fork")
    form.build(tmp_path, CLASS)
    (command,) = form.commands(tmp_path, CLASS)
    subprocess.run(command.argv, cwd=command.cwd, check=True, capture_output=True)
    assert form.failures(tmp_path, CLASS) == {s.student: KINDS[s.kind] for s in CLASS}


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.name)
def test_the_files_of_each_grader(tmp_path: Path, form: Form) -> None:
    """All submissions and all six checks are in them, in Python and notebooks that parse."""
    form.build(tmp_path, CLASS)
    texts = {file: file.read_text("utf-8") for file in tmp_path.rglob("*") if file.is_file()}
    code = []
    for file, text in texts.items():
        if file.suffix == ".ipynb":
            notebook = nbformat.reads(text, as_version=4)
            nbformat.validate(notebook)
            code += [cell.source for cell in notebook.cells]
        elif file.suffix == ".py":
            code.append(text)
    for source in code:
        ast.parse(source)
    assert all(submission.source in code for submission in CLASS)
    if form.environment:
        assert all(
            any(f"six_checks.{name}(" in source for source in code)
            or any(f"passes(six_checks.{name})" in source for source in code)
            for name in CHECKS
        )
    commands = form.commands(tmp_path, CLASS)
    assert len(commands) in (1, len(CLASS))
    assert all(command.cwd.is_dir() for command in [*form.setup(tmp_path), *commands])
    assert not form.environment or form.environment in environments.PINS


def test_another_verdict_is_noticed() -> None:
    """A grader that passes everybody is told so, submission by submission."""
    good = some_batch("good")
    assert disagreements(good) == []
    lenient = Batch(
        "lenient", 0, 4, 2.0, 1.0, (MEASURED,), dict.fromkeys(good.kinds, ()), good.kinds
    )
    sentences = disagreements(lenient)
    assert len(sentences) == sum(bool(failed) for failed in KINDS.values())
    assert "(wrong_config_lacks_threshold): failed nothing, expected config, reload" in sentences[1]


def test_the_table_has_medians_and_ratios_within_rounds() -> None:
    """Each round's ratio is its own: what slowed a whole round changes none."""
    batches = [
        *(some_batch("grader, --jobs 2", n, s, 0.6) for n, s in enumerate([0.5, 5.0, 0.6])),
        *(some_batch("slow", n, s, 3.0) for n, s in enumerate([5.0, 50.0, 7.2])),
        *(some_batch("warm process", n, 1.0, 0.5) for n in range(3)),
    ]
    text = table.table(batches, {"slow": "1.2"}, "A machine.")
    assert "| slow | 1.2 | 4 | 7.20 (5.00–50.00) | 10.00 | 3.00 | 6.00 |" in text
    assert "| grader, `--jobs 2` |  | 4 | 0.60 (0.50–5.00) | 1.00 | 0.60 | 1.20 |" in text
    assert text.endswith("\n\nA machine.")


def test_the_table_goes_between_its_marks(tmp_path: Path) -> None:
    """The rest of the page stays; without marks nothing is written; the real page has them."""
    page = tmp_path / "page.md"
    page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n", "utf-8")
    table.update(page, "new")
    assert page.read_text("utf-8") == f"before\n{table.BEGIN}\n\nnew\n\n{table.END}\nafter\n"
    page.write_text("no marks\n", "utf-8")
    with pytest.raises(ValueError, match="lacks the lines"):
        table.update(page, "new")
    assert page.read_text("utf-8") == "no marks\n"
    real = DOCUMENT.read_text("utf-8")
    assert real.count(table.BEGIN) == real.count(table.END) == 1


def test_every_grader_once_a_round() -> None:
    """Each round begins with another one."""
    turns = list(_turns(forms(), 3))
    names = [form.name for form in forms()]
    rounds = [[form.name for form, number in turns if number == n] for n in range(3)]
    assert all(sorted(of) == sorted(names) for of in rounds)
    assert len({of[0] for of in rounds}) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--rounds 0", "--rounds: at least 1"),
        ("--ours 99", "--ours: a multiple of 4"),
        ("--submissions 0", "--submissions: a multiple of 4"),
        ("--only nobody", "--only nobody: the names are grader, --jobs 2; "),
        ("--only pytest --update", "can't go with --only"),
        ("--out no/such/folder.json", "--out: there is no folder no/such"),
    ],
)
def test_a_call_that_can_not_be(
    arguments: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line says why, before anything is installed or measured."""
    with pytest.raises(SystemExit) as ended:
        _options(arguments.split())
    assert ended.value.code == 2
    assert said in capsys.readouterr().err.splitlines()[-1]


def test_cpu_of_a_process_that_nobody_waited_for_counts(tmp_path: Path) -> None:
    """A child that outlives its parent: `wait` knows nothing of it, the meter does."""
    burn = "import time\nwhile time.process_time() < 1.0: pass"
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}])"
    measured = run([sys.executable, "-c", code], tmp_path, {}, tmp_path / "log")
    assert measured.waited_cpu_seconds < 0.9
    assert measured.method == "/proc/stat" or measured.cpu_seconds > 0.9


def test_a_command_that_fails_is_no_measurement(tmp_path: Path) -> None:
    """Its status and its last words are told."""
    with pytest.raises(CommandFailed, match=r"status 3\n.*no such thing"):
        run(["sh", "-c", "echo no such thing; exit 3"], tmp_path, {}, tmp_path / "log")
