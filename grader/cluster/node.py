"""What runs in a Dask worker: it greets the grader, and has shards checked by processes of ours.

A worker keeps its processes, each with a zygote and the reference's answers, from shard to shard,
and courses under a temporary directory that goes when the worker does. It knows no Dask: Dask calls
`greet` and `work` in threads of its own, `dismiss` in its event loop.
"""

from __future__ import annotations

import atexit
import os
import secrets
import tempfile
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader import disk, folders
from grader.cluster.child import Child
from grader.cluster.files import Parcel, unpack
from grader.cluster.travels import Order, Outcome, difference, sorts
from grader.devices import here, require_device
from grader.engine.trees import remove_tree
from grader.errors import GraderError, UsageError
from grader.job import Job, Start
from grader.sandbox import levels

_IDLE = 2  # processes without work that are kept at least; each holds a zygote with TensorFlow
_COURSES = 4  # that are kept; whoever needs another one again is sent it again


class _Node:
    """What a worker keeps."""

    def __init__(self) -> None:
        self.token = secrets.token_hex(8)
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._folder: Path | None = None
        self._courses: dict[str, Path] = {}
        self._idle: list[tuple[Order, Child]] = []
        self._working: list[tuple[Order, Child]] = []
        self._side_by_side = _IDLE
        atexit.register(self._stack.close)

    def keep(self, parcel: Parcel) -> None:
        """Unpacks a course that isn't there yet."""
        with self._lock:
            if self._folder is None:
                parent = disk.temporary_folder(1)
                self._folder = self._stack.enter_context(folders.temporary(parent))
            if parcel.digest not in self._courses:
                folder = Path(tempfile.mkdtemp(prefix="course-", dir=self._folder))
                unpack(parcel, folder)
                self._courses[parcel.digest] = folder
                while len(self._courses) > _COURSES:
                    remove_tree(self._courses.pop(next(iter(self._courses))))

    def work(self, order: Order, jobs: tuple[Job, ...]) -> Outcome:
        """A shard, checked by a process that knows the order, or by a new one."""
        with self._lock:
            if order.course not in self._courses or self._folder is None:
                # Dask runs again what was lost with a worker, should another get its address.
                return Outcome("returned", "it was meant for another worker")
            child = self._pick(order)
            if child is None:
                try:
                    children = len(self._working) + len(self._idle) + 1
                    placed = here(order.config.placement, children)
                    start = Start(
                        self._courses[order.course], replace(order.config, placement=placed),
                        self._folder, os.getpid(), None,
                    )  # fmt: skip
                    child = Child(start)
                except UsageError as error:
                    return Outcome("not_started", str(error))
                except OSError as error:
                    return Outcome("not_started", f"no process can be started: {error}")
            held = (order, child)
            self._working.append(held)
            self._side_by_side = max(self._side_by_side, len(self._working))
        outcome = child.work(order.seed, jobs)
        with self._lock:
            self._working.remove(held)
            if outcome.what == "done":
                self._idle.append(held)
                surplus = [child for _, child in self._idle[: -self._side_by_side]]
                del self._idle[: -self._side_by_side]
            else:
                surplus = [child]
        for child in surplus:
            child.bury()
        return outcome

    def _pick(self, order: Order) -> Child | None:
        for held in self._idle:
            if held[0] == order:
                self._idle.remove(held)
                return held[1]
        return None

    def dismiss(self, run: str) -> None:
        """Ends the processes of a run, whatever they are at."""
        with self._lock:
            gone = [child for order, child in self._idle if order.run == run]
            self._idle = [held for held in self._idle if held[0].run != run]
            for order, child in self._working:
                if order.run == run:
                    child.end()  # and the thread that waits for it buries it
        for child in gone:
            child.bury()


_NODE = _Node()


def greet(
    wanted: Mapping[str, str], level: str, gpu: bool, digest: str, course: bytes
) -> dict[str, Any]:
    """Whether this worker is fit for a run, which it then has the course of.

    Takes and gives plain values only, so that another version of the grader can be told as such.

    Returns:
        `refusal`: why it isn't, in words, or empty; `token` of this very process; `notes`: what the
        level doesn't promise on this machine, as (English, Chinese).
    """
    answer: dict[str, Any] = {"refusal": "", "token": _NODE.token, "notes": []}
    try:
        answer["refusal"] = difference(wanted, sorts())
        if not answer["refusal"]:
            capabilities = levels.detect()
            levels.require(levels.Level(level), capabilities)
            require_device("gpu" if gpu else "cpu")
            _NODE.keep(Parcel(digest, course))
            notes = levels.notes(capabilities, levels.Level(level))
            answer["notes"] = [(note.en, note.zh) for note in notes]
    except GraderError as error:
        answer["refusal"] = str(error)
    except (OSError, ValueError) as error:
        answer["refusal"] = f"the course can't be unpacked there: {error}"
    return answer


def work(token: str, order: Order, jobs: tuple[Job, ...]) -> Outcome:
    """Checks a shard on the worker that has been greeted as `token`."""
    if token != _NODE.token:
        return Outcome("returned", "it was meant for another worker")
    return _NODE.work(order, jobs)


def dismiss(run: str) -> None:
    """Ends what belongs to a run that is over."""
    _NODE.dismiss(run)
