"""What a walled process tries: each returns plain data, or fails the way that a test expects.

`ATTEMPTS` maps a name to the function, called as `function(root, parent pid)`; `SPECS` to the
changes of the wall that it is tried under.
"""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import platform
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from typing import TYPE_CHECKING, Any

from grader.sandbox import kernel, levels, probe, syscalls

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

THREADS_BEFORE = resource.getrlimit(resource.RLIMIT_NPROC)
ATTEMPTS: dict[str, Callable[[Path, int], Any]] = {}
SPECS: dict[str, Callable[[Any, Path], dict[str, Any]]] = {}


def attempt(function: Callable[[Path, int], Any]) -> Callable[[Path, int], Any]:
    ATTEMPTS[function.__name__] = function
    return function


def simple(name: str, function: Callable[[Path, int], Any]) -> None:
    ATTEMPTS[name] = function


def _open(path: object, flags: int = os.O_RDONLY) -> str:
    os.close(os.open(str(path), flags, 0o600))
    return "opened"


def _call(name: str, *arguments: int) -> int:
    return kernel.syscall(name, *arguments)


# Files outside
simple("nothing", lambda root, parent: "ran")
simple("read a hidden file", lambda root, parent: _open(root / "hidden" / "canary"))
simple("list a hidden directory", lambda root, parent: os.listdir(root / "hidden"))
simple("list the root", lambda root, parent: os.listdir("/"))
simple("list the sibling scratch", lambda root, parent: os.listdir(root / "scratch-nothing"))
simple("read the parent's environment", lambda root, parent: _open(f"/proc/{parent}/environ"))
simple("read the parent's memory", lambda root, parent: _open(f"/proc/{parent}/mem"))
simple("list the parent's files", lambda root, parent: os.listdir(f"/proc/{parent}/fd"))
simple("write outside", lambda root, parent: _open(root / "new", os.O_WRONLY | os.O_CREAT))
simple("write /tmp", lambda root, parent: _open("/tmp/grader-wall", os.O_WRONLY | os.O_CREAT))
simple("write /dev/shm", lambda root, parent: _open("/dev/shm/wall", os.O_WRONLY | os.O_CREAT))
simple("truncate by opening", lambda root, parent: _open(root / "submission/own.py", os.O_TRUNC))
simple("truncate by path", lambda root, parent: os.truncate(root / "submission/own.py", 0))
simple("write own file", lambda root, parent: _open(root / "submission/own.py", os.O_WRONLY))
simple("remove own file", lambda root, parent: os.unlink(root / "submission/own.py"))
simple("rename own file", lambda root, parent: os.rename(root / "submission/own.py", "taken"))
simple("link a hidden file", lambda root, parent: os.link(root / "hidden/canary", "linked"))
simple("symbolic link", lambda root, parent: os.symlink(root / "hidden/canary", "linked"))
simple("named pipe", lambda root, parent: os.mkfifo("pipe"))

# The network and other processes
for _name, _family, _kind in (
    ("tcp", socket.AF_INET, socket.SOCK_STREAM),
    ("udp", socket.AF_INET, socket.SOCK_DGRAM),
    ("raw", socket.AF_INET, socket.SOCK_RAW),
    ("netlink", 16, socket.SOCK_RAW),
    ("unix", socket.AF_UNIX, socket.SOCK_STREAM),
):
    simple(f"{_name} socket", lambda root, parent, f=_family, k=_kind: socket.socket(f, k).close())
simple("send on a socket pair", lambda root, parent: socket.socketpair()[0].send(b"x"))
simple("socket pair of another family", lambda root, parent: socket.socketpair(socket.AF_INET))
simple("fork", lambda root, parent: os.fork())
simple("fork by clone", lambda root, parent: _call("clone", signal.SIGCHLD, 0, 0, 0, 0))
simple("clone3", lambda root, parent: _call("clone3", 0, 0))
simple("exec", lambda root, parent: os.execv("/usr/bin/env", ["env"]))
simple("subprocess", lambda root, parent: subprocess.run([sys.executable, "-V"]).returncode)
simple("signal the parent", lambda root, parent: os.kill(parent, 0))
simple("signal a group", lambda root, parent: os.killpg(os.getpgid(parent), 0))
simple("signal everybody", lambda root, parent: os.kill(-1, 0))
simple("signal own group by 0", lambda root, parent: os.kill(0, 0))
simple("signal the parent's thread", lambda root, parent: _call("tgkill", parent, parent, 0))
simple("pidfd", lambda root, parent: os.pidfd_open(parent))
simple("own a descriptor for the parent", lambda root, parent: fcntl.fcntl(1, 8, parent))
simple("choose a descriptor's signal", lambda root, parent: fcntl.fcntl(1, 10, signal.SIGKILL))
simple("limit the parent", lambda root, parent: resource.prlimit(parent, resource.RLIMIT_CPU))
simple("renice the parent", lambda root, parent: os.setpriority(os.PRIO_PROCESS, parent, 5))
simple("outlive the parent", lambda root, parent: kernel.prctl(1, 0))
simple("become dumpable", lambda root, parent: kernel.prctl(4, 1))
simple("memfd", lambda root, parent: os.memfd_create("x"))
simple("shared anonymous memory", lambda root, parent: mmap.mmap(-1, 4096).close())
simple("huge pages", lambda root, parent: mmap.mmap(-1, 1 << 21, flags=0x40022).close())

# Killed on the spot
_KILLED = "ptrace bpf io_uring_setup mount setns unshare userfaultfd process_vm_readv pidfd_getfd"
for _name in (*_KILLED.split(), "keyctl", "open_by_handle_at", "chroot"):
    simple(_name, lambda root, parent, name=_name: _call(name, 0, 0, 0, 0))

if platform.machine() == "x86_64":

    @attempt
    def x32_call(root: Path, parent: int) -> Any:
        return ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + syscalls.number("getpid")))

    @attempt
    def int80_call(root: Path, parent: int) -> Any:
        page = mmap.mmap(-1, 4096, flags=0x22, prot=7)
        page.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20 (getpid); int 0x80; ret
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        return ctypes.CFUNCTYPE(ctypes.c_int)(address)()


# What must work
@attempt
def chmod_pretends(root: Path, parent: int) -> Any:
    _open("kept", os.O_WRONLY | os.O_CREAT)
    before = os.stat("kept").st_mode
    os.chmod("kept", 0o777)
    os.chown("kept", 1, 1)
    os.utime("kept", (1, 1))
    return os.stat("kept").st_mode == before


@attempt
def copy_works(root: Path, parent: int) -> Any:
    shutil.copy(root / "submission" / "own.py", "copy.py")
    shutil.copy2("copy.py", "again.py")
    os.makedirs("a/b")
    shutil.copytree("a", "c")
    shutil.rmtree("a")
    with open("again.py") as stream:
        return [stream.read(), sorted(os.listdir("."))]


@attempt
def rename_across_directories(root: Path, parent: int) -> Any:
    os.makedirs("from")
    os.makedirs("to")
    with open("from/file", "w") as stream:
        stream.write("moved")
    os.rename("from/file", "to/file")
    os.rename("from", "to/from")
    return sorted(os.listdir("to"))


@attempt
def threads_work(root: Path, parent: int) -> Any:
    seen: list[int] = []
    workers = [threading.Thread(target=seen.append, args=(n,)) for n in range(16)]
    for step in (threading.Thread.start, threading.Thread.join):
        for worker in workers:
            step(worker)
    return sorted(seen) == list(range(16))


@attempt
def threads_are_walled_too(root: Path, parent: int) -> Any:
    said: list[str] = []

    def look() -> None:
        try:
            _open(root / "hidden" / "canary")
        except PermissionError:
            said.append("denied")

    worker = threading.Thread(target=look)
    worker.start()
    worker.join()
    return said


@attempt
def own_signals_work(root: Path, parent: int) -> Any:
    got: list[int] = []
    signal.signal(signal.SIGUSR1, lambda number, frame: got.append(number))
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.raise_signal(signal.SIGUSR1)
    return len(got)


@attempt
def surroundings(root: Path, parent: int) -> Any:
    here = os.getcwd()
    with tempfile.NamedTemporaryFile() as stream:
        temporary = os.path.dirname(stream.name) == here
    return {
        "environment": {name: value.replace(here, "S") for name, value in os.environ.items()},
        "temporary": temporary,
        "here": os.path.basename(here),
        "open": [number for number in range(64) if _is_open(number)],
        "stdin": os.read(0, 1).decode(),
        "leader": os.getsid(0) == os.getpid(),
        "capabilities": kernel.effective_capabilities(),
        "no_new_privileges": kernel.prctl(39),
        "dumpable": kernel.prctl(3),
        "core": resource.getrlimit(resource.RLIMIT_CORE),
        "threads unlimited": resource.getrlimit(resource.RLIMIT_NPROC) == THREADS_BEFORE,
        "bytecode": sys.dont_write_bytecode,
        "command line": _open("/proc/self/cmdline"),
        "program": bool(os.readlink("/proc/self/exe")),
        "random": _open("/dev/urandom"),
        "null": _open(os.devnull, os.O_WRONLY),
        "submission": _open(root / "submission" / "own.py"),
    }


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


# Limits
@attempt
def too_many_files(root: Path, parent: int) -> Any:
    held = []
    while len(held) < 1000:
        held.append(os.open(os.devnull, os.O_RDONLY))
    return "no limit"


@attempt
def too_large_a_file(root: Path, parent: int) -> Any:
    with open("large", "wb", buffering=0) as stream:
        for _ in range(3):
            stream.write(bytes(1 << 20))
    return "no limit"


simple("too much memory", lambda root, parent: len(bytearray(4 << 30)))
simple("raise a limit", lambda root, parent: resource.setrlimit(resource.RLIMIT_CPU, (9999, 9999)))


@attempt
def too_long(root: Path, parent: int) -> Any:
    while True:
        pass


SPECS["too_long"] = lambda spec, root: {"limits": type(spec.limits)(cpu_seconds=1)}

# Walls with a hole, and other walls
simple("canary in a read path", lambda root, parent: "ran")
SPECS["canary in a read path"] = lambda spec, root: {
    "read_paths": (*spec.read_paths, str(root / "hidden"))
}
simple("canary missing", lambda root, parent: "ran")
SPECS["canary missing"] = lambda spec, root: {"canary": str(root / "hidden" / "no such file")}
simple("scratch missing", lambda root, parent: "ran")
SPECS["scratch missing"] = lambda spec, root: {"scratch": str(root / "no such directory")}
simple("submission missing", lambda root, parent: "ran")
SPECS["submission missing"] = lambda spec, root: {"submission_dir": str(root / "absent")}
simple("root as the worker's uid", lambda root, parent: "ran")
SPECS["root as the worker's uid"] = lambda spec, root: {"drop_to_uid": 0}

simple("environment added", lambda root, parent: [os.environ["LANG"], os.environ["EXTRA"]])
SPECS["environment added"] = lambda spec, root: {"environment": {"LANG": "C", "EXTRA": "1"}}

simple("basic", lambda root, parent: _open("/etc/passwd"))
SPECS["basic"] = lambda spec, root: {"level": levels.Level.BASIC}


def _identity(root: Path, parent: int) -> Any:
    hidden = {}
    for path in ("hidden/canary", "submission/own.py"):
        try:
            hidden[path] = _open(root / path)
        except OSError as error:
            hidden[path] = type(error).__name__
    return {
        "uids": os.getresuid(),
        "gids": os.getresgid(),
        "groups": os.getgroups(),
        "capabilities": kernel.effective_capabilities(),
        "threads": resource.getrlimit(resource.RLIMIT_NPROC)[0],
        "command line": _open("/proc/self/cmdline"),
        "files": hidden,
    }


for _level in levels.Level:
    simple(f"{_level.value} with own uid", _identity)
    SPECS[f"{_level.value} with own uid"] = lambda spec, root, level=_level: {
        "level": level,
        "drop_to_uid": probe.FIRST_WORKER_UID,
    }
