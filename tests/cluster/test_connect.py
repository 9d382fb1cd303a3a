"""Where a scheduler is looked for, and what is said when there is none."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import cli
from grader.cluster import connect
from grader.cluster.connect import address_of
from grader.errors import EngineError, UsageError

from .ground import RIGHT, TINY


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("tcp://10.0.0.1:8786", "tcp://10.0.0.1:8786"),
        ("tls://login.example.org:8786", "tls://login.example.org:8786"),
        ("login:8786", "tcp://login:8786"),
        ("tcp://[::1]:8786", "tcp://[::1]:8786"),
    ],
)
def test_addresses(said: str, meant: str) -> None:
    """As `dask scheduler` prints them; without a protocol it is tcp."""
    assert address_of(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "", "login", "tcp://login", "tcp://:8786", "tcp://login:port", "tcp://login:99999",
        "tcp://login:8786/status", "http://login:8787", "tcp://me@login:8786", "log in:8786",
        "tcp://[::1:8786", "inproc://x:1",
    ],
)  # fmt: skip
def test_no_addresses(said: str) -> None:
    """What can't be one is told so, with an example."""
    with pytest.raises(UsageError, match=r"isn't an address: give one such as tcp://HOST:8786"):
        address_of(said)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "CONNECT_SECONDS", 1.0)
    monkeypatch.setattr(connect, "_END_SECONDS", 1.0)


@pytest.fixture
def port() -> Iterator[int]:
    """One on which somebody listens and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        yield mute.getsockname()[1]


def test_nobody_answers(soon: None, port: int) -> None:
    """No scheduler, one that is none, and TLS without certificates: a line each."""
    for address, said in (
        ("tcp://127.0.0.1:1", "no Dask scheduler answers at tcp://127.0.0.1:1"),
        (f"tcp://127.0.0.1:{port}", "doesn't answer as a Dask scheduler does"),
        ("tls://127.0.0.1:1", "distributed.comm.tls"),
    ):
        with pytest.raises(UsageError, match=said), connect.opened(address, 1) as (_, client):
            client()


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(UsageError, match=r"pip install 'tf-course-grader\[cluster\]'"),
        connect.opened(None, 1),
    ):
        pass


def test_no_cluster_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps it from starting is told in a line."""
    import distributed

    def fails(**_: object) -> None:
        raise RuntimeError("no\nport")

    monkeypatch.setattr(distributed, "LocalCluster", fails)
    with pytest.raises(EngineError, match=r"can't be started here: no$"), connect.opened(None, 1):
        pass


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    for number in range(6):
        student = tmp_path / "class" / f"s{number}"
        student.mkdir(parents=True)
        (student / "square.py").write_text(f"{RIGHT}# {number}\n")
    return tmp_path / "class"


def grade(handed_in: Path, *more: str) -> list[str]:
    return [
        "grade", str(handed_in), "--course", str(TINY), "--exercise", "square", "--out",
        str(handed_in.parent / "out"), "--seed", "3", *more,
    ]  # fmt: skip


def test_wrong_calls(handed_in: Path) -> None:
    """Before anything is done."""
    for more, said in (
        (["--scheduler", "tcp://h:1"], "--scheduler goes with --executor dask"),
        (["--executor", "dask", "--scheduler", "nowhere"], "isn't an address"),
    ):
        done: Result = CliRunner().invoke(cli, grade(handed_in, *more))
        assert isinstance(done.exception, UsageError)
        assert said in str(done.exception)
    assert not (handed_in.parent / "out").exists()


def test_a_cluster_of_its_own(handed_in: Path) -> None:
    """Without a scheduler one is started; Ctrl-C ends all of it and keeps what is finished."""
    command = [
        sys.executable, "-m", "grader",
        *grade(handed_in, "--executor", "dask", "--jobs", "1"),
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    ) as running:  # fmt: skip
        assert running.stderr is not None
        # On a busy machine a line about workers that aren't there yet may come before.
        first = next((line for line in running.stderr if "  square  " in line), "")
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does
        said = running.stderr.read()
    assert first.endswith("square  10/10\n")
    assert running.returncode == 130
    assert said.splitlines()[-1].startswith("grader: stopped; a grading keeps what was finished")
    assert "Traceback" not in said
    again = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert again.returncode == 0, again.stderr
    lines = [line for line in again.stderr.splitlines() if "  square  " in line]
    assert len(lines) == 6
    assert all("  square  10/10" in line for line in lines)
    assert any("known from before" in line for line in lines)
