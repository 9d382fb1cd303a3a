"""What the attacks are after, and the witnesses that look at it from outside.

A ground is a directory that is open to everybody (if only a file's mode stopped a worker, nothing
would be tested) and holds a course, a class, results and a secret file; beside it listeners on
sockets and victims, harmless processes that know the token. The witnesses compare what is there
after an attack with what was there before.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

TINY = Path(__file__).parents[1] / "courses" / "tiny"
HONEST = b"import tensorflow as tf\n\n\ndef square(x):\n    return x * x\n"
PATIENCE = 30.0  # seconds, for what must come but comes when it likes

# A victim: shares its token with nobody, says when it is ready, and waits. Where the kernel lets
# only parents trace a process (Yama), it allows everybody to: what is tested is the wall.
_VICTIM = """
import ctypes, os, sys, time
token = sys.argv[1]
secret = os.open(sys.argv[2], os.O_RDONLY)
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)
if len(sys.argv) > 3:
    os.setgroups([])
    os.setresgid(*[int(sys.argv[3])] * 3)
    os.setresuid(*[int(sys.argv[3])] * 3)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
os.write(1, b"ready\\n")
while True:
    time.sleep(3600)
"""


def start_victim(token: str, secret: str, uid: int | None = None) -> subprocess.Popen[bytes]:
    """A process for the attacks to harm; it waits for nothing and does nothing."""
    victim = subprocess.Popen(
        [sys.executable, "-I", "-c", _VICTIM, token, secret, *([] if uid is None else [str(uid)])],
        env={"SECRET": token},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert victim.stdout is not None
    victim.stdout.readline()
    return victim


def eventually(condition: object, patience: float = PATIENCE) -> bool:
    """Whether `condition()` becomes true; asked again and again until it does."""
    assert callable(condition)
    until = time.monotonic() + patience
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


class Listeners:
    """Sockets that hear whoever gets out. The kernel queues what comes, so nobody has to wait."""

    def __init__(self, ground: Path, name: str) -> None:
        self.abstract = name
        self.unix = ground / "docker.sock"
        self._tcp = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._named = _unix(str(self.unix))
        self.unix.chmod(0o777)
        self._abstract = _unix(f"\0{name}")
        self.tcp = self._tcp.getsockname()[1]
        self.udp = self._udp.getsockname()[1]
        self._streams = {"TCP": self._tcp, "Unix": self._named, "abstract Unix": self._abstract}
        for listener in (*self._streams.values(), self._udp):
            listener.setblocking(False)

    def heard(self) -> list[tuple[str, bytes]]:
        """(listener, first bytes) of every connection and datagram since the last time."""
        found = [(kind, data) for kind, s in self._streams.items() for data in _calls(s)]
        with contextlib.suppress(BlockingIOError):
            while True:
                found.append(("UDP", self._udp.recv(65536)))
        return found

    def close(self) -> None:
        """Stops listening."""
        for listener in (*self._streams.values(), self._udp):
            listener.close()


def _unix(address: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(64)
    return listener


def _calls(listener: socket.socket) -> Iterator[bytes]:
    with contextlib.suppress(BlockingIOError):
        while True:
            call, _ = listener.accept()
            with call:
                call.setblocking(False)
                try:
                    yield call.recv(65536)
                except OSError:
                    yield b""


class Ground:
    """The directory, its listeners and its token."""

    def __init__(self) -> None:
        self.token = f"LOOT-{secrets.token_hex(16)}"
        self.name = f"attack-{secrets.token_hex(6)}"
        self.worked = f"WORKED-{secrets.token_hex(6)}"
        self.root = Path(tempfile.mkdtemp(prefix="ground-")).resolve()
        self.root.chmod(0o777)
        self.mate_text = HONEST + f"# {self.token}\n".encode()
        self.canary = self.root / "secret" / "canary"
        self.course = self.root / "course"
        self.mate = self.root / "class" / "mate" / "square.py"
        self.out = self.root / "out"
        self.work = self.root / "work"
        self.home = self.root / "home"
        self.site = self.root / "site"
        self.marker = self.root / "marker"
        self.private = [self.root / name for name in ("tmp", "shm", "home")]
        for folder in (*self.private, self.work):
            folder.mkdir()
            folder.chmod(0o777)
        self._build()
        self.listeners = Listeners(self.root, self.name)

    def _build(self) -> None:
        shutil.copytree(TINY, self.course, ignore=shutil.ignore_patterns("__pycache__"))
        for file in (*self.course.rglob("*.py"), *self.course.rglob("*.toml")):
            file.write_text(f"{file.read_text()}# {self.token}\n")
        folders = [self.canary.parent, self.mate.parent, self.out, self.site]
        for folder in folders:
            folder.mkdir(parents=True)
        self.canary.write_text(self.token)
        self.mate.write_bytes(self.mate_text)
        (self.mate.parent / f"{self.token}.txt").write_text("a name tells something, too")
        (self.out / "results.json").write_text('{"points": 10}\n')
        (self.site / "installed.py").write_text("x = 1\n")
        for top in (*folders, self.mate.parents[1], self.course):
            top.chmod(0o777)
            for path in top.rglob("*"):
                path.chmod(0o777 if path.is_dir() else 0o666)
        self.canary.chmod(0o600)

    def close(self) -> None:
        """Removes it."""
        self.listeners.close()
        for folder, _, _ in os.walk(self.root):
            os.chmod(folder, 0o777)
        shutil.rmtree(self.root)

    def values(self, victims: Sequence[int], home: Path) -> dict[str, str]:
        """What the tokens of `catalogue` stand for."""
        return {
            "CANARY": str(self.canary),
            "GROUND": str(self.root),
            "COURSE": str(self.course),
            "CLASS": str(self.root / "class"),
            "MATE": str(self.mate),
            "OUT": str(self.out),
            "HOME": str(home),
            "SITE": str(self.site),
            "MARKER": str(self.marker),
            "NAME": self.name,
            "TCP": str(self.listeners.tcp),
            "UDP": str(self.listeners.udp),
            "UNIX": str(self.listeners.unix),
            "ABSTRACT": self.listeners.abstract,
            "VICTIM": str(victims[0]) if victims else "0",
            "VICTIMS": " ".join(map(str, victims)),
            "WORKED": self.worked,
            "NUL": "\0",
            "COOKIE": "-*- coding: utf-7 -*-",
            "ODDCODEC": "-*- coding: zip_codec -*-",
        }

    # -- witnesses ---------------------------------------------------------------------------------

    def files(self) -> dict[str, tuple[object, ...]]:
        """Everything that lies in the ground, the workers' own directory aside."""
        found: dict[str, tuple[object, ...]] = {}
        for folder, folders, files in os.walk(self.root):
            if folder == str(self.root):
                folders.remove(self.work.name)
            for name in (*folders, *files):
                path = os.path.join(folder, name)
                with contextlib.suppress(FileNotFoundError):
                    found[path] = _looks(path)
        return found

    def elsewhere(self) -> list[str]:
        """Files outside the ground that carry the name which attacks give them."""
        home = Path.home()
        places = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), home, home / ".keras"]
        places += [Path(tempfile.gettempdir()), home / ".config"]
        places += [Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib", "stdlib")]
        places += list(home.glob(".local/lib/python*/site-packages"))
        found = set()
        for place in places:
            with contextlib.suppress(OSError):
                found |= {str(place / n) for n in os.listdir(place) if self.name in n}
        return sorted(found)

    def loot_in_output(self) -> list[str]:
        """Files among the results that hold the token."""
        return [
            str(file)
            for file in self.out.rglob("*")
            if file.is_file() and self.token.encode() in file.read_bytes()
        ]

    def mend(self, before: Mapping[str, object]) -> None:
        """Takes away what a successful attack has left, and writes anew what it has changed."""
        for path in [*self.elsewhere(), *(set(self.files()) - set(before))]:
            if os.path.isdir(path) and not os.path.islink(path):
                os.chmod(path, 0o777)
                shutil.rmtree(path)
            elif os.path.lexists(path):
                os.unlink(path)
        if self.files() != before:
            for top in (self.canary.parent, self.mate.parents[1], self.out, self.site, self.course):
                shutil.rmtree(top, ignore_errors=True)
            self._build()


def _looks(path: str) -> tuple[object, ...]:
    status = os.lstat(path)
    kind = stat.S_IFMT(status.st_mode)
    look: tuple[object, ...] = (status.st_mode, status.st_uid, status.st_gid)
    if kind == stat.S_IFREG:
        with open(path, "rb") as stream:
            digest = hashlib.sha256(stream.read()).hexdigest()
        attributes = tuple(os.listxattr(path, follow_symlinks=False))
        return (*look, status.st_nlink, status.st_mtime_ns, digest, attributes)
    return (*look, os.readlink(path)) if kind == stat.S_IFLNK else look


def how_is(pid: int) -> tuple[object, ...]:
    """What others may not change about a process: alive, running, its priorities and limits."""
    try:
        with open(f"/proc/{pid}/status") as stream:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in stream if ":\t" in line)
        with open(f"/proc/{pid}/stat") as stream:
            fields = stream.read().rpartition(")")[2].split()
        alive = status["State"][0] in "SRD"
        # Priority, nice value, real-time priority and policy.
        priorities = tuple(fields[i] for i in (15, 16, 37, 38))
        traced, allowed = status["TracerPid"], status["Cpus_allowed_list"]
        return alive, priorities, traced, allowed, _limits(pid), _score(pid)
    except (OSError, KeyError):
        return ("gone",)


def _limits(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/limits").read_text()
    except OSError:
        return ""


def _score(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/oom_score_adj").read_text().strip()
    except OSError:
        return ""


class Victims:
    """Victims on this machine, one for each uid that a worker may get."""

    def __init__(self, ground: Ground, uids: Sequence[int]) -> None:
        secret = str(ground.canary)
        self._made = [start_victim(ground.token, secret, uid) for uid in uids or (None,)]
        self.pids = [victim.pid for victim in self._made]

    def close(self) -> None:
        """Ends them."""
        for victim in self._made:
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim.pid, signal.SIGKILL)
            victim.wait()
            assert victim.stdout is not None
            victim.stdout.close()


def holds_token(text: str, token: str) -> bool:
    """Whether the token stands in a text, plainly or as somebody might carry it out."""
    plain = re.sub(r"[^0-9A-Za-z-]", "", text)
    return token in text or token in plain or token.encode().hex() in text
