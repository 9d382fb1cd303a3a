"""The process that kernels are forked from: it has imported what documents need, and run nothing.

`python -m grader.tutorial.forkserver FD MODULE...`, where FD is a SEQPACKET socket to the grader. A
kernel so begins in a fraction of a second instead of the time TensorFlow takes to import. As in the
grading zygote nothing here may run an operation: a fork of a process with threads hangs.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

from grader.sandbox import kernel as system


def main() -> None:
    """Forks a kernel for each request until the grader closes the socket."""
    system.die_with_parent(os.getppid())
    control = socket.socket(fileno=int(sys.argv[1]))
    gc.disable()  # what is imported stays: looking through it again and again takes half a second
    for module in ("ipykernel.kernelapp", "ipykernel.ipkernel", *sys.argv[2:]):
        # What can't be imported here fails in the document that wants it, with its own message.
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    from grader.tutorial import inside

    gc.collect()
    gc.freeze()
    gc.enable()
    control.send(b'{"ready": true}')
    children: set[int] = set()
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1 << 20, 4)
        if not data:
            os._exit(0)
        children -= {pid for pid in children if _reaped(pid)}
        message = json.loads(data)
        pid = os.fork()
        if pid == 0:
            control.close()
            _kernel(message, descriptors, inside.start)
        children.add(pid)
        for descriptor in descriptors:
            os.close(descriptor)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(control, [json.dumps({"pid": pid}).encode()], [pidfd])
        os.close(pidfd)


def _reaped(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def _kernel(message: dict[str, Any], descriptors: list[int], start: Callable[..., None]) -> None:
    """The forked child: becomes an IPython kernel. Never returns."""
    try:
        os.setsid()  # its own group: what it starts is killed with it
        system.die_with_parent(os.getppid())
        (log,) = descriptors
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(message["cwd"])
        os.environ.clear()
        os.environ.update(message["env"])
        if message["offline"]:
            # The guard in the kernel names the address; this holds what C++ would reach past it.
            with contextlib.suppress(OSError):
                system.leave_network()
        from ipykernel.kernelapp import IPKernelApp

        sys.argv = message["argv"]
        app: Any = IPKernelApp.instance()
        sys.path.insert(
            0, ""
        )  # as in a kernel that was started with -m: modules beside the document
        app.initialize(message["argv"][1:])
        start(app.shell, offline=message["offline"], stand_ins=message["stand_ins"])
        app.start()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
