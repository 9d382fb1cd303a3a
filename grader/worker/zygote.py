"""The zygote: imports TensorFlow once, runs no operation, and forks a worker for each submission.

`python -I -m grader.worker.zygote FD`, where FD is a SEQPACKET socket to the grader. After the
first operation TensorFlow has threads, and a fork of a process with threads hangs in `tf.function`;
so nothing here may run one. What has been in this process's memory a student's code can find in its
own: no check, answer, token or earlier submission may ever come here.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from grader.sandbox import kernel, namespaces
from grader.sandbox.levels import Level
from grader.sandbox.wall import RPC_FD, Limits, WallSpec, wall_in
from grader.worker import corners
from grader.worker.eager import run_kernels_directly
from grader.worker.first_calls import import_first_calls
from grader.worker.pages import gather
from grader.worker.unbuilt import spare_unseen_draws

# Tracing allocates by the hundred thousand; Python's own thresholds (700, 10, 10) would have the
# collector look through all of it again and again.
_COLLECT_AFTER = (50_000, 20, 20)

# Gathering memory takes 0.4 s, and saves a worker some 7 ms: a small class needn't wait for it.
_GATHER_AFTER = 40


def main() -> None:
    """Serves spawn and reap requests until the grader closes the socket."""
    kernel.die_with_parent(os.getppid())
    control = socket.socket(fileno=int(sys.argv[1]))
    gc.disable()  # half a million objects come to stay: looking through them again takes 0.5 s
    with corners.left_out():
        import tensorflow

        import_first_calls()
        spare_unseen_draws()
    # Grappler rewrites every new graph before its first run, and most graphs here run a few times:
    # it would cost 5 to 20 % of a worker's time, and reorder arithmetic.
    tensorflow.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    run_kernels_directly()
    from grader.worker.answering import Answerer
    from grader.worker.placing import Placing
    from grader.worker.traces import TraceWatch
    from grader.worker.tripwires import Tripwires

    watch, wires = TraceWatch(), Tripwires()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    gc.enable()
    threads = len(os.listdir("/proc/self/task"))
    ready = {"threads": threads, "namespaces": namespaces.own_namespaces()}
    itself = os.pidfd_open(os.getpid())
    socket.send_fds(control, [json.dumps(ready).encode()], [itself])
    os.close(itself)
    forked = 0
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1 << 18, 4)
        if not data:
            os._exit(0)
        message = json.loads(data)
        if message["op"] == "reap":
            _, status = os.waitpid(message["pid"], 0)
            control.send(json.dumps({"status": status}).encode())
            continue
        with contextlib.suppress(OSError):  # the worker meets it, too, and says so
            if corners.furnish(Path(message["submission_dir"], message["module"]).read_bytes()):
                gc.freeze()
        forked += 1
        if forked == _GATHER_AFTER:
            gather()
        pid = os.fork()
        if pid == 0:
            _worker(message, descriptors, Answerer(watch, wires, Placing()))
        for descriptor in descriptors:
            os.close(descriptor)
        pidfd = os.pidfd_open(pid)
        socket.send_fds(control, [json.dumps({"pid": pid}).encode()], [pidfd])
        os.close(pidfd)


def _worker(message: dict[str, Any], descriptors: list[int], answerer: Any) -> None:
    """The forked child: wall, self-test, import, serve. Never returns."""
    from grader.wire import encode
    from grader.worker.serve import serve

    channel, output = descriptors
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the grader's to handle
        _be_killed_first()
        try:
            not_blocked = wall_in(
                _spec(message), rpc_fd=channel, stdout_fd=output, stderr_fd=output
            )
        except Exception as error:
            _write(encode({"ready": False, "error": f"{type(error).__name__}: {error}"}))
            os._exit(97)
        where = message["placement"]
        no_device = "" if not_blocked else answerer.settle(where["device"], where["memory_mb"])
        ready = not (not_blocked or no_device)
        _write(encode({"ready": ready, "not_blocked": list(not_blocked), "device": no_device}))
        if not ready:
            os._exit(97)
        loaded = answerer.load(
            Path(message["submission_dir"], message["module"]),
            message["shortcuts"],
            message["ops"],
        )
        _write(encode(loaded))
        if loaded["ok"]:
            serve(answerer, lambda count: os.read(RPC_FD, count), _write)
    finally:
        os._exit(0)


def _be_killed_first() -> None:
    """When the machine runs out of memory, the kernel shall take a worker and not the grader."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("500")


def _spec(message: dict[str, Any]) -> WallSpec:
    return WallSpec(
        scratch=message["scratch"],
        submission_dir=message["submission_dir"],
        read_paths=tuple(message["read_paths"]),
        limits=Limits(**message["limits"]),
        level=Level(message["level"]),
        canary=message["canary"],
        private_scratch=message["private_scratch"],
        drop_to_uid=message["uid"],
        gpu=message["placement"]["cuda"],
        environment=message["environment"],
    )


def _write(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(RPC_FD, view) :]


if __name__ == "__main__":
    main()
