"""The command line: examples in the help, one line for each wrong call, exit statuses, quiet."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec import structs

from grader import cli, devices, folders, nvidia
from grader.devices import require_device
from grader.progress import Shown
from grader.report import write_report
from grader.results import Adjustment, CheckResult, Row, mark, to_json

from .report.sample import sample

COURSE = Path(__file__).parents[1]


def call(*arguments: str | Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """(status, stdout, stderr) of `grader ARGUMENTS`, in this process: nothing here imports TF."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["grader", *map(str, arguments)])
        try:
            cli.main()
            status: object = 0
        except SystemExit as end:
            status = end.code or 0
    out, err = capsys.readouterr()
    assert isinstance(status, int)
    return status, out, err


def refused(*arguments: str | Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What a wrong call is told: status 2, nothing on stdout, one line that isn't endless."""
    status, out, err = call(*arguments, capsys=capsys)
    assert (status, out) == (2, "")
    assert err.startswith("grader: ")
    assert err.count("\n") == 1
    assert len(err) < 650
    return err.removeprefix("grader: ").rstrip("\n")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A class of two students, an empty folder and a plain file; the working directory."""
    for student in ("ada", "王小明"):
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / "huber.py").write_text("x = 1\n")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


# -- help ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [(), ("grade",), ("check",), ("report",)])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_shows_an_example(
    command: tuple[str, ...], option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command's help has an example that can be copied, on a line of its own."""
    status, out, err = call(*command, option, capsys=capsys)
    assert (status, err) == (0, "")
    example = out.partition("Example")[2]
    start = " ".join(("grader", *command))
    assert any(line.strip().startswith(start + " ") for line in example.splitlines())


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """`grader` alone is a wrong call that is answered with everything there is."""
    status, out, err = call(capsys=capsys)
    assert (status, out) == (2, "")
    assert "grade " in err
    assert "check " in err


# -- wrong calls -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["grdae"], "No such command 'grdae'"),
        (["grade"], "Missing argument 'SUBMISSIONS'; see grader grade --help"),
        (["grade", "class", "--jbos", "2"], "--jobs"),
        (["grade", "class"], "holds no course.toml: name the course's directory with --course DIR"),
        (["grade", "class", "--course", "file"], "file holds no course.toml"),
        (
            ["grade", "class", "--course", COURSE, "--exercise", "hubr"],
            "it has: tensors, variables",
        ),
        (["grade", "class", "--course", COURSE, "--student", "Ada"], "for example: 'ada'"),
        (["grade", "class", "--course", COURSE, "--student", "王小名"], "for example: '王小明'"),
        (["grade", "class", "--course", COURSE, "--student", "zz"], "'ada', '王小明'"),
        (
            ["grade", "empty", "--course", COURSE],
            "put one directory or one zip per student into it",
        ),
        (["grade", "file", "--course", COURSE], "is a file; give the directory"),
        (["grade", "nowhere", "--course", COURSE], "there is no such directory; give"),
        (
            ["grade", "class", "--course", COURSE, "--out", "file/below"],
            "--out file/below: Not a directory; name a directory that can be written",
        ),
        (["grade", "class", "--jobs", "0"], "'--jobs': 0 is not in the range 1<=x<=256"),
        (["grade", "class", "--jobs", "many"], "'--jobs': 'many' is not a valid integer"),
        (["grade", "class", "--seed", "x"], "'--seed': 'x' is not a valid integer"),
        (["grade", "class", "--seed", "-1"], "'--seed': -1 is not in the range 0<=x"),
        (["grade", "class", "--budget", "0"], "'--budget': 0.0 is not in the range x>0"),
        (["grade", "class", "--sandbox", "none"], "'none' is not one of 'strict', 'basic'"),
        (["grade", "class", "--device", "tpu"], "'tpu' is not one of 'cpu', 'gpu', 'both'"),
        (["check", "nowhere.py", "--course", COURSE], "nowhere.py isn't there; name a file"),
        (["check", "empty", "--course", COURSE], "empty holds no exercise; files are named"),
        (["check", "file", "--course", COURSE], "rename it to one of tensors.py, variables.py"),
        (["check", "file"], "name the course's directory with --course DIR"),
        (["check", "--lang", "fr"], "'fr' is not one of 'en', 'zh'"),
        (
            ["report", "nowhere.json"],
            "nowhere.json: can't be read (No such file or directory): give",
        ),
        (["report", "class"], "class: can't be read (Is a directory): give the path of"),
        (["report", "file"], "file: not JSON"),
    ],
    ids=lambda value: " ".join(Path(str(a)).name for a in value) if type(value) is list else None,
)
def test_wrong_calls(
    arguments: list[str | Path], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2 and one line on stderr that says what, where and how to mend it; nothing is left."""
    before = sorted(folder.rglob("*"))
    assert said in refused(*arguments, capsys=capsys)
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "ends too early"),
        ("results", "not JSON"),
        ("[]", "run `grader grade` again"),
        ("{}", "schema"),
        ('{"schema": 2}', "is 2, this grader reads 1: use the grader that wrote the file"),
    ],
)
def test_results_that_arent(
    text: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not JSON, not an object, another schema: named with the file, and what to do."""
    (folder / "results.json").write_text(text)
    told = refused("report", "results.json", "--out", "pages", capsys=capsys)
    assert told.startswith("results.json: ")
    assert said in told
    assert not (folder / "pages").exists()


def pages_in(folder: Path) -> set[str]:
    """The class pages there, and ada's own."""
    return {
        page.name
        for page in folder.rglob("*.html")
        if page.parent.name != "exercises" and page.name.startswith(("index", "ada-99"))
    }


@pytest.mark.parametrize("out", ["elsewhere", None])
def test_a_report_where_a_grader_is_at_work(
    out: str | None, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each would remove pages of the other's."""
    (folder / "results.json").write_text(to_json(sample()), encoding="utf-8")
    (folder / "elsewhere").mkdir()
    there = ("--out", out) if out else ()
    with folders.alone_in(folder / (out or ".")):
        told = refused("report", "results.json", *there, capsys=capsys)
    assert told.startswith(f"another grader is writing to {out or '.'}: wait until")
    assert not list(folder.rglob("*.html"))
    assert call("report", "results.json", *there, capsys=capsys)[0] == 0


def test_a_link_to_a_folder_where_a_grader_is_at_work(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is the same folder."""
    (folder / "results.json").write_text(to_json(sample()), encoding="utf-8")
    (folder / "there").mkdir()
    (folder / "link").symlink_to("there")
    with folders.alone_in(folder / "there"):
        told = refused("report", "results.json", "--out", "link", capsys=capsys)
    assert told.startswith("another grader is writing to link: wait until")


def test_report_in_one_language(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--lang`: plain names, no switch, and the pages of the earlier report are gone."""
    (folder / "results.json").write_text(to_json(sample()), encoding="utf-8")
    assert call("report", "results.json", "--quiet", capsys=capsys)[0] == 0
    both = pages_in(folder)
    assert {"index.html", "index.zh.html"} < both
    (folder / "students" / "mine.html").write_text("kept")
    assert call("report", "results.json", "--lang", "zh", capsys=capsys)[0] == 0
    assert pages_in(folder) == {name for name in both if ".zh." not in name}
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert 'lang="zh-Hans"' in page
    assert "English" not in page
    assert (folder / "students" / "mine.html").read_text() == "kept"


def test_report_in_each_students_language(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--languages`: the page of the plain name speaks it; who isn't there is told once."""
    (folder / "results.json").write_text(to_json(sample()), encoding="utf-8")
    (folder / "who.csv").write_text("student,lang\nada,zh\nnobody,en\n")
    status, _, err = call("report", "results.json", "--languages", "who.csv", capsys=capsys)
    assert (status, err.count("\n")) == (0, 1)
    assert "'nobody'" in err
    plain = next(name for name in pages_in(folder) if re.fullmatch(r"ada-\w+\.html", name))
    assert 'lang="zh-Hans"' in (folder / "students" / plain).read_text(encoding="utf-8")
    assert 'lang="en"' in (folder / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("name,lang\n", "line 1 must be student,lang"),
        ("student,lang\nada,de\n", "line 2: no language 'de'"),
        ("student,lang\nada\n", "line 2: 1 cells"),
        ("student,lang\nada,zh\nada,en\n", "line 3: 'ada' has another language"),
        ('student,lang\n"ada,zh\n', "not CSV"),
        (b"student,lang\n\xff,zh\n", "byte 13 is not UTF-8"),
        (None, "can't be read"),
    ],
)
def test_a_table_of_languages_that_is_none(
    folder: Path, capsys: pytest.CaptureFixture[str], table: str | bytes | None, said: str
) -> None:
    """One line that says where; nothing is written."""
    (folder / "results.json").write_text(to_json(sample()), encoding="utf-8")
    if table is not None:
        (folder / "who.csv").write_bytes(table.encode() if isinstance(table, str) else table)
    told = refused("report", "results.json", "--languages", "who.csv", capsys=capsys)
    assert said in told
    assert not (folder / "index.html").exists()


def test_report_into_a_place_that_cant_be_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Below a plain file no folder can be made, whoever asks."""
    (folder / "results.json").write_text(to_json(sample()))
    assert "file" in refused("report", "results.json", "--out", "file/below", capsys=capsys)


def test_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page's path is told on stdout, or nothing at all with --quiet."""
    (folder / "results.json").write_text(to_json(sample()))
    status, out, err = call("report", "results.json", "--out", "pages", capsys=capsys)
    assert (status, out, err) == (0, f"report: {Path('pages/index.html')}\n", "")
    assert (folder / "pages" / "index.html").is_file()
    assert call("report", "results.json", "--quiet", capsys=capsys) == (0, "", "")
    assert (folder / "index.html").is_file()


def test_no_gpu_here(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked for a GPU where the machine shows none, the grader says so and names the way out."""
    none = devices.Found((), "", nvidia.build(), "")
    monkeypatch.setattr(devices, "look", lambda: none)
    assert require_device("cpu") == ("cpu",)
    for wanted in ("gpu", "both"):
        said = refused(
            "grade", "class", "--course", COURSE, "--device", wanted, "--gpu-jobs", "2",
            capsys=capsys,
        )  # fmt: skip
        for part in (f"--device {wanted}: no NVIDIA GPU", "no device node", "use --device cpu"):
            assert part in said
    assert not (folder / "reports").exists(), "nothing was begun"
    some = devices.Found(("/dev/nvidia0",), "550.54", nvidia.Build("tensorflow", "12", ()), "")
    monkeypatch.setattr(devices, "look", lambda: some)
    assert require_device("both") == ("cpu", "gpu")
    assert require_device("gpu") == ("gpu",)


def test_hostile_names_in_messages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Escapes and line ends in what was typed or found don't reach the terminal."""
    (folder / "class" / "\x1b[31mred\nnext").mkdir()
    (folder / "class" / "\x1b[31mred\nnext" / "huber.py").write_text("")
    said = refused(
        "grade", "class", "--course", COURSE, "--student", "\x1b]0;x\x07y", capsys=capsys
    )
    assert "\x1b" not in said
    for arguments in (("report", "a\nb\x1b[2J"), ("grade", "class", "--course", "a\nb\x1b[2J")):
        said = refused(*arguments, capsys=capsys)
        assert said.startswith("a b")
        assert "\x1b" not in said


# -- ends ------------------------------------------------------------------------------------------

_PATCHED = """
import os, signal, sys
from grader import cli, grading, selfcheck

def stopped(*args, **kwargs):
    # A shell that runs the tests in the background has its children ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.kill(os.getpid(), signal.SIGINT)

def broken(*args, **kwargs):
    raise ZeroDivisionError("a bug")

grading.grade_class = selfcheck.run_selfcheck = globals()[sys.argv.pop(1)]
cli.main()
"""


def ended(how: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _PATCHED, how, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", [("grade", "x"), ("check",)])
def test_ctrl_c(arguments: tuple[str, ...]) -> None:
    """Ctrl-C ends with status 130 and one line that says nothing is lost; no traceback."""
    done = ended("stopped", *arguments)
    assert (done.returncode, done.stdout) == (130, "")
    # A line end first: the terminal has written ^C.
    assert done.stderr == (
        "\ngrader: stopped; a grading keeps what was finished,"
        " the same command goes on from there\n"
    )


def test_a_fault_of_the_graders_own() -> None:
    """A bug is status 3, never 1 (something checked did not hold) or 2 (a wrong call)."""
    done = ended("broken", "check")
    assert done.returncode == 3
    assert "ZeroDivisionError: a bug" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("grader: a fault of the grader's own")


# -- progress --------------------------------------------------------------------------------------


def row(student: str, status: str = "graded", cached: bool = False) -> Row:
    checks = (
        CheckResult("test_a", "passed", 2.0, 2.0),
        CheckResult("test_b", "timeout", 0.0, 3.0),
        CheckResult("test_c", "failed", 0.0, 5.0),
    )
    return Row(student, "huber", status, 2.0, 10.0, 0.5, cached, checks)  # type: ignore[arg-type]


def test_a_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal: student, exercise and points, odd outcomes, what was known before."""
    with Shown(quiet=False) as shown:
        shown.begin(3)
        shown.row(row("ada"))
        shown.row(row("bob", cached=True))
        shown.row(row("eve", "missing"))
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "ada  huber  2/10 timeout",
        "bob  huber  2/10 timeout (known from before)",
        "eve  huber  missing",
    ]


def test_a_line_says_what_counts(capsys: pytest.CaptureFixture[str]) -> None:
    """Where that isn't what the checks gave, also of what wasn't handed in."""
    with Shown(quiet=False) as shown:
        for one, hand in ((row("ada"), 1.5), (row("eve", "missing"), -2.0), (row("bob"), 0.0)):
            made = mark(one.points, None, Adjustment("oral", change=hand))
            shown.row(structs.replace(one, mark=made))
    assert capsys.readouterr().err.splitlines() == [
        "ada  huber  3.5/10 (checks: 2) timeout",
        "eve  huber  missing, counts 0",
        "bob  huber  2/10 timeout",
    ]


def test_quiet_shows_no_progress(capsys: pytest.CaptureFixture[str]) -> None:
    """--quiet: nothing at all."""
    with Shown(quiet=True) as shown:
        shown.begin(1)
        shown.row(row("ada"))
    assert capsys.readouterr() == ("", "")


HOSTILE = [
    "[red]x[/red]",
    "[/nothing]",
    "[link=http://x]y",
    "\x1b[31mred\x1b]0;title\x07",
    "a\nb\r",
]

_ON_TERMINAL = """
import sys
from grader.progress import Shown
from grader.results import Row
with Shown(quiet="quiet" in sys.argv) as shown:
    shown.begin(len(sys.argv))
    if "again" in sys.argv:
        shown.begin(len(sys.argv))
    for name in sys.argv[1:]:
        shown.row(Row(name, "huber", "graded", 2.0, 10.0))
        shown._bar and shown._bar.refresh()
"""


def on_terminal(names: list[str], environment: Mapping[str, str]) -> str:
    """What a terminal of 100 columns is sent while these students' rows come in."""
    ours, theirs = pty.openpty()
    kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    done = subprocess.Popen(
        [sys.executable, "-c", _ON_TERMINAL, *names],
        stderr=theirs,
        env={**kept, "TERM": "xterm-256color", "COLUMNS": "100", **environment},
    )
    os.close(theirs)
    sent = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        sent += piece
    os.close(ours)
    assert done.wait() == 0
    return sent.decode()


def test_all_over_again() -> None:
    """A grading that begins anew, such as with a new store, has one bar, which counts anew."""
    sent = on_terminal(["ada", "again"], {"NO_COLOR": "1"})
    assert "2/3" in sent
    assert sent.count("\x1b[1A") == 1, "two bars would be drawn over by going up line by line"


def test_hostile_names_in_progress_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Markup and escapes in a student's name are inert, on a terminal and elsewhere."""
    with Shown(quiet=False) as shown:
        for name in HOSTILE:
            shown.row(row(name))
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition("  huber")[0] for line in lines] == [
        "[red]x[/red]", "[/nothing]", "[link=http://x]y", "red", "a b"
    ]  # fmt: skip
    sent = on_terminal(HOSTILE, {"NO_COLOR": "1"})
    assert "[red]x[/red]  huber" in sent
    assert "[/nothing]  huber" in sent
    assert "\x1b]0;title" not in sent
    assert "\x1b[31m" not in sent


def test_colour_only_where_it_is_wanted() -> None:
    """NO_COLOR takes the bar's colours away, --quiet the bar."""
    assert "\x1b[38" in on_terminal(["ada"], {})
    plain = on_terminal(["ada"], {"NO_COLOR": "1"})
    assert "ada  huber" in plain
    assert "\x1b[38" not in plain
    assert "\x1b[3" not in plain.replace("\x1b[39", "")
    assert on_terminal(["quiet"], {}) == ""


def test_the_same_page_again(tmp_path: Path) -> None:
    """`write_report` gives the page's path, which `grader` prints."""
    assert write_report(sample(), tmp_path) == tmp_path / "index.html"
