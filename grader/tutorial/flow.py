"""Checks documents: reads all, runs them side by side, judges each, and makes the report."""

from __future__ import annotations

import asyncio
import datetime
import importlib.util
import re
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import GraderError, UsageError
from grader.keys import versions
from grader.tutorial import kernel, repair
from grader.tutorial.assess import assess, plan
from grader.tutorial.control import Settings, settings_for
from grader.tutorial.provisioner import ForkServer
from grader.tutorial.reading import MARKDOWN, NOTEBOOK, read_document
from grader.tutorial.results import Checked, Report
from grader.tutorial.standins import california
from grader.tutorial.values import Document, Verdict

_LEGACY = "TF_USE_LEGACY_KERAS"
# Imported before the kernels are forked, where a document names the package.
_PRELOADED = {
    "tensorflow": ("tensorflow", "keras"),
    "tf": ("tensorflow", "keras"),
    "keras": ("tensorflow", "keras"),
    "sklearn": ("sklearn.datasets", "sklearn.model_selection", "sklearn.preprocessing"),
    "matplotlib": ("matplotlib.pyplot",),
    "plt": ("matplotlib.pyplot",),
    "numpy": ("numpy",),
    "pandas": ("pandas",),
}
_WORD = re.compile(r"\b[a-z]\w*\b")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for.

    Attributes:
        files: documents, and directories in which all are meant.
        jobs: documents side by side.
        device: `cpu` or `gpu`.
        stand_ins: `all` or `none`; None: as the documents' settings say.
        block_seconds, document_seconds: limits; None: as the settings say.
        fix: try the patches, and write a mended copy.
        legacy: run the documents once more on Keras 2.
    """

    files: tuple[Path, ...]
    jobs: int = 1
    device: str = "cpu"
    stand_ins: str | None = None
    block_seconds: float | None = None
    document_seconds: float | None = None
    fix: bool = False
    legacy: bool = False


def check(
    request: Request,
    begin: Callable[[int], None] = lambda count: None,
    done: Callable[[Checked], None] = lambda checked: None,
) -> Report:
    """Checks the documents that `request` names.

    Args:
        begin: told how many documents there are.
        done: told of each when it is finished.

    Raises:
        UsageError: a file can't be read, or nothing is there to be checked.
        EngineError: no kernel can be started.
        Unfinished: something ended it, Ctrl-C included, when some documents were done.
    """
    begun, started = time.monotonic(), datetime.datetime.now(datetime.UTC)
    if request.legacy and importlib.util.find_spec("tf_keras") is None:
        raise UsageError("--legacy: Keras 2 isn't there; install it: `pip install tf_keras`")
    documents = _read(request)
    begin(len(documents))
    finished: dict[Path, Checked] = {}

    def report() -> Report:
        return Report(
            checked=tuple(finished[read.path] for read in documents if read.path in finished),
            started=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            seconds=time.monotonic() - begun,
            versions=versions(),
            unchecked=tuple(str(read.path) for read in documents if read.path not in finished),
        )

    def keep(read: _Read, checked: Checked) -> None:
        finished[read.path] = checked
        done(checked)

    try:
        with tempfile.TemporaryDirectory(prefix="tutorials-") as folder, ExitStack() as stack:
            bench = _bench(request, documents, Path(folder), stack)
            asyncio.run(_all(request, documents, bench, keep))
    except (Exception, KeyboardInterrupt) as error:
        if finished:
            raise Unfinished(report()) from error
        raise
    return report()


class Unfinished(GraderError):
    """Something ended a check, its cause; `report` has what was finished by then."""

    def __init__(self, report: Report) -> None:
        done = len(report.checked)
        super().__init__(f"{done} of {done + len(report.unchecked)} documents were checked")
        self.report = report


@dataclass(frozen=True, slots=True)
class _Read:
    """A document with its settings, and how it was named."""

    path: Path
    document: Document
    settings: Settings


@dataclass(frozen=True, slots=True)
class _Bench:
    """What documents are run on: kernels of today's Keras and, if asked for, of Keras 2."""

    today: ForkServer
    environment: Mapping[str, str]
    legacy: ForkServer | None
    legacy_environment: Mapping[str, str]


def _read(request: Request) -> list[_Read]:
    found: dict[Path, Path] = {}
    for named in request.files:
        inside = sorted(_inside(named)) if named.is_dir() else [named]
        if not inside:
            raise UsageError(f"{named}: no .md, .markdown or .ipynb file in this directory")
        for path in inside:
            found.setdefault(path.resolve(), path)
    if not found:
        raise UsageError("no document named; name .md or .ipynb files, or a directory of them")
    documents, refused = [], []
    for path in found.values():
        try:
            settings = settings_for(path)
            documents.append(_Read(path, read_document(path, settings), settings))
        except UsageError as error:
            refused.append(str(error))
    if refused:
        raise UsageError("; ".join(refused))
    return documents


def _inside(folder: Path) -> list[Path]:
    return [
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in MARKDOWN | NOTEBOOK
        and path.is_file()
        and not path.stem.endswith(repair.MARK)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def _bench(request: Request, documents: Sequence[_Read], folder: Path, stack: ExitStack) -> _Bench:
    data, home = folder / "data", folder / "home"
    home.mkdir()
    text = "\n".join(read.document.text for read in documents)
    if "california_housing" in text:
        california.write(data / "scikit_learn")
    today = kernel.environment(device=request.device, data=data, home=home)
    words = set(_WORD.findall(text))
    modules = [m for word, names in _PRELOADED.items() if word in words for m in names]
    unique = tuple(dict.fromkeys(modules))
    before = {**today, _LEGACY: "1"}
    return _Bench(
        today=stack.enter_context(ForkServer(unique, today, folder / "kernels.log")),
        environment=today,
        legacy=(
            stack.enter_context(ForkServer(unique, before, folder / "legacy.log"))
            if request.legacy
            else None
        ),
        legacy_environment=before,
    )


async def _all(
    request: Request,
    documents: Sequence[_Read],
    bench: _Bench,
    done: Callable[[_Read, Checked], None],
) -> None:
    seats = asyncio.Semaphore(request.jobs)

    async def one(read: _Read) -> None:
        async with seats:
            checked = await _one(request, read, bench)
        done(read, checked)

    await asyncio.gather(*(one(read) for read in documents))


async def _one(request: Request, read: _Read, bench: _Bench) -> Checked:
    begun = time.monotonic()
    made_up = (request.stand_ins or read.settings.stand_ins) == "all"
    setting = kernel.Setting(
        server=bench.today,
        block_seconds=request.block_seconds or read.settings.timeout,
        document_seconds=request.document_seconds or read.settings.document_timeout,
        offline=True,
        stand_ins=made_up,
        environment=bench.environment if made_up else _without_sets(bench.environment),
    )
    planned = plan(read.document)

    async def judged(document: Document) -> tuple[Verdict, ...]:
        own = planned if document is read.document else plan(document)
        return assess(document, own, await kernel.run(document, setting, own.wanted))

    verdicts = await judged(read.document)
    checked = Checked(
        path=str(read.path),
        title=read.document.title,
        document=read.document,
        verdicts=verdicts,
        stand_ins=tuple(sorted({name for verdict in verdicts for name in verdict.stand_ins})),
    )
    if bench.legacy is not None:
        environment = bench.legacy_environment
        old = replace(
            setting,
            server=bench.legacy,
            environment=environment if made_up else _without_sets(environment),
        )
        before = assess(
            read.document, planned, await kernel.run(read.document, old, planned.wanted)
        )
        checked = replace(checked, rot=_rot(verdicts, before))
    if request.fix:
        mended = await repair.mend(read.document, verdicts, judged)
        checked = replace(checked, mended=mended.diff, still_failing=mended.still_failing)
        if mended.text is not None:
            repair.write(read.document, mended.text)
    return replace(checked, seconds=time.monotonic() - begun)


def _without_sets(environment: Mapping[str, str]) -> dict[str, str]:
    """Where another document's stand-ins lie must not be where this one looks."""
    empty = f"{environment['HOME']}/scikit_learn_data"
    return {**environment, "SCIKIT_LEARN_DATA": empty}


def _rot(now: Sequence[Verdict], before: Sequence[Verdict]) -> dict[int, bool]:
    """For each block that fails now, whether it ran on Keras 2."""
    return {
        verdict.block.index: old.status in ("passed", "drifted", "expected")
        for verdict, old in zip(now, before, strict=True)
        if verdict.status in ("failed", "cascaded")
    }
