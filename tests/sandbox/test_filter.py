"""The filter of each machine, run by an interpreter of its instructions as the kernel would."""

from __future__ import annotations

import errno
import platform
import struct

import pytest

from grader.sandbox import bpf, seccomp, syscalls
from grader.sandbox.errors import SandboxUnavailable

PID = 4321
MACHINES = ("x86_64", "aarch64")
DENY = bpf.fail_with(errno.EPERM)


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(platform, "machine", lambda: request.param)
    return str(request.param)


def run(code: bytes, number: int, *arguments: int, arch: int | None = None) -> int:
    """What the filter `code` answers to a call."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    arch = syscalls.audit_arch() if arch is None else arch
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    accumulator, at = 0, 0
    while True:
        operation, if_true, if_false, value = struct.unpack_from("HBBI", code, 8 * at)
        at += 1
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif operation == 0x54:
            accumulator &= value
        elif operation == 0x15:
            at += if_true if accumulator == value else if_false
        elif operation == 0x35:
            at += if_true if accumulator >= value else if_false
        elif operation == 0x06:
            return value
        else:
            raise AssertionError(f"instruction {operation:#x}")


def ask(name: str, *arguments: int, gpu: bool = False) -> int:
    return run(seccomp.student_filter(PID, gpu), syscalls.number(name), *arguments)


def test_each_list_gets_its_action(machine: str) -> None:
    """Allowed, pretended and killed calls get what their list says, on each machine."""
    lists = ((seccomp.ALLOWED, bpf.ALLOW), (seccomp.PRETENDED, bpf.fail_with(0)))
    code = seccomp.student_filter(PID)
    for names, action in (*lists, (seccomp.KILLED, bpf.KILL)):
        present = [name for name in names if syscalls.exists(name)]
        answers = {name: run(code, syscalls.number(name)) for name in present}
        assert answers == dict.fromkeys(present, action)


def test_lists_do_not_overlap(machine: str) -> None:
    """A call is in one list only, and every name is a call of at least one machine."""
    names = [*seccomp.ALLOWED, *seccomp.PRETENDED, *seccomp.KILLED]
    assert len(names) == len(set(names))
    if machine == "x86_64":
        assert [name for name in names if not syscalls.exists(name)] == []


def test_the_rest_is_denied(machine: str) -> None:
    """Calls in no list fail with EPERM; those newer than the table look absent."""
    named = {
        syscalls.number(name)
        for name in (*seccomp.ALLOWED, *seccomp.PRETENDED, *seccomp.KILLED)
        if syscalls.exists(name)
    }
    ruled = ("mmap", "clone", "clone3", "fcntl", "ioctl", "prctl", "prlimit64", "socketpair")
    named |= {syscalls.number(name) for name in ruled}
    code = seccomp.student_filter(PID)
    others = [number for number in range(453) if number not in named]
    assert {run(code, number) for number in others} == {DENY}
    assert {run(code, number) for number in (453, 500, 9999)} == {bpf.fail_with(errno.ENOSYS)}


def test_foreign_tables_are_killed(machine: str) -> None:
    """Calls of another architecture are killed, and x32's on x86-64."""
    code = seccomp.student_filter(PID)
    assert run(code, syscalls.number("read"), arch=0x40000003) == bpf.KILL
    x32 = run(code, 0x40000000)
    assert x32 == (bpf.KILL if machine == "x86_64" else bpf.fail_with(errno.ENOSYS))


@pytest.mark.usefixtures("machine")
def test_arguments_decide() -> None:
    """Threads but no processes, itself but nobody else, and no memory that can't be seen."""
    thread = 0x3D0F00
    assert ask("clone", thread) == bpf.ALLOW
    assert ask("clone", 17) == DENY
    assert ask("clone", thread | 0x10000000) == DENY
    assert ask("kill", PID, 15) == bpf.ALLOW
    assert ask("tgkill", PID, PID, 15) == bpf.ALLOW
    # So that a death by SIGKILL is always somebody else's doing.
    assert ask("kill", PID, 9) == ask("tgkill", PID, PID, 9) == DENY
    assert ask("rt_sigqueueinfo", PID, 9) == ask("rt_tgsigqueueinfo", PID, PID, 9) == DENY
    assert ask("timer_create", 0, 0) == DENY
    assert {ask("kill", other & 0xFFFFFFFF, 9) for other in (0, -1, 1, -PID)} == {DENY}
    assert ask("prlimit64", 0) == ask("prlimit64", PID) == bpf.ALLOW
    assert ask("prlimit64", 1) == DENY
    assert ask("fcntl", 1, 2) == ask("fcntl", 1, 1030) == bpf.ALLOW
    assert {ask("fcntl", 1, command) for command in (8, 10, 15, 1024, 1026, 1031)} == {DENY}
    assert ask("mmap", 0, 4096, 3, 0x22) == ask("mmap", 0, 4096, 3, 0x01) == bpf.ALLOW
    assert ask("mmap", 0, 4096, 3, 0x21) == ask("mmap", 0, 4096, 3, 0x40022) == DENY
    assert ask("ioctl", 1, 0x5401) == bpf.ALLOW
    assert ask("ioctl", 1, 0x5412) == bpf.fail_with(errno.ENOTTY)  # pushes keys into a terminal
    assert ask("socketpair", 1) == bpf.ALLOW
    assert ask("socketpair", 2) == DENY


@pytest.mark.usefixtures("machine")
def test_a_gpu_opens_its_ioctls_only() -> None:
    """With a GPU the driver's ioctls and shared mappings pass; new processes still don't."""
    driver = (0xC020462A, 0xC00846D6, 25, 0x30000001)
    assert {ask("ioctl", 3, command, gpu=True) for command in driver} == {bpf.ALLOW}
    assert {ask("ioctl", 3, command) for command in driver} == {bpf.fail_with(errno.ENOTTY)}
    assert ask("ioctl", 3, 0x5412, gpu=True) == bpf.fail_with(errno.ENOTTY)
    assert ask("mmap", 0, 4096, 3, 0x21, gpu=True) == bpf.ALLOW
    assert ask("clone", 17, gpu=True) == DENY


def test_another_machine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the numbers aren't known nothing is guessed."""
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(SandboxUnavailable, match=r"riscv64.*x86_64, aarch64"):
        seccomp.student_filter(PID)


def test_a_rule_longer_than_a_jump_is_refused() -> None:
    """A rule that a jump can't clear is an error when assembled, not a hole in the filter."""
    case = bpf.Case(0, tuple(range(200)), bpf.ALLOW)
    with pytest.raises(ValueError, match="too long"):
        bpf.Rule(1, bpf.KILL, (case,)).assemble()
