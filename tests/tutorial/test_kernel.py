"""Running: what a kernel reports of its cells, how it ends, what it can't reach."""

import asyncio
import os
import select
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from grader.errors import EngineError
from grader.tutorial import kernel
from grader.tutorial.outputs import shown
from grader.tutorial.provisioner import ForkServer
from grader.tutorial.values import Block, Control, Document, Piece


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kernels")
    (folder / "home").mkdir()
    found = kernel.environment(device="cpu", data=folder / "data", home=folder / "home")
    with ForkServer((), found, folder / "log") as started:
        yield started, found


def block(index, source, control=None):
    lines = tuple(range(10 * index + 1, 10 * index + 2 + source.count("\n")))
    piece = Piece(source, lines)
    return Block(index, lines[0], "python", "code", source, (piece,), control=control or Control())


def run(
    server,
    *sources,
    watch=None,
    before="",
    after=None,
    path=Path("x.md"),
    text="",
    block_seconds=60.0,
    **more,
):
    blocks = tuple(
        source if isinstance(source, Block) else block(index, source)
        for index, source in enumerate(sources)
    )
    document = Document(path, "title", text, blocks, ())
    setting = kernel.Setting(
        server=server[0],
        block_seconds=block_seconds,
        document_seconds=more.pop("document_seconds", 120.0),
        offline=more.pop("offline", True),
        stand_ins=more.pop("stand_ins", True),
        environment={**server[1], **more},
    )
    wanted = kernel.Wanted(before=before, watch=watch or {}, after=after or {})
    ran = asyncio.run(kernel.run(document, setting, wanted))
    found = [ran.runs[index][0] for index in range(len(blocks))]
    return (found, ran.tried) if after else found


def test_output_is_what_a_reader_sees(server):
    (ran,) = run(server, "print('one')\nprint('two')\n3")
    assert (ran.ended, ran.output, ran.result) == ("ok", "one\ntwo\n3", "3")


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("print('a')\ntype(3)", "a\n<class 'int'>"),
        ("[1, 2]", None),
        ("print(type(3))", None),
        ("type(3);", None),
        ("list(range(30_000))", None),
    ],
)
def test_output_is_also_had_as_a_plain_prompt_shows_it(server, source, plain):
    (ran,) = run(server, source)
    assert (ran.ended, ran.plain) == ("ok", plain)


def test_a_file_that_numpy_doesnt_find_has_its_name(server):
    (ran,) = run(server, "raise FileNotFoundError('data/prices.csv not found.')")
    assert (ran.raised.missing, ran.raised.missing_kind) == ("data/prices.csv", "file")


def test_stderr_between_two_parts_of_a_line_breaks_no_line():
    def stream(name, text):
        return {"output_type": "stream", "name": name, "text": text}

    found = shown([stream("stdout", "kernel"), stream("stderr", "W: "), stream("stdout", " (1,)")])
    assert (found.output, found.stderr) == ("kernel (1,)", "W: ")
    result = {"output_type": "execute_result", "data": {"text/plain": "3"}}
    assert shown([stream("stdout", "a"), result]).output == "a\n3"


def test_what_goes_to_stdout_past_python_is_output_too(server):
    source = (
        "import os\nfor i in range(50):\n    print(i)\n    _ = os.write(1, b'past\\n')\n"
        "print('end')"
    )
    (ran,) = run(server, source)
    assert ran.output.split() == [word for i in range(50) for word in (str(i), "past")] + ["end"]


def test_a_cell_that_redirects_stdout_itself_costs_one_wait_at_most(server):
    source = (
        "import os\nkept = os.dup(1)\nos.dup2(os.open('log', os.O_WRONLY | os.O_CREAT), 1)\n"
        "for i in range(100):\n    print('line')\nos.dup2(kept, 1)"
    )
    ran, after = run(server, source, "print('again')", block_seconds=20.0)
    assert (ran.ended, ran.output.count("line")) == ("ok", 100)
    assert after.output.strip() == "again"


def test_names_last_from_block_to_block_and_none_of_ours_is_among_them(server):
    _, names = run(server, "x = 3", "sorted(n for n in dir() if 'tutorial' in n or 'grader' in n)")
    assert names.output == "[]"


def test_an_error_has_its_line_in_the_document_and_its_bases(server):
    (ran,) = run(server, "def f(a):\n    return a / 0\ny = 2\nf(y)")
    assert (ran.ended, ran.raised.type, ran.raised.line) == ("raised", "ZeroDivisionError", 2)
    assert "ArithmeticError" in ran.raised.bases


def test_an_error_in_an_earlier_blocks_function_is_on_the_line_that_called_it(server):
    _, ran = run(server, "def f():\n    raise ValueError('no')", "1\nf()")
    assert (ran.raised.type, ran.raised.message, ran.raised.line) == ("ValueError", "no", 12)


def test_a_syntax_error_has_its_line(server):
    (ran,) = run(server, "x = 1\ny = = 2")
    assert (ran.raised.type, ran.raised.line) == ("SyntaxError", 2)


@pytest.mark.parametrize(
    ("source", "missing", "kind"),
    [
        ("import there_is_no_such_module.part", "there_is_no_such_module", "module"),
        ("open('no/such.csv')", "no/such.csv", "file"),
        ("undefined + 1", "undefined", "name"),
        ("raise ImportError('Install it: `pip install -U pydot`.')", "pydot", "module"),
        (
            "raise ValueError('File not found: filepath=m.keras. Please ensure')",
            "m.keras",
            "file",
        ),
        ("raise OSError('d/x.tfrecord; No such file or directory')", "d/x.tfrecord", "file"),
        ("def f():\n    print(n)\n    n = 1\nf()", "", ""),
        ("1 / 0", "", ""),
    ],
)
def test_what_is_missing_is_named(server, source, missing, kind):
    (ran,) = run(server, source)
    assert (ran.raised.missing, ran.raised.missing_kind) == (missing, kind)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        (
            "import urllib.request\nurllib.request.urlopen('http://example.com/data.zip')",
            "http://example.com/data.zip",
        ),
        (
            "import socket\nsocket.create_connection(('example.com', 443))",
            "example.com:443",
        ),
        (
            "import socket\nsocket.socket().connect(('192.0.2.7', 80))",
            "192.0.2.7:80",
        ),
        (
            "import socket\ntry:\n    socket.gethostbyname('example.org')\n"
            "except OSError as e:\n    raise RuntimeError('download failed') from None",
            "example.org",
        ),
    ],
)
def test_the_network_is_refused_at_once_and_the_address_named(server, source, wanted):
    (ran,) = run(server, source)
    assert (ran.ended, ran.raised.missing_kind, ran.raised.missing) == ("raised", "address", wanted)


def test_what_is_refused_and_handled_is_no_fault(server):
    source = "import socket\ntry:\n    socket.gethostbyname('example.org')\nexcept OSError:\n    3"
    ran, later = run(server, source, "1 / 0")
    assert ran.ended == "ok"
    assert later.raised.missing_kind == ""


def test_a_fault_after_a_refusal_that_was_handled_is_the_blocks_own(server):
    source = (
        "import socket\ntry:\n    socket.gethostbyname('example.org')\n"
        "except OSError:\n    pass\n1 / 0"
    )
    (ran,) = run(server, source)
    assert (ran.raised.type, ran.raised.missing_kind) == ("ZeroDivisionError", "")


def test_loopback_is_no_network(server):
    (ran,) = run(
        server,
        "import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname()).close()\n'connected'",
    )
    assert ran.output == "'connected'"


def has_networks_of_its_own():
    """Whether a process may have one here; without, only Python's own calls are refused."""
    code = "from grader.sandbox import kernel; kernel.leave_network()"
    return subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL).returncode == 0


@pytest.mark.skipif(not has_networks_of_its_own(), reason="no network namespaces for this user")
def test_with_a_network_a_kernel_reaches_what_this_process_does(server):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        accepted = []
        thread = threading.Thread(target=lambda: accepted.append(listening.accept()))
        thread.start()
        connect = f"import socket\nsocket.create_connection(('127.0.0.1', {port})).close()"
        (refused,) = run(server, connect)
        assert refused.raised.type == "ConnectionRefusedError"  # another network altogether
        (ran,) = run(server, connect, offline=False)
        thread.join()
        accepted[0][0].close()
    assert ran.ended == "ok"


def test_a_hang_costs_the_kernel_its_life_and_the_next_block_goes_on(server):
    hang = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    before, hung, after = run(
        server,
        "x = 1\nboom",
        block(1, hang, Control(timeout=1.0)),
        "x + 1",
    )
    assert before.raised.type == "NameError"
    assert (hung.ended, after.ended, after.output) == ("timeout", "ok", "2")


def test_a_hang_that_can_be_interrupted_leaves_the_kernel_as_it_is(server):
    source = "import os\npid = os.getpid()\nx = 1"
    _, hung, after = run(
        server,
        source,
        block(1, "x = 2\nwhile True: pass", Control(timeout=1.0)),
        "x, pid == os.getpid()",
    )
    assert (hung.ended, after.output) == ("timeout", "(2, True)")


def test_a_crash_is_said_and_the_next_block_goes_on(server):
    _, died, after = run(server, "x = 5", "import os\nos.kill(os.getpid(), 9)", "x")
    assert (died.ended, after.output) == ("died", "5")


def test_what_a_killed_block_started_is_killed_too(server, tmp_path):
    told = tmp_path / "pid"
    source = (
        "import subprocess\np = subprocess.Popen(['sleep', '1000'])\n"
        f"open({str(told)!r}, 'w').write(str(p.pid))\nwhile True: pass"
    )
    run(server, block(0, source, Control(timeout=2.0)))
    try:
        process = os.pidfd_open(int(told.read_text()))
    except ProcessLookupError:
        return
    ended, _, _ = select.select([process], [], [], 30)  # a signal takes a moment
    os.close(process)
    assert ended


def test_a_document_whose_time_is_over_leaves_the_rest_unrun(server):
    first, second = run(server, "while True: pass", "1", document_seconds=1.5)
    assert (first.ended, second.ended) == ("timeout", "not_run")


def test_input_is_refused_instead_of_waited_for(server):
    (ran,) = run(server, "input('name? ')")
    assert ran.raised.type == "StdinNotImplementedError"


def test_files_are_told_and_lie_in_the_scratch_directory(server, tmp_path):
    (tmp_path / "prices.csv").write_text("1,2")
    (tmp_path / "other.csv").write_text("3")
    wrote, read, listed = run(
        server,
        "open('new.txt', 'w').write('x')",
        "open('prices.csv').read()",
        "import os\nsorted(os.listdir())",
        path=tmp_path / "doc.md",
        text="reads `prices.csv`",
    )
    assert wrote.wrote == ("new.txt",)
    assert (read.output, read.read) == ("'1,2'", ("prices.csv",))
    assert listed.output == "['new.txt', 'prices.csv']"
    assert not (tmp_path / "new.txt").exists()


def test_watched_lines_tell_what_they_printed_and_came_to(server):
    source = "x = [1]\nprint('a')\nx\nfor i in range(2):\n    print(i)\nNone"
    (ran,) = run(server, source, watch={(0, 0): [2, 3, 4, 6]})
    assert [(s.line, s.printed, s.value) for s in ran.seen] == [
        (2, "a\n", ""),
        (3, "", "[1]"),
        (4, "0\n1\n", ""),
    ]


def test_watching_changes_neither_output_nor_result(server):
    watched, plain = run(server, "print(1)\n2", "print(1)\n2", watch={(0, 0): [1, 2]})
    assert watched.output == plain.output == "1\n2"
    assert watched.result == plain.result


def test_a_huge_output_is_cut_and_says_so(server):
    (ran,) = run(server, "print('x' * 10_000_000)")
    assert len(ran.output) < 300_000
    assert ran.output.endswith("left out]")


def test_a_skipped_block_is_not_run(server):
    ran, after = run(server, block(0, "x = 1", Control(skip="no")), "x")
    assert ran.ended == "not_run"
    assert after.raised.missing == "x"


def test_text_that_is_no_unicode_comes_back(server):
    (ran,) = run(server, "raise ValueError('\\udc80 \\ud800')")
    assert ran.ended == "raised"  # IPython itself can't send such a traceback


def test_what_is_run_before_is_there_in_every_life(server):
    first, _, again = run(server, "x", "import os\nos._exit(1)", "x", before="x = 7")
    assert (first.output, again.output) == ("7", "7")


def test_code_that_is_tried_after_a_block_changes_no_name(server):
    codes = ("x = 5\nx + 1", "print('hi')", "1 / 0", "missing", "x = ")
    (_, later), tried = run(server, "x = 1", "x", after={0: codes})
    assert later.output == "1"
    assert {code: (t.printed, t.value, t.raised) for (_, code), t in tried.items()} == {
        codes[0]: ("", "6", None),
        codes[1]: ("hi\n", None, None),
        codes[2]: ("", None, "ZeroDivisionError"),
        codes[3]: ("", None, "NameError"),
        codes[4]: ("", None, "SyntaxError"),
    }


def test_a_fork_server_that_is_gone_is_an_error_of_one_line(tmp_path):
    with ForkServer((), dict(os.environ), tmp_path / "log") as started:
        started._process.kill()
        started._process.wait()
        with pytest.raises(EngineError) as caught:
            started.fork(["x", "-f", "y"], str(tmp_path), {}, offline=True, stand_ins=False)
    assert "process for kernels" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_fork_server_that_cannot_start_says_why(tmp_path):
    environment = {**os.environ, "PYTHONHOME": str(tmp_path)}
    with pytest.raises(EngineError, match="no process for kernels"):
        ForkServer((), environment, tmp_path / "log").__enter__()
