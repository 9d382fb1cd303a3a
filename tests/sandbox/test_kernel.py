"""System calls that a process can be seen to have made."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

LEAVE = """
import json, os, socket
from grader.sandbox import kernel
before = os.readlink("/proc/self/ns/net")
kernel.leave_network()
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname()).close()
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("192.0.2.1", 9))
    beyond = ""
except OSError as error:
    beyond = type(error).__name__
print(json.dumps({
    "moved": before != os.readlink("/proc/self/ns/net"), "uid": os.getuid(), "beyond": beyond,
    "devices": sorted(name for _, name in socket.if_nameindex()),
}))
"""


def test_leaving_the_network_leaves_loopback() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LEAVE], capture_output=True, text=True, check=False
    )
    if "PermissionError" in done.stderr and os.geteuid() != 0:
        pytest.skip("this user may have no namespaces")
    found = json.loads(done.stdout)
    assert found["moved"]
    assert found["uid"] == os.getuid()
    assert found["beyond"] == "OSError"  # network is unreachable
    assert "lo" in found["devices"]
