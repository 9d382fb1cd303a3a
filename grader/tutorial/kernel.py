"""Runs a document's pieces in a kernel of its own, through nbclient, and ends it for sure.

Each piece is a cell. A piece that runs past its limit is interrupted; where that doesn't help (C++
doesn't listen) it costs the kernel its life, and the next piece begins in a new kernel, in which
everything before was run again.
"""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from grader.tutorial import beside, inside
from grader.tutorial.outputs import as_plain, shown
from grader.tutorial.provisioner import ForkServer
from grader.tutorial.spawn import Manager, Specs
from grader.tutorial.values import Block, Document, Piece, Raised, Run, Seen

_format: Any = nbformat.v4  # without annotations
_NO_RUN = Run("not_run")
_START_SECONDS = 60.0
_INTERRUPT_SECONDS = 5.0
_MOST_LIVES = 6  # kernels of one document; each costs a replay


@dataclass(frozen=True, slots=True)
class Setting:
    """How documents are run.

    Attributes:
        server: forks the kernels.
        block_seconds, document_seconds: limits; a block's own `Control.timeout` goes first.
        offline: refuse the network, and say which address was wanted.
        stand_ins: made-up data in the place of downloads.
        environment: the kernels' environment variables.
    """

    server: ForkServer
    block_seconds: float
    document_seconds: float
    offline: bool
    stand_ins: bool
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Step:
    """One piece to be run."""

    block: Block
    number: int
    piece: Piece

    @property
    def key(self) -> tuple[int, int]:
        return self.block.index, self.number


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be found out beside the runs themselves.

    Attributes:
        before: Python to be run before anything else; "" for nothing.
        watch: for (block, piece), lines of its source of which `Run.seen` has to tell.
        after: for a block, code to be tried when it is over, without changing its names.
    """

    before: str = ""
    watch: Mapping[tuple[int, int], Sequence[int]] = field(default_factory=dict)
    after: Mapping[int, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of code that was tried: as in `Seen`, and the class of what it raised."""

    printed: str
    value: str | None
    raised: str | None


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a document.

    Attributes:
        runs: of each piece, by the index of its block.
        tried: by block and code, for what could be tried.
    """

    runs: Mapping[int, tuple[Run, ...]]
    tried: Mapping[tuple[int, str], Tried]


async def run(document: Document, setting: Setting, wanted: Wanted) -> Ran:
    """Runs the document's blocks in order.

    Raises:
        EngineError: no kernel can be started.
    """
    steps = [
        _Step(block, number, piece)
        for block in document.blocks
        if block.kind in ("code", "transcript") and block.control.skip is None
        for number, piece in enumerate(block.pieces)
    ]
    with tempfile.TemporaryDirectory(prefix="tutorial-") as folder:
        scratch = Path(folder, "run")
        scratch.mkdir()
        beside.copy_named_files(document, scratch)
        lives = _Lives(Path(folder), scratch, setting, wanted)
        await lives.run(steps)
    runs = {
        block.index: tuple(
            lives.runs.get((block.index, number), _NO_RUN) for number in range(len(block.pieces))
        )
        for block in document.blocks
        if block.pieces
    }
    return Ran(runs, lives.tried)


class _Lives:
    """The kernels of one document, one after another."""

    def __init__(
        self,
        folder: Path,
        scratch: Path,
        setting: Setting,
        wanted: Wanted,
    ) -> None:
        self._folder = folder
        self._scratch = scratch
        self._setting = setting
        self._wanted = wanted
        self._deadline: float | None = None
        self.runs: dict[tuple[int, int], Run] = {}
        self.tried: dict[tuple[int, str], Tried] = {}

    async def run(self, steps: Sequence[_Step]) -> None:
        """Runs `steps` in order, in as many kernels as it takes."""
        for _ in range(_MOST_LIVES):
            todo = [step for step in steps if step.key not in self.runs]
            if not todo or self._left() <= 0:
                return
            # Those that raised, too: what they did before is there for the next ones.
            done = [step for step in steps if self._can_be_repeated(step)]
            await self._live(done, todo)

    def _left(self) -> float:
        """Seconds of the document's time."""
        if self._deadline is None:
            return self._setting.document_seconds
        return self._deadline - time.monotonic()

    def _can_be_repeated(self, step: _Step) -> bool:
        ran = self.runs.get(step.key)
        return ran is not None and ran.ended in ("ok", "raised")

    async def _live(self, done: Sequence[_Step], todo: Sequence[_Step]) -> None:
        manager = Manager(
            kernel_spec_manager=Specs(),
            transport="ipc",
            connection_file=str(self._folder / "kernel.json"),
            fork_server=self._setting.server,
            offline=self._setting.offline,
            stand_ins=self._setting.stand_ins,
        )
        client = NotebookClient(
            _format.new_notebook(),
            km=manager,
            allow_errors=True,
            record_timing=False,
            store_widget_state=False,
            shutdown_kernel="immediate",
            startup_timeout=_START_SECONDS,
            timeout_func=lambda cell: cell.metadata["seconds"],
            interrupt_on_timeout=False,
        )
        environment = {**self._setting.environment, "IPYTHONDIR": str(self._folder / "ipython")}
        started = client.async_setup_kernel(
            cwd=str(self._scratch), env=environment, cleanup_kc=True
        )
        async with started:
            _leave_interrupts_alone()
            if self._deadline is None:  # starting a kernel isn't the document's time
                self._deadline = time.monotonic() + self._setting.document_seconds
            if self._wanted.before:
                await self._execute(client, self._wanted.before, _START_SECONDS)
            for step in done:
                await self._one(client, step)
            for step in todo:
                if self._left() <= 0:
                    return
                ran = await self._one(client, step)
                self.runs[step.key] = ran
                if ran.ended == "died":
                    return
                if ran.ended == "timeout" and not await self._came_back(client):
                    return
                if step.number == len(step.block.pieces) - 1 and not await self._try(client, step):
                    return

    async def _came_back(self, client: NotebookClient) -> bool:
        """Interrupts what runs too long; False when the kernel doesn't listen and has to die."""
        manager: Any = client.km
        await manager.interrupt_kernel()
        try:
            await self._execute(client, "pass", _INTERRUPT_SECONDS)
        except (CellTimeoutError, DeadKernelError):
            return False
        return True

    async def _try(self, client: NotebookClient, step: _Step) -> bool:
        """Tries what is wanted after a block; False when that ended the kernel."""
        for code in self._wanted.after.get(step.block.index, ()):
            try:
                outputs = await self._execute(
                    client, _calling(f"evaluate({code!r})"), self._setting.block_seconds
                )
            except (CellTimeoutError, DeadKernelError):
                return False
            if found := shown(outputs).record.get("evaluated"):
                self.tried[step.block.index, code] = Tried(*found)
        return True

    async def _one(self, client: NotebookClient, step: _Step) -> Run:
        control = step.block.control
        lines = self._wanted.watch.get(step.key, ())
        before = beside.listing(self._scratch)
        limit = control.timeout or self._setting.block_seconds
        limit = max(0.1, min(limit, self._left()))
        begun = time.monotonic()
        try:
            if lines or control.epochs is not None:
                prepared = f"prepare({list(lines)!r}, {control.epochs!r})"
                await self._execute(client, _calling(prepared), _START_SECONDS)
            begun = time.monotonic()
            outputs = await self._execute(client, step.piece.source, limit)
        except CellTimeoutError:
            seconds = time.monotonic() - begun
            return Run("timeout", seconds, wrote=beside.changed(before, self._scratch))
        except DeadKernelError:
            seconds = time.monotonic() - begun
            return Run("died", seconds, wrote=beside.changed(before, self._scratch))
        seconds = time.monotonic() - begun
        found = shown(outputs)
        record = found.record
        error = record.get("error")
        return Run(
            ended="raised" if error else "ok",
            seconds=seconds,
            output=found.output,
            stderr=found.stderr,
            result=found.result,
            plain=as_plain(found.output, found.result, record.get("plain")),
            raised=_raised(error, step.piece) if error else None,
            wrote=beside.changed(before, self._scratch),
            read=tuple(beside.inside(self._scratch, record.get("read", []))),
            stand_ins=tuple(record.get("stand_ins", [])),
            seen=tuple(Seen(*item) for item in record.get("seen", [])),
        )

    async def _execute(self, client: NotebookClient, source: str, seconds: float) -> list[Any]:
        cell = _format.new_code_cell(source, metadata={"seconds": seconds})
        client.nb.cells.append(cell)
        try:
            await client.async_execute_cell(cell, len(client.nb.cells) - 1)
        except DeadKernelError:
            # nbclient takes it for that, too, when this task is cancelled.
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise asyncio.CancelledError from None
            raise
        outputs: list[Any] = cell.outputs
        return outputs


def _raised(error: dict[str, Any], piece: Piece) -> Raised:
    line = piece.in_document(int(error["line"]))
    return Raised(
        type=error["type"],
        message=error["message"],
        line=line,
        bases=tuple(error["bases"]),
        missing=error["missing"],
        missing_kind=error["missing_kind"],
    )


def _leave_interrupts_alone() -> None:
    """Takes out nbclient's handlers, which end a kernel at Ctrl-C and let the command go on."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.remove_signal_handler(number)


def _calling(call: str) -> str:
    # Through __import__: nothing of ours may lie in the document's namespace.
    return f"__import__({inside.__name__!r}, fromlist=['']).{call}"


def environment(*, device: str, data: Path, home: Path) -> dict[str, str]:
    """The kernels' environment: this process's, with homes for downloads that hold stand-ins.

    Args:
        device: `cpu` hides every GPU.
        data: where scikit-learn, Keras and others look for data sets.
        home: the documents' home directory.
    """
    found = {
        **os.environ,
        "HOME": str(home),
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
        "KERAS_HOME": str(data / "keras"),
        "SCIKIT_LEARN_DATA": str(data / "scikit_learn"),
        "TFDS_DATA_DIR": str(data / "tfds"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    # ipykernel leaves the descriptors of stdout alone where it finds this.
    found.pop("PYTEST_CURRENT_TEST", None)
    if device == "cpu":
        found["CUDA_VISIBLE_DEVICES"] = "-1"
    return found
