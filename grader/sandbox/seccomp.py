"""The filter of system calls for a student's process: what is allowed, pretended, killed, denied.

Denied is the default (EPERM): an honest program sees an exception that it can report. Killed are
calls that no exercise makes and that only an attack has a use for.
"""

from __future__ import annotations

import ctypes
import errno
import struct
import sys

from grader.sandbox import kernel, syscalls
from grader.sandbox.bpf import ALLOW, KILL, Case, Rule, fail_with, program

_DENY = fail_with(errno.EPERM)
_PRETEND = fail_with(0)
_UNKNOWN = fail_with(errno.ENOSYS)

# Reading, writing and naming files: Landlock decides which. `truncate` by path and symbolic links
# aren't here; TensorFlow makes neither.
_FILES = """
    read write pread64 pwrite64 readv writev preadv pwritev lseek close close_range
    open openat openat2 access faccessat faccessat2 stat lstat fstat newfstatat statx
    statfs fstatfs readlink readlinkat getdents64 getcwd chdir fchdir umask
    mkdir mkdirat rmdir rename renameat renameat2 unlink unlinkat link linkat
    ftruncate fallocate fadvise64 fsync fdatasync sync_file_range flock copy_file_range sendfile
    dup dup2 dup3 pipe pipe2
    getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
"""
# Memory (mmap has a rule of its own) and threads' own business (so has clone).
_MEMORY_AND_THREADS = """
    munmap mprotect mremap brk madvise mincore msync mlock munlock
    futex futex_waitv set_robust_list rseq set_tid_address membarrier getcpu get_mempolicy
    sched_yield sched_getaffinity sched_getparam sched_getscheduler
    sched_get_priority_max sched_get_priority_min
    arch_prctl exit exit_group restart_syscall wait4 waitid
"""
# Its own signals and clocks, and waiting on its own descriptors. No timer_create: a timer can
# deliver SIGKILL, and which signal it delivers lies behind a pointer.
_SIGNALS_AND_TIME = """
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend
    sigaltstack pause alarm setitimer getitimer nanosleep clock_nanosleep clock_gettime
    clock_getres gettimeofday time times
    timerfd_create timerfd_settime timerfd_gettime
    poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
    eventfd eventfd2
"""
# Who and where am I.
_IDENTITY = """
    getpid gettid getppid getuid geteuid getgid getegid getresuid getresgid getgroups
    getpgrp getpgid getsid getrusage getrlimit getpriority capget sysinfo uname getrandom
"""
ALLOWED = tuple((_FILES + _MEMORY_AND_THREADS + _SIGNALS_AND_TIME + _IDENTITY).split())

# Landlock doesn't govern these, so they may not work, and EPERM would break `shutil.copy`.
_METADATA = """
    chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat
    utime utimes futimesat utimensat
    setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
"""
PRETENDED = tuple(_METADATA.split())

# Other processes' memory, new kernel surface, mounts, namespaces, modules, keys: attacks only.
_ATTACKS = """
    ptrace process_vm_readv process_vm_writev process_madvise kcmp pidfd_getfd
    bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register
    mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick move_mount open_tree
    mount_setattr setns unshare open_by_handle_at
    kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff
    iopl ioperm modify_ldt personality acct keyctl add_key request_key
"""
KILLED = tuple(_ATTACKS.split())

_CLONE_THREAD = 0x10000
_CLONE_NAMESPACES = 0x7E020000  # cgroup, uts, ipc, user, pid, net and mount; time needs clone3
_MAP_SHARED_ANONYMOUS = 0x21
_MAP_HUGETLB = 0x40000
_AF_UNIX = 1
_SIGKILL = 9
# Names, the two flags that libraries ask for, and the label of an anonymous mapping. Not the
# signal at the parent's death, which keeps this process from outliving the grader.
_PRCTL = (15, 16, 3, 39, 0x53564D41)
# Duplicating, flags, locks and a pipe's size. Not F_SETOWN and F_SETSIG: on a pipe that the
# grader reads they deliver SIGKILL to it; no leases and no notification.
_FCNTL = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)
# Is it a terminal, how wide, how much is there to read, blocking, close on exec.
_IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# The NVIDIA driver: calls of type 'F' on its control and card devices; small bare numbers and two
# odd ones for unified memory.
_GPU_IOCTL = (
    Case(1, (0x4600,), ALLOW, mask=0xFF00),
    Case(1, (0,), ALLOW, mask=0xFFFFFF00),
    Case(1, (0x30000001, 0x30000002), ALLOW),
)
# CUDA places its threads and memory on the node of its card.
_GPU_ALLOWED = ("sched_setaffinity", "mbind", "set_mempolicy")

_LAST_KNOWN_CALL = 452  # fchmodat2, the newest named above; numbers since 424 are common
_X32_BIT = 0x40000000
_SET_MODE_FILTER, _GET_ACTION_AVAILABLE = 1, 2
_SYNC_THREADS = 1


def available() -> bool:
    """Whether a filter that kills can be installed here; asks the kernel and changes nothing."""
    if sys.platform != "linux" or not syscalls.supported():
        return False
    action = ctypes.create_string_buffer(struct.pack("I", KILL), 4)
    try:
        kernel.syscall("seccomp", _GET_ACTION_AVAILABLE, 0, action)
    except OSError:
        return False
    return True


def student_filter(pid: int, gpu: bool = False) -> bytes:
    """The filter for the process `pid`, ready for `install`.

    Args:
        pid: the process that will install it; signals and limits reach this one only.
        gpu: let CUDA's ioctls and shared mappings through. This part is written from the driver's
            interface and has never run against a card: try it before relying on it. XLA can't
            start `ptxas` inside the wall either way; exec stays denied.
    """
    rules = [
        *_argument_rules(pid, gpu),
        *_plain((*ALLOWED, *(_GPU_ALLOWED if gpu else ())), ALLOW),
        *_plain(PRETENDED, _PRETEND),
        *_plain(KILLED, KILL),
        # Its flags lie behind a pointer that a filter can't follow; the C library falls back.
        *_plain(("clone3",), _UNKNOWN),
    ]
    # A C library newer than this file probes for newer calls and falls back on ENOSYS only.
    newer = [(_LAST_KNOWN_CALL + 1, _UNKNOWN)]
    x32 = [(_X32_BIT, KILL)] if syscalls.has_x32() else []
    return program(syscalls.audit_arch(), tuple(rules), otherwise=_DENY, from_number=(*x32, *newer))


def install(code: bytes) -> None:
    """Put the filter `code` in force for this process, for good.

    Raises:
        OSError: the kernel refused, or a thread is already under another filter.
    """
    instructions = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(instructions))
    pointer = ctypes.create_string_buffer(header, len(header))
    straggler = kernel.syscall("seccomp", _SET_MODE_FILTER, _SYNC_THREADS, pointer)
    if straggler:
        raise OSError(errno.ESRCH, f"seccomp: thread {straggler} can't be brought under the filter")


def _plain(names: tuple[str, ...], action: int) -> list[Rule]:
    return [Rule(syscalls.number(name), action) for name in names if syscalls.exists(name)]


def _argument_rules(pid: int, gpu: bool) -> list[Rule]:
    """Calls that depend on what they are asked for; first in the filter, as mmap is frequent."""
    threads_only = Case(0, (_CLONE_THREAD,), ALLOW, mask=_CLONE_THREAD | _CLONE_NAMESPACES)
    own = Case(0, (pid,), ALLOW)
    # A worker that died of SIGKILL was killed by somebody else, and isn't to blame for it.
    kill, queue = Case(1, (_SIGKILL,), _DENY), Case(2, (_SIGKILL,), _DENY)
    # Like a memfd's, memory that is shared, anonymous and unmapped again, and huge pages', doesn't
    # show in the size that the grader watches.
    hidden = (
        Case(3, (_MAP_SHARED_ANONYMOUS,), _DENY, mask=_MAP_SHARED_ANONYMOUS),
        Case(3, (_MAP_HUGETLB,), _DENY, mask=_MAP_HUGETLB),
    )
    ioctl = (Case(1, _IOCTL, ALLOW), *(_GPU_IOCTL if gpu else ()))
    by_name: dict[str, tuple[int, tuple[Case, ...]]] = {
        "mmap": (ALLOW, () if gpu else hidden),
        "clone": (_DENY, (threads_only,)),
        "fcntl": (_DENY, (Case(1, _FCNTL, ALLOW),)),
        "ioctl": (fail_with(errno.ENOTTY), ioctl),
        "prctl": (_DENY, (Case(0, _PRCTL, ALLOW),)),
        "prlimit64": (_DENY, (Case(0, (0, pid), ALLOW),)),
        # For asyncio's wake-up channel. Sending needs `write`: messages carry descriptors, and
        # out-of-band data on such sockets has been a way out of sandboxes.
        "socketpair": (_DENY, (Case(0, (_AF_UNIX,), ALLOW),)),
        **dict.fromkeys(("kill", "rt_sigqueueinfo"), (_DENY, (kill, own))),
        **dict.fromkeys(("tgkill", "rt_tgsigqueueinfo"), (_DENY, (queue, own))),
    }
    return [
        Rule(syscalls.number(name), otherwise, cases)
        for name, (otherwise, cases) in by_name.items()
    ]
