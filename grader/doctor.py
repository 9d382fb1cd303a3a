"""What this machine has for walling in students' code: `grader doctor`.

Nothing is concluded from a version number: each layer is asked for, and at the end a worker is
really walled in and tries what must fail.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Group
from rich.table import Table
from rich.text import Text as Styled

from grader import devices
from grader.course import Limits
from grader.engine.config import EngineConfig
from grader.engine.zygote import Zygote
from grader.errors import GraderError
from grader.sandbox import levels
from grader.sandbox.levels import Capabilities, Level
from grader.sandbox.scratch import MOST_BYTES, MOST_FILES

State = Literal["ok", "weaker", "missing", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the diagnosis.

    Attributes:
        layer: what was looked at.
        state: `ok`; `weaker`: graded all the same, and the report says what is lost; `missing`:
            the level can't be had without it; `note`: nothing to do with the wall.
        found: what is there.
        mend: how to get what isn't, empty if nothing is missing.
    """

    layer: str
    state: State
    found: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings for one level.

    Attributes:
        refusal: why grading at this level is refused here, empty if it isn't.
        lost: what the reports will say that this level doesn't promise here.
    """

    level: Level
    findings: tuple[Finding, ...]
    refusal: str
    lost: tuple[str, ...]


def diagnose(level: Level) -> Diagnosis:
    """Looks at everything that grading at `level` needs; takes as long as importing TensorFlow."""
    found = levels.detect()
    findings = [_system(found)]
    if found.system == "Linux":
        findings += [
            _landlock(found, level),
            _seccomp(found),
            _outer(found),
            _uid(found, level),
            _scratch(found),
        ]
    findings += [_memory(), _disk(), _gpu()]
    refusal = ""
    try:
        levels.require(level, found)
        _try_a_worker(level)
        tried = Finding("a worker", "ok", "walled in; everything that it tried was stopped")
    except GraderError as error:
        refusal = str(error)
        tried = Finding("a worker", "missing", "none can be walled in", refusal)
    findings.append(tried)
    lost = () if refusal else tuple(note.en for note in levels.notes(found, level))
    return Diagnosis(level, tuple(findings), refusal, lost)


_STYLES = {"ok": "green", "weaker": "yellow", "missing": "red", "note": "dim"}


def shown(diagnosis: Diagnosis) -> Group:
    """The diagnosis for a terminal: a line for each layer, then what follows from them."""
    table = Table.grid(padding=(0, 2))
    for finding in diagnosis.findings:
        mark = Styled("" if finding.state == "note" else finding.state, _STYLES[finding.state])
        table.add_row(Styled(finding.layer), mark, Styled(finding.found))
        if finding.mend and finding.mend != diagnosis.refusal:
            table.add_row("", "", Styled(f"to mend it: {finding.mend}", "italic"))
    level = diagnosis.level.value
    if diagnosis.refusal:
        last = [Styled(f"--sandbox {level}: refused here; {diagnosis.refusal}", "bold red")]
    else:
        last = [Styled(f"--sandbox {level}: works here", "bold green")]
        if diagnosis.lost:
            last.append(Styled("Every report will say what it doesn't promise on this machine:"))
            last += [Styled(f"  - {line}") for line in diagnosis.lost]
    return Group(table, "", *last)


def _try_a_worker(level: Level) -> None:
    zygote = Zygote(EngineConfig(level, Limits()))
    try:
        zygote.try_out()
    finally:
        zygote.close()


def _system(found: Capabilities) -> Finding:
    where = "".join(
        f", in a container ({name})"
        for name, marker in (("Docker", "/.dockerenv"), ("Podman", "/run/.containerenv"))
        if os.path.exists(marker)
    )
    who = "root" if found.uid == 0 else f"an ordinary user (uid {found.uid})"
    said = f"{found.system} {platform.release()} on {found.machine}, as {who}{where}"
    if found.system != "Linux":
        mend = "grade in the grader's Linux container or under WSL2; the self-check runs here"
        return Finding("system", "missing", said, mend)
    return Finding("system", "ok", said)


def _landlock(found: Capabilities, level: Level) -> Finding:
    abi = found.landlock_abi
    if abi >= levels.TRUNCATION_ABI:
        return Finding("Landlock", "ok", f"ABI {abi}: files are closed to a worker but its own")
    said = f"ABI {abi} doesn't govern truncation" if abi else "not in this kernel, or not allowed"
    mend = (
        "Linux 6.2 or newer with landlock among its security modules (cat /sys/kernel/security/lsm;"
        " kernel option lsm=landlock,...); in a container, a seccomp profile that allows landlock_*"
    )
    return Finding("Landlock", "missing" if level is Level.STRICT else "weaker", said, mend)


def _seccomp(found: Capabilities) -> Finding:
    if found.seccomp:
        return Finding("seccomp", "ok", "system calls are filtered, attacks end the worker")
    mend = "a kernel with CONFIG_SECCOMP_FILTER, or a container whose profile allows seccomp()"
    return Finding("seccomp", "missing", "no filter can be installed", mend)


def _outer(found: Capabilities) -> Finding:
    if found.outer is not None:
        own = "mount, network, IPC, host name" + (" and process" if found.outer.processes else "")
        return Finding("outer wall", "ok", f"bubblewrap: {own} namespaces")
    if shutil.which("bwrap") is None:
        mend = "install bubblewrap (apt install bubblewrap, dnf install bubblewrap)"
    else:
        mend = (
            "let it make user namespaces: sysctl user.max_user_namespaces,"
            " kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns;"
            " a container's own wall often forbids them, and grading goes on without"
        )
    return Finding("outer wall", "weaker", f"none: {found.no_outer}", mend)


def _uid(found: Capabilities, level: Level) -> Finding:
    if found.can_drop_uid:
        return Finding("own uid", "ok", "each worker has a uid that no other process has")
    why = levels.why_uid_stays(found).en
    if found.uid != 0:
        mend = "grade as root, in a container for example; strict doesn't need it"
        return Finding("own uid", "weaker", f"workers keep this one: {why}", mend)
    mend = "install bubblewrap, or Python where every user can read it"
    state: State = "missing" if level is Level.BASIC else "weaker"
    return Finding("own uid", state, f"workers keep root's: {why}", mend)


def _scratch(found: Capabilities) -> Finding:
    if found.private_scratch:
        said = f"in memory, at most {MOST_BYTES >> 20} MB and {MOST_FILES:,} files, by the kernel"
        return Finding("scratch", "ok", said)
    said = "a directory on disk, whose size the grader watches"
    return Finding("scratch", "weaker", said, "it comes with the outer wall")


def _memory() -> Finding:
    limit = Limits().memory_mb
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        free = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return Finding("memory", "note", f"unknown; a worker may use {limit} MB unless told")
    said = f"{free / (1 << 20):.1f} GB available; a worker may use {limit} MB unless told otherwise"
    return Finding("memory", "note", said)


def _disk() -> Finding:
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    return Finding("disk", "note", f"{free / 1e9:.1f} GB free in {folder} (TMPDIR names another)")


def _gpu() -> Finding:
    found = devices.look()
    if found.usable and not found.mend():
        said = f"{found.told()}; `grader grade --device gpu` tries it before it grades"
        return Finding("GPU", "note", said)
    # Who has no GPU lacks nothing.
    mend = f"{found.mend()}; the CPU is enough" if found.nodes or found.driver else ""
    return Finding("GPU", "note", f"none to grade on: {found.told()}", mend)
