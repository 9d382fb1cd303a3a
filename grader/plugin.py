"""The pytest plugin: fixtures for checks, and one test per check and submission.

Checks under `exercises/` are the self-check: they run on the student's file in this process. Checks
under `solutions/` are the hidden ones: they run on the submissions of a shard (see `grader.shard`),
or on the file given with `--submission`, or on the reference solution itself.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from msgspec import structs

from grader import course as courses
from grader.asking import Session, symbols_of
from grader.checks import CheckInfo
from grader.errors import ImportFailed, UsageError
from grader.expect import Expect
from grader.judge import judge
from grader.own_notebook import is_notebook, own_file, read_own
from grader.results import CheckResult
from grader.seats import Candidate, LocalSeats, Seat, Seats, banned_symbols
from grader.settings import SETTINGS
from grader.submissions.model import Unreadable
from grader.terminal import Tally, lesson, unreadable, without_logs
from grader.text import Text, preferred_language

SEATS = pytest.StashKey[Seats]()
RESULT = pytest.StashKey[CheckResult]()
_EXPECT = pytest.StashKey[Expect]()
_SESSION = pytest.StashKey[Session]()
_BEGUN = pytest.StashKey[float]()
_OWN = pytest.StashKey[dict[tuple[str, Path], Candidate]]()
_TALLIES = pytest.StashKey[dict[Candidate, Tally]]()
_NOTEBOOKS = pytest.StashKey[dict[Candidate, tuple[Path, Sequence[tuple[int, int]]]]]()
"""The notebook that a module was made of, and of each of its lines (cell, line)."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--submission`, `--seed`."""
    group = parser.getgroup("grader", "TensorFlow exercises")
    group.addoption(
        "--submission",
        metavar="FILE",
        help="the file to check; default: the exercise's own (hidden checks: the reference)",
    )
    group.addoption(
        "--grader-seed", type=int, default=0, metavar="N", help="seed of the checks' questions"
    )
    group.addoption(
        "--grader-lang",
        choices=("en", "zh"),
        help="language of the messages; default: that of the environment",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declares the mark that `grader.checks.check` sets; quiets and fixes TensorFlow's settings."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    # Keras 3 still calls NumPy 2 the old way; nothing a student could mend.
    config.addinivalue_line("filterwarnings", "ignore:__array__ implementation:DeprecationWarning")
    config.addinivalue_line("markers", "check(info): a check of an exercise; see grader.checks")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends what the seats still hold."""
    seats = config.stash.get(SEATS, None)
    if seats is not None:
        seats.close()


def _exercise_of(path: Path) -> tuple[courses.Exercise, bool] | None:
    """(exercise, hidden) for a test file inside a course; None for any other test."""
    tree = path.parent.parent
    if tree.name not in ("exercises", "solutions"):
        return None
    if not (tree.parent / courses.COURSE_FILE).is_file():
        return None
    try:
        exercise = courses.load_again(tree.parent).by_id(path.parent.name)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    return exercise, tree.name == "solutions"


def pytest_itemcollected(item: pytest.Item) -> None:
    """A course's own settings for warnings never decide about a student's work."""
    if "candidate" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.filterwarnings("ignore"))


def _seats(config: pytest.Config) -> Seats:
    if SEATS not in config.stash:
        config.stash[SEATS] = LocalSeats()
    return config.stash[SEATS]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per submission, grouped so that a submission's checks follow each other."""
    if "candidate" not in metafunc.fixturenames:
        return
    found = _exercise_of(metafunc.definition.path)
    if found is None:
        raise pytest.UsageError(
            f"{metafunc.definition.path}: the fixtures student and reference work only in"
            " exercises/<id>/ and solutions/<id>/ of a course"
        )
    exercise, hidden = found
    candidates = _seats(metafunc.config).candidates(exercise)
    if candidates is None:
        candidates = (_own_candidate(metafunc.config, exercise, hidden),)
    metafunc.parametrize(
        "candidate",
        candidates,
        ids=[c.student.encode("ascii", "backslashreplace").decode() for c in candidates],
        scope="module",
        indirect=True,
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out the checks that a submission isn't to be asked."""
    items[:] = [item for item in items if _wanted(item)]


def _wanted(item: pytest.Item) -> bool:
    found = item.callspec.params.get("candidate") if hasattr(item, "callspec") else None
    checks = found.checks if isinstance(found, Candidate) else None
    return checks is None or check_id(item) in checks


def _own_candidate(config: pytest.Config, exercise: courses.Exercise, hidden: bool) -> Candidate:
    """The file of the command line; one candidate for all its checks, imported once for them."""
    given = config.getoption("--submission")
    own = exercise.solution if hidden else own_file(exercise)
    file = Path(given).resolve() if given else own
    if not file.is_file():
        raise pytest.Collector.CollectError(
            f"{file} isn't there; name the file with --submission FILE"
        )
    known = config.stash.setdefault(_OWN, {})
    if (exercise.id, file) not in known:
        if is_notebook(file):
            known[exercise.id, file] = _of_notebook(config, exercise, file)
        else:
            banned = banned_symbols(file.read_bytes(), exercise)
            known[exercise.id, file] = Candidate(file.stem, exercise, file, banned)
    return known[exercise.id, file]


def _of_notebook(config: pytest.Config, exercise: courses.Exercise, file: Path) -> Candidate:
    """The module that is made of a notebook, in a folder that goes with the session."""
    try:
        own = read_own(file, exercise)
    except Unreadable as error:
        reason = error.reason.in_(_language(config))
        raise pytest.Collector.CollectError(f"{file}: {reason}") from None
    folder = tempfile.TemporaryDirectory(prefix="grader-notebook-", ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    module = Path(folder.name, f"{exercise.id}.py")
    module.write_bytes(own.source)
    banned = banned_symbols(own.source, exercise, own.place)
    made = Candidate(file.stem, exercise, module, banned, shown_as=file.name, place=own.place)
    config.stash.setdefault(_NOTEBOOKS, {})[made] = (file, own.cells)
    return made


@pytest.fixture(scope="module")
def candidate(request: pytest.FixtureRequest) -> Candidate:
    """The submission that the checks of this round are about."""
    given: Candidate = request.param
    return given


@pytest.fixture(scope="module")
def seat(candidate: Candidate, request: pytest.FixtureRequest) -> Iterator[Seat]:
    """The submission's place in the engine, kept over its checks."""
    taken = _seats(request.config).take(candidate)
    yield taken
    taken.close()


def info_of(item: pytest.Item) -> CheckInfo:
    """What a check says about itself; one point and no title for an unmarked test."""
    mark = item.get_closest_marker("check")
    if mark is None:
        return CheckInfo(Text(item.name, item.name), 1.0, "values", Text("", ""))
    info: CheckInfo = mark.args[0]
    return info


def _seed(config: pytest.Config, exercise: courses.Exercise, check_id: str) -> int:
    """The same questions for every submission, others for every check and every run's seed."""
    run = config.getoption("--grader-seed")
    digest = hashlib.sha256(f"{run}/{exercise.id}/{check_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


@pytest.fixture
def check_seed(request: pytest.FixtureRequest, candidate: Candidate) -> int:
    """Seed of this check's questions."""
    return _seed(request.config, candidate.exercise, check_id(request.node))


@pytest.fixture
def worker_seed(request: pytest.FixtureRequest, candidate: Candidate) -> int:
    """Seed of both workers: another one, or a submission could foresee the questions."""
    return _seed(request.config, candidate.exercise, f"{check_id(request.node)}/worker")


@pytest.fixture
def student(
    seat: Seat, worker_seed: int, request: pytest.FixtureRequest, candidate: Candidate
) -> Iterator[Session]:
    """The submission's module."""
    backend = seat.begin(worker_seed, info_of(request.node).timeout)
    session = request.node.stash[_SESSION] = Session(backend, candidate.banned)
    yield session
    seat.end()


@pytest.fixture
def reference(
    request: pytest.FixtureRequest, candidate: Candidate, worker_seed: int
) -> Iterator[Session]:
    """The reference solution, asked through the same interface."""
    backend, close = _seats(request.config).reference(candidate.exercise, worker_seed)
    yield Session(backend)
    close()


@pytest.fixture
def rng(check_seed: int) -> np.random.Generator:
    """Where a check draws its questions from."""
    return np.random.default_rng(check_seed)


@pytest.fixture
def expect(request: pytest.FixtureRequest) -> Expect:
    """Compares answers; see `grader.expect.Expect`."""
    made = Expect(_seats(request.config).device)
    request.node.stash[_EXPECT] = made
    return made


def check_id(item: pytest.Item) -> str:
    """The name of a check's function, without the submission it ran on."""
    return getattr(item, "originalname", None) or item.name


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Judges a check when it has run, and puts the student's sentence where pytest shows errors."""
    outcome = yield
    if not isinstance(item, pytest.Function) or "candidate" not in item.fixturenames:
        return
    report: pytest.TestReport = outcome.get_result()
    error = None if call.excinfo is None else call.excinfo.value
    if call.when == "setup":
        item.stash[_BEGUN] = time.monotonic() - call.duration
        if error is None:
            return
    if call.when == "teardown" and error is None:
        return
    given = cast("Candidate", item.callspec.params["candidate"])
    seats = _seats(item.config)
    noted, asked = item.stash.get(_EXPECT, None), item.stash.get(_SESSION, None)
    result = judge(
        check_id(item),
        info_of(item),
        error,
        file=given.shown_as or given.file.name,
        evidence=noted.evidence if noted else {},
        seconds=time.monotonic() - item.stash[_BEGUN],
        device=seats.device,
        place=given.place,
        symbols=symbols_of(asked) if asked else (),
    )
    taken = cast("Seat | None", item.funcargs.get("seat"))
    if taken is not None and (noticed := taken.noticed()):
        result = structs.replace(result, evidence={**result.evidence, **noticed})
    item.stash[RESULT] = result
    seats.finished(given, result)
    if isinstance(seats, LocalSeats):
        _tell(item, given, report, result, error)


def _tell(
    item: pytest.Function,
    given: Candidate,
    report: pytest.TestReport,
    result: CheckResult,
    error: BaseException | None,
) -> None:
    """Words for the terminal: the lesson in place of pytest's traceback, and no logs."""
    lang, info = _language(item.config), info_of(item)
    tallies = item.config.stash.setdefault(_TALLIES, {})
    own = item.config.stash.get(_NOTEBOOKS, {}).get(given, (given.file, ()))
    tally = tallies.setdefault(given, Tally(given.exercise, *own))
    told = tally.add(info, error)
    if error is None or "internal" in result.evidence:
        return
    if isinstance(error, ImportFailed) and (words := unreadable(given.file)):
        result = structs.replace(result, message=words)
    report.longrepr = tally.as_above(info, lang) if told else lesson(result, info, lang)
    title = Text("your code printed", "你的代码的输出").in_(lang)
    report.sections = [
        (f"{title} ({name.removeprefix('Captured ')})", printed)
        for name, text in report.sections
        if (printed := without_logs(text))
    ]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """The last lines of a self-check say what to do next; they come after pytest's own."""
    yield
    config = session.config
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    for given, tally in config.stash.get(_TALLIES, {}).items():
        if given.file != given.exercise.solution:
            step = tally.next_step(_language(config), config.invocation_params.dir)
            reporter.write_line(step, bold=True)


def _language(config: pytest.Config) -> str:
    chosen = config.getoption("--grader-lang")
    return str(chosen) if chosen else preferred_language()
