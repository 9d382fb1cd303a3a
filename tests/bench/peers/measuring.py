"""One batch of one grader: built, graded, measured, and compared with what is known to be right."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.settings import SETTINGS

from . import environments, meter
from .grader_form import KINDS, Failures, Form, make_class
from .ours import Baseline


@dataclass(frozen=True, slots=True)
class Batch:
    """What one grader did in one round.

    Attributes:
        seconds: on the clock, of one submission, everything included.
        cpu_seconds: of one submission, of all processes together.
        commands: what each measured command took.
        failures: the checks that each student failed.
        inner: what a baseline measured itself.
    """

    grader: str
    round: int
    submissions: int
    seconds: float
    cpu_seconds: float
    commands: tuple[meter.Measured, ...]
    failures: Failures
    kinds: dict[str, str]
    inner: object = None


def measure(form: Form, number: int, size: int, spread: int, work: Path) -> Batch:
    """One batch of a round.

    Args:
        number: of the round.
        size: how many submissions.
        spread: over how many submissions a baseline's start is spread.
    """
    folder = work / "batches" / f"{number}-{form.name.replace(' ', '-')}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    submissions = make_class(size, f"round {number} of {form.name}")
    form.build(folder, submissions)
    python = environments.prepare(form.environment, work) if form.environment else None
    environment = _environment(form, python, folder)
    for command in form.setup(folder):
        argv = [part.replace("{python}", str(python)) for part in command.argv]
        meter.run(argv, command.cwd, environment, folder / "setup.log", command.statuses)
    taken = []
    for place, command in enumerate(form.commands(folder, submissions)):
        argv = [part.replace("{python}", str(python)) for part in command.argv]
        log = folder / f"command-{place}.log"
        taken.append(meter.run(argv, command.cwd, environment, log, command.statuses))
    seconds, cpu = sum(one.seconds for one in taken), sum(one.cpu_seconds for one in taken)
    failed, inner = form.failures(folder, submissions), None
    if isinstance(form, Baseline):
        inner = json.loads((folder / "measured.json").read_text("utf-8"))
        each = inner["submissions"].values()
        seconds = _spread(seconds, sum(one["seconds"] for one in each), size, spread)
        cpu = _spread(cpu, sum(one["cpu_seconds"] for one in each), size, spread)
    else:
        seconds, cpu = seconds / size, cpu / size
    shutil.rmtree(folder)
    kinds = {s.student: s.kind for s in submissions}
    return Batch(form.name, number, size, seconds, cpu, tuple(taken), failed, kinds, inner)


def disagreements(batch: Batch) -> list[str]:
    """A sentence for each submission that was judged otherwise than its kind is to be."""
    return [
        f"{batch.grader}, {student} ({kind}): failed {', '.join(got) or 'nothing'},"
        f" expected {', '.join(KINDS[kind]) or 'nothing'}"
        for student, kind in batch.kinds.items()
        if (got := batch.failures[student]) != KINDS[kind]
    ]


def as_json(batch: Batch) -> dict[str, object]:
    """Every single measurement of a batch."""
    return asdict(batch)


def _spread(whole: float, work: float, size: int, spread: int) -> float:
    """Per submission, when what isn't the submissions' own is shared by `spread` of them."""
    return (whole - work) / spread + work / size


def _environment(form: Form, python: Path | None, folder: Path) -> dict[str, str]:
    """The same TensorFlow settings for everybody, except where TensorFlow's own are asked for."""
    settings = dict(SETTINGS)
    if not getattr(form, "our_settings", True):
        settings = {n: SETTINGS[n] for n in ("TF_CPP_MIN_LOG_LEVEL", "KERAS_BACKEND")}
    path = os.environ.get("PATH", "/usr/bin:/bin")
    home = folder / "home"  # nobody's own settings of Jupyter
    home.mkdir()
    return {
        "PATH": path if python is None else f"{python.parent}:{path}",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "CUDA_VISIBLE_DEVICES": "-1",
        **settings,
    }
