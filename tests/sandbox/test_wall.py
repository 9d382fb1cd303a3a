"""The wall, tried from inside by a process that put it up around itself."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

LANDLOCK = (
    "read a hidden file",
    "list a hidden directory",
    "list the root",
    "list the sibling scratch",
    "read the parent's environment",
    "read the parent's memory",
    "list the parent's files",
    "write outside",
    "write /tmp",
    "write /dev/shm",
    "truncate by opening",
    "write own file",
    "remove own file",
)
SECCOMP = (
    "truncate by path",
    "symbolic link",
    "named pipe",
    "tcp socket",
    "udp socket",
    "raw socket",
    "netlink socket",
    "unix socket",
    "send on a socket pair",
    "socket pair of another family",
    "fork",
    "fork by clone",
    "exec",
    "subprocess",
    "signal the parent",
    "signal a group",
    "signal everybody",
    "signal own group by 0",
    "signal the parent's thread",
    "pidfd",
    "own a descriptor for the parent",
    "choose a descriptor's signal",
    "limit the parent",
    "renice the parent",
    "outlive the parent",
    "become dumpable",
    "memfd",
    "shared anonymous memory",
    "huge pages",
)
KILLED = (
    "ptrace",
    "bpf",
    "io_uring_setup",
    "mount",
    "setns",
    "unshare",
    "userfaultfd",
    "process_vm_readv",
    "pidfd_getfd",
    "keyctl",
    "open_by_handle_at",
    "chroot",
    *(("x32_call",) if platform.machine() == "x86_64" else ()),
)


@pytest.fixture
def outcomes(script: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    return lambda *names: script("walled.py", "nothing", *names)


def test_files_outside_are_out_of_reach(outcomes: Callable[..., dict[str, Any]]) -> None:
    """Reading, listing and writing outside what is granted is refused by Landlock."""
    expected = {"nothing": "ran", **dict.fromkeys(LANDLOCK, "EACCES")}
    assert outcomes(*LANDLOCK) == expected


def test_calls_outside_the_list_are_denied(outcomes: Callable[..., dict[str, Any]]) -> None:
    """Network, processes, signals to others and unseen memory fail with an ordinary EPERM."""
    expected = {"nothing": "ran", **dict.fromkeys(SECCOMP, "EPERM")}
    assert outcomes(*SECCOMP) == expected


def test_attackers_calls_end_the_process(outcomes: Callable[..., dict[str, Any]]) -> None:
    """Calls that only an attack makes kill the process, and so do foreign call tables."""
    expected = {"nothing": "ran", **dict.fromkeys(KILLED, "SIGSYS")}
    assert outcomes(*KILLED) == expected


if platform.machine() == "x86_64":

    def test_the_32_bit_door_is_shut(walled: Callable[[str], Any]) -> None:
        """A call through `int 0x80` ends the process; some kernels have no such door at all."""
        assert walled("int80_call") in ("SIGSYS", "SIGSEGV")


def test_files_do_not_move_in_or_out(outcomes: Callable[..., dict[str, Any]]) -> None:
    """Neither link nor rename brings a file from outside into scratch."""
    found = outcomes("rename own file", "link a hidden file")
    assert {found["rename own file"], found["link a hidden file"]} <= {"EACCES", "EXDEV"}


def test_clone3_looks_like_an_older_kernel(walled: Callable[[str], Any]) -> None:
    """clone3 is ENOSYS, so that the C library falls back to clone for threads."""
    assert walled("clone3") == "ENOSYS"


def test_metadata_changes_are_pretended(walled: Callable[[str], Any]) -> None:
    """chmod, chown and utime succeed and change nothing."""
    assert walled("chmod_pretends") is True


def test_copying_works_in_scratch(walled: Callable[[str], Any]) -> None:
    """shutil.copy, copy2, copytree and rmtree do their work in scratch."""
    assert walled("copy_works") == ["own = 1\n", ["again.py", "c", "copy.py"]]


def test_rename_across_directories_works(walled: Callable[[str], Any]) -> None:
    """Files and directories move between directories of scratch, as checkpoints need."""
    assert walled("rename_across_directories") == ["file", "from"]


def test_threads_work_and_are_walled(outcomes: Callable[..., dict[str, Any]]) -> None:
    """Threads start, and the wall holds in them."""
    found = outcomes("threads_work", "threads_are_walled_too", "own_signals_work")
    assert found["threads_work"] is True
    assert found["threads_are_walled_too"] == ["denied"]
    assert found["own_signals_work"] == 2


def test_surroundings(walled: Callable[[str], Any]) -> None:
    """Nothing of the grader's is inherited: descriptors, environment, session, privileges."""
    found = walled("surroundings")
    assert found.pop("environment") == {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": "S",
        "TMPDIR": "S",
        "KERAS_HOME": "S",
        "MPLCONFIGDIR": "S",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    assert found == {
        "temporary": True,
        "here": "scratch-surroundings",
        "open": [0, 1, 2, 3, 4],  # the last: its own command line, see the wall
        "stdin": "",
        "leader": True,
        "capabilities": 0,
        "no_new_privileges": 1,
        "dumpable": 1,  # so that the grader, as the same user, sees which files it keeps open
        "core": [1, 1],  # 0 would not stop a handler that dumps are piped into
        "threads unlimited": True,  # it shares its uid: others' threads would count
        "bytecode": True,
        "command line": "opened",
        "program": True,
        "random": "opened",
        "null": "opened",
        "submission": "opened",
    }


def test_environment_is_added_to(walled: Callable[[str], Any]) -> None:
    """The caller's variables are added and win."""
    assert walled("environment added") == ["C", "1"]


def test_limits_hold(outcomes: Callable[..., dict[str, Any]]) -> None:
    """Open files, file size, memory and processor time end where the limits say, for good."""
    names = ("too_many_files", "too_large_a_file", "too much memory", "raise a limit", "too_long")
    assert outcomes(*names) == {
        "nothing": "ran",
        "too_many_files": "EMFILE",
        "too_large_a_file": "EFBIG",
        "too much memory": "MemoryError",
        "raise a limit": "ValueError",
        "too_long": "SIGKILL",
    }


def test_a_hole_is_told(outcomes: Callable[..., dict[str, Any]]) -> None:
    """A read path that covers the canary, and a canary that isn't there, are both reported."""
    found = outcomes("canary in a read path", "canary missing")
    assert found["canary in a read path"] == {"holes": ["reading the canary"]}
    assert found["canary missing"] == {"holes": ["reading the canary", "writing the canary"]}


def test_what_must_exist_is_asked_for(outcomes: Callable[..., dict[str, Any]]) -> None:
    """Without a scratch or submission directory the wall isn't put up at all."""
    found = outcomes("scratch missing", "submission missing", "root as the worker's uid")
    assert found["scratch missing"] == found["submission missing"] == "ENOENT"
    assert found["root as the worker's uid"] == ("ValueError" if os.geteuid() == 0 else "EPERM")


@pytest.mark.parametrize("level", ["strict", "basic"])
def test_own_uid(level: str, walled: Callable[[str], Any]) -> None:
    """As root a worker becomes the uid it is given, with no group and no way back; else refused."""
    found = walled(f"{level} with own uid")
    if os.geteuid() != 0:
        assert found == "EPERM"
        return
    assert found == {
        "uids": [60_000] * 3,
        "gids": [60_000] * 3,
        "groups": [],
        "capabilities": 0,
        "threads": 256,
        "command line": "opened",
        "files": {"hidden/canary": "PermissionError", "submission/own.py": "opened"},
    }


def test_basic_promises_less(walled: Callable[[str], Any]) -> None:
    """Without Landlock the self-test doesn't ask for what only Landlock gives."""
    assert walled("basic") == "opened"


def test_a_second_thread_is_refused(script: Callable[..., Any]) -> None:
    """A wall around one thread of several would be none, so it isn't put up."""
    said = script("edges.py", "second thread")
    assert said == "SandboxUnavailable: a worker can only be walled in while it has a single thread"


def test_descriptors_may_come_in_any_order(script: Callable[..., Any]) -> None:
    """Channels that arrive on each other's places all reach their own."""
    assert script("edges.py", "crossed descriptors") == ["rpc", "stdout", "stderr"]


def test_a_worker_ends_with_its_parent(script: Callable[..., Any]) -> None:
    """When the process that forked it is killed, the worker is gone too."""
    assert script("edges.py", "parent dies") == ["walled", ""]
