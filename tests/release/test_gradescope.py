"""The autograder's zip, laid out as Gradescope does it, grades; and its scripts keep their word."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import cli

from .courses import ROOT, TINY, tiny, unpacked
from .gradescope_form import read

RIGHT = "def square(x):\n    return x * x\n"


class Container:
    """A folder with everything that Gradescope's container has under /autograder."""

    def __init__(self, root: Path, autograder: Path) -> None:
        self.root = root
        with zipfile.ZipFile(autograder) as archive:
            for entry in archive.infolist():
                file = Path(archive.extract(entry, root / "source"))
                file.chmod(entry.external_attr >> 16 & 0o777)  # as unzip does
        shutil.copy(root / "source" / "run_autograder", root)
        (root / "submission").mkdir()
        (root / "results").mkdir()
        people = {"users": [{"name": "Zoë O'Neil 王", "email": "zoe@example.org"}]}
        (root / "submission_metadata.json").write_text(json.dumps(people), "utf-8")

    @property
    def results(self) -> Path:
        return self.root / "results" / "results.json"

    def python(self, script: str) -> None:
        """What is run in the place of the virtual environment that setup.sh makes."""
        file = self.root / "venv" / "bin" / "python"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def run(self, **more: str) -> str:
        """Grades what lies in `submission`; what came on stdout and stderr, which is for staff."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "TF_"))}
        done = subprocess.run(
            [self.root / "run_autograder"],
            env={**kept, "AUTOGRADER_ROOT": str(self.root), **more},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def autograder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip for the tiny course's first exercise."""
    out = tmp_path_factory.mktemp("autograder")
    arguments = ["--course", str(TINY), "--exercise", "square", "--gradescope", "--out", str(out)]
    done = CliRunner().invoke(cli, ["release", *arguments])
    assert done.exit_code == 0, done.output
    return out / "a-tiny-course-gradescope.zip"


@pytest.fixture
def container(autograder: Path, tmp_path: Path) -> Container:
    """With this Python and, in it, the grader that came in the zip."""
    made = Container(tmp_path / "autograder", autograder)
    tools = made.root / "source" / "tools"
    made.python(f'PYTHONPATH="{tools}" PYTHONDONTWRITEBYTECODE=1 exec "{sys.executable}" "$@"')
    return made


# -- grading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "program", "score", "said"),
    [
        ("square.py", RIGHT, 10.0, ""),
        ("my work.py", "def cube(x):\n    return x * x * x\n", 0.0, "square"),
        ("square.py", "def square(x):\n    return x *\n", 0.0, "line 2"),
    ],
    ids=["right", "without the symbol", "syntax error"],
)
def test_a_submission(
    container: Container, name: str, program: str, score: float, said: str
) -> None:
    """A results.json that Gradescope takes, with what the student needs to know in it."""
    (container.root / "submission" / name).write_text(program)
    stdout = container.run()
    found = read(container.results)
    assert found["score"] == score
    assert [test["max_score"] for test in found["tests"]] == [6, 4]
    assert {test["status"] for test in found["tests"]} == {"passed" if score else "failed"}
    assert said in "\n".join([found["output"], *(test["output"] for test in found["tests"])])
    assert found["stdout_visibility"] == "hidden"
    assert found["extra_data"]["sandbox"] == "strict"
    assert found["extra_data"]["sandbox_fallback"] == ""
    assert "grader: sandbox level strict" in stdout
    assert "Traceback" not in stdout
    assert "Warning" not in stdout
    assert os.listdir(container.results.parent) == ["results.json"]


# -- when the grader can't run ---------------------------------------------------------------------


def test_a_course_that_cant_be_graded(container: Container) -> None:
    """One sentence that says whose fault it isn't; the reason is for staff."""
    (container.root / "source" / "course" / "course.toml").write_text("name = ")
    (container.root / "submission" / "square.py").write_text(RIGHT)
    stdout = container.run()
    found = read(container.results)
    assert found["output"].startswith("The grader could not run here: this is not a mark for your")
    assert found["tests"] == []
    assert "course.toml: not TOML" in found["extra_data"]["fault"]
    assert "course.toml: not TOML" in stdout


@pytest.mark.parametrize(
    "script",
    [
        "exit 1",
        "kill -KILL $$",
        'printf half >"$AUTOGRADER_ROOT/results/.part.tmp"; exit 3',
        ': >"$AUTOGRADER_ROOT/results/results.json"',
        'rm -r "$AUTOGRADER_ROOT/results/results.json"; exit 1',
    ],
)
def test_a_python_that_ends(container: Container, script: str) -> None:
    """Whatever ends it, and even if it empties the file, what was written first stands."""
    container.python(script)
    container.results.write_text('{"score": 10}')  # of another run
    container.run()
    found = read(container.results)
    assert found["output"].startswith("The grader was stopped before it had a result")
    assert (found["score"], found["stdout_visibility"]) == (0, "hidden")


def test_no_python_at_all(container: Container) -> None:
    """As when setup.sh didn't run to its end; the shell's words are on stdout."""
    shutil.rmtree(container.root / "venv")
    shutil.rmtree(container.root / "results")
    assert "ended with status 127" in container.run()
    assert read(container.results)["extra_data"] == {"fault": "stopped"}


def test_a_disk_that_fills_up(container: Container) -> None:
    """No byte of room is left once Python runs; the file that was there first still stands."""
    container.python(
        'cd "$AUTOGRADER_ROOT/results"; cat /dev/zero >fill 2>/dev/null; printf x >more; exit 1'
    )
    mounted = 'mount -t tmpfs -o size=65536 tmpfs "$1" && "$2" && cp "$1/results.json" "$3"'
    kept = container.root / "kept.json"
    results, run = container.root / "results", container.root / "run_autograder"
    subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", mounted, "sh", results, run, kept],
        env={**os.environ, "AUTOGRADER_ROOT": str(container.root)},
        check=True, capture_output=True,
    )  # fmt: skip
    assert read(kept)["output"].startswith("The grader was stopped")


# -- the zip and its scripts -----------------------------------------------------------------------


def test_what_is_in_it(autograder: Path) -> None:
    """Scripts that can be run at its root, one exercise with its solution, no host anywhere."""
    with zipfile.ZipFile(autograder) as archive:
        modes = {e.filename: stat.filemode(e.external_attr >> 16) for e in archive.infolist()}
    assert {name for name, mode in modes.items() if mode == "-rwxr-xr-x"} == {
        "run_autograder",
        "setup.sh",
    }
    files = unpacked(autograder)
    tree = {name for name in files if name.startswith("course/")}
    assert tree == {
        "course/course.toml",
        "course/exercises/square/square.py",
        "course/exercises/square/test_square.py",
        "course/solutions/square/square.py",
        "course/solutions/square/test_square.py",
    }
    assert files["course/course.toml"] == (TINY / "course.toml").read_bytes()
    for name in ("run_autograder", "setup.sh"):
        assert b"://" not in files[name]
        assert b"index" not in files[name]


def test_variants_go_along(tmp_path: Path) -> None:
    """Diagnoses come from them; caches don't."""
    course = tiny(tmp_path)
    variants = course.root / "solutions" / "square" / "variants"
    (variants / "__pycache__").mkdir(parents=True)
    (variants / "__pycache__" / "wrong_cube.pyc").write_bytes(b"")
    (variants / "wrong_cube.py").write_text("")
    out = tmp_path / "out"
    arguments = ["release", "--course", str(course.root), "--gradescope", "--out", str(out)]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    names = unpacked(out / "a-tiny-course-gradescope.zip")
    assert "course/solutions/square/variants/wrong_cube.py" in names
    assert not [name for name in names if name.endswith(".pyc")]


def test_scripts_are_sound(container: Container) -> None:
    """bash reads both; so does shellcheck where there is one."""
    scripts = [container.root / "source" / name for name in ("run_autograder", "setup.sh")]
    for script in scripts:
        subprocess.run(["bash", "-n", script], check=True)
    if shutil.which("shellcheck"):
        subprocess.run(["shellcheck", *scripts], check=True)


PIP = """case "$1" in -c) exit 0;; esac
echo "$@" >>"$AUTOGRADER_ROOT/log"
[ "$2" = venv ] && mkdir -p "$3/bin" && cp "$0" "$3/bin/python"
exit 0"""


def setup(container: Container, python: str) -> subprocess.CompletedProcess[str]:
    """Runs setup.sh with an apt-get and Pythons that only say what they were asked."""
    tools = container.root / "bin"
    tools.mkdir()
    pythons = ("python3", "python3.14", "python3.13", "python3.12", "python3.11")
    scripts = {"apt-get": 'echo "$@" >>"$AUTOGRADER_ROOT/log"', **dict.fromkeys(pythons, python)}
    for name, script in scripts.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    shutil.rmtree(container.root / "venv")
    return subprocess.run(
        ["bash", container.root / "source" / "setup.sh"],
        env={"PATH": f"{tools}:/usr/bin:/bin", "AUTOGRADER_ROOT": str(container.root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_setup(container: Container) -> None:
    """It installs bubblewrap and the grader of the zip, pinned; the course is nobody else's."""
    done = setup(container, PIP)
    assert done.returncode == 0, done.stderr
    source = container.root / "source"
    log = (container.root / "log").read_text().splitlines()
    assert log == [
        "-qq update",
        "-qq install -y --no-install-recommends bubblewrap python3 python3-venv",
        f"-m venv {container.root}/venv",
        f"-m pip install -q --no-cache-dir -c {source}/tools/constraints.txt {source}/tools",
    ]
    assert (source / "tools" / "constraints.txt").read_bytes() == (
        ROOT / "constraints.txt"
    ).read_bytes()
    secret = [source, *source.rglob("*")]
    assert not [path for path in secret if path.stat().st_mode & 0o077]


def test_setup_without_a_python_that_will_do(container: Container) -> None:
    """It fails when the autograder is built, and says what to choose."""
    done = setup(container, 'case "$1" in -c) exit 1;; esac')
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Ubuntu 24.04" in done.stderr
