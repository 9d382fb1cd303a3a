"""Ctrl-C ends the command, and no kernel outlives it."""

import os
import select
import signal
import subprocess
import sys


def test_ctrl_c_ends_the_command_and_its_kernels(tmp_path):
    told = tmp_path / "told"
    os.mkfifo(told)
    (tmp_path / "endless.md").write_text(
        "```python\n"
        "import os\n"
        f"with open({str(told)!r}, 'w') as stream:\n"
        "    _ = stream.write(str(os.getpid()))\n"
        "while True:\n"
        "    pass\n"
        "```\n\n"
        "```python\n"
        f"open({str(tmp_path / 'later')!r}, 'w').close()\n"
        "```\n"
    )
    command = subprocess.Popen(
        [sys.executable, "-m", "grader", "tutorial", "endless.md", "--out", "out"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    with told.open() as stream:  # opens when the block runs
        kernel = os.pidfd_open(int(stream.read()))
    command.send_signal(signal.SIGINT)
    said, _ = command.communicate(timeout=60)
    assert command.returncode == 130
    assert said.strip().startswith("grader: stopped")
    assert len(said.strip().splitlines()) == 1
    assert not (tmp_path / "later").exists()
    ended, _, _ = select.select([kernel], [], [], 30)
    os.close(kernel)
    assert ended
