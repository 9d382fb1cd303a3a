"""What course.toml says of deadlines: read as a teacher means it, or refused in one line."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader import course
from grader.deadlines import NO_RULE, Cost, Rule, iso
from grader.engine.config import EngineConfig
from grader.keys import keys_for
from grader.sandbox.levels import Level
from grader.timetable import extended

from .test_course import FIRST, HEAD, SECOND, complaint, load

ZONE = 'time_zone = "Europe/Berlin"\n'
TINY = Path(__file__).parent / "courses" / "tiny"


def rules(folder: Path, *, defaults: str = "", one: str = "", two: str = "") -> list[Rule]:
    """What holds for two exercises."""
    text = f"{ZONE}{HEAD}[defaults]\n{defaults}\n{FIRST}{one}\n{SECOND}{two}\n"
    return [exercise.rule for exercise in load(folder, text).exercises]


def test_nothing_said(tmp_path: Path) -> None:
    """A course without deadlines has none, and the last attempt counts."""
    assert rules(tmp_path) == [NO_RULE, NO_RULE]
    assert load(tmp_path, HEAD + FIRST).zone is None


@pytest.mark.parametrize(
    ("said", "utc"),
    [
        ("2026-10-12", "2026-10-12T21:59:59Z"),
        ("2026-10-12T18:00:00", "2026-10-12T16:00:00Z"),
        ("2026-10-12 18:00:00.5", "2026-10-12T16:00:00Z"),
        ("2026-10-12T18:00:00-05:00", "2026-10-12T23:00:00Z"),
        ("2026-10-12T18:00:00Z", "2026-10-12T18:00:00Z"),
        ("2026-12-12", "2026-12-12T22:59:59Z"),
        ("2026-10-25T02:30:00", "2026-10-25T01:30:00Z"),  # the later of the two
    ],
)
def test_deadlines(tmp_path: Path, said: str, utc: str) -> None:
    """A day ends in the course's zone; an offset goes before it."""
    one, two = rules(tmp_path, one=f"deadline = {said}")
    assert one.deadline is not None
    assert iso(one.deadline) == utc
    assert two == NO_RULE


@pytest.mark.parametrize(
    ("said", "cost"),
    [
        ('{ percent = 10, per = "day", at_most = 50 }', Cost(10, "day", 50)),
        ('{ percent = 2.5, per = "hour" }', Cost(2.5, "hour", 100)),
        ("{ percent = 20 }", Cost(20)),
        ('"no penalty"', Cost()),
        ('"no points"', Cost(100)),
    ],
)
def test_policies(tmp_path: Path, said: str, cost: Cost) -> None:
    """Each form that a policy has."""
    assert rules(tmp_path, one=f"deadline = 2026-10-12\nlate = {said}")[0].cost == cost


@pytest.mark.parametrize(
    ("said", "grace"),
    [
        ("15 min", timedelta(minutes=15)), ("15min", timedelta(minutes=15)),
        ("90 minutes", timedelta(minutes=90)), ("1 minute", timedelta(minutes=1)),
        ("2 h", timedelta(hours=2)), ("1 hour", timedelta(hours=1)),
        ("1 day", timedelta(days=1)), ("3 days", timedelta(days=3)),
    ],
)  # fmt: skip
def test_graces(tmp_path: Path, said: str, grace: timedelta) -> None:
    """A number and its unit."""
    assert rules(tmp_path, one=f'deadline = 2026-10-12\ngrace = "{said}"')[0].grace == grace


def test_defaults_and_exceptions(tmp_path: Path) -> None:
    """An exercise's own words go before `[defaults]`, one by one; a deadline can be taken away."""
    usual = (
        'deadline = 2026-10-12\ngrace = "1 h"\nlate = { percent = 5, per = "hour" }\n'
        'attempts = "best"'
    )
    own = 'deadline = 2026-10-19\nlate = "no penalty"\nattempts = "first"'
    one, two = rules(tmp_path, defaults=usual, one=own, two='deadline = "none"')
    assert one.deadline is not None
    assert (one.deadline.day, one.grace, one.cost) == (19, timedelta(hours=1), Cost())
    assert one.attempts == "first"
    assert two == Rule(attempts="best")
    one, two = rules(tmp_path, defaults="late = { percent = 20 }")
    assert one == two == Rule(cost=Cost(20))


FORMS = (
    'late = { percent = 10, per = "day", at_most = 50 }, late = { percent = 20 },'
    ' late = "no penalty" or late = "no points"'
)
ON = "deadline = 2026-10-12\n"
AT = "[[exercises]] 'one', "


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("deadline = 18:00:00", "deadline: 18:00:00 must be a date or a time such as"
         " 2026-10-12 or 2026-10-12T18:00:00"),
        ("deadline = '2026-10-12'", "deadline: '2026-10-12' must be a date or a time such as"
         " 2026-10-12 or 2026-10-12T18:00:00, without quotes"),
        ("deadline = 0026-10-12", "deadline: the year 26 can't be meant"),
        ("deadline = 2026-03-29T02:30:00",
         "deadline: 2026-03-29T02:30:00 doesn't exist in Europe/Berlin: clocks skip it"),
        (ON + "grace = 15", 'grace: 15 must be a time such as "15 min", "2 h" or "1 day"'),
        (ON + "grace = '15 sec'",
         'grace: \'15 sec\' must be a time such as "15 min", "2 h" or "1 day"'),
        (ON + "grace = '61 days'", "grace: '61 days' is more than 60 days"),
        ("grace = '1 h'", "grace: there is no deadline after which it could begin; give it one, or"
         " take this away"),
        ("late = { percent = 1, per = 'day' }", "late: without a deadline no day can be counted;"
         " give it one, or take this away"),
        (ON + "late = 10", f"late: 10 must be one of {FORMS}"),
        (ON + "late = 'none'", f"late: 'none' must be one of {FORMS}"),
        (ON + "late = {}", f"late: lacks `percent`, of the exercise's points; write {FORMS}"),
        (ON + "late = { percent = 1, most = 2 }",
         f"late: has an unknown key `most`; write {FORMS}"),
        (ON + 'late = { percent = 1, "a\\nb" = 2 }',
         f"late: has an unknown key `a b`; write {FORMS}"),
        (ON + "late = { percent = 0 }",
         "late: percent = 0 must be a number above 0 and up to 100"),
        (ON + "late = { percent = nan }",
         "late: percent = nan must be a number above 0 and up to 100"),
        (ON + "late = { percent = true }",
         "late: percent = True must be a number above 0 and up to 100"),
        (ON + "late = { percent = 1, per = 'week' }",
         "late: per = 'week' must be \"day\" or \"hour\"; leave it out for once"),
        (ON + "late = { percent = 1, at_most = 2 }",
         'late: at_most goes with per = "day" or per = "hour" only'),
        (ON + "late = { percent = 9, per = 'day', at_most = 8 }",
         "late: at_most = 8 is less than percent = 9"),
        ("attempts = 'last'", 'attempts: \'last\' must be one of "latest", "first", "best"'),
        ("attempts = ['first']", 'attempts: [\'first\'] must be one of "latest", "first", "best"'),
    ],
)  # fmt: skip
def test_what_is_refused(tmp_path: Path, own: str, said: str) -> None:
    """Bad values and contradictions, with the exercise's id and what to write instead."""
    assert complaint(tmp_path, ZONE + HEAD + FIRST + own) == AT + said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ZONE.replace("lin", "lim") + HEAD + FIRST,
         "time_zone: 'Europe/Berlim' is no time zone; is 'Europe/Berlin' meant?"),
        ('time_zone = "../x"\n' + HEAD + FIRST,
         "time_zone: '../x' is no time zone, as \"Europe/Berlin\" is one"),
        ("time_zone = 2\n" + HEAD + FIRST, "time_zone: expected text, got a whole number"),
        (HEAD + FIRST + ON, "[[exercises]] 'one', deadline: 2026-10-12 is of no place: write"
         ' time_zone = "Europe/Berlin", or whichever is yours, at the top of the file, or give an'
         " offset: 2026-10-12T23:59:59+02:00"),
        (HEAD + "[defaults]\ngrace = '1 h'\n" + FIRST,
         "[defaults], grace: no exercise has a deadline; add one, or take this away"),
        (HEAD + "[defaults]\nlate = { percent = 1, per = 'hour' }\n" + FIRST,
         "[defaults], late: no exercise has a deadline; add one, or take this away"),
        (HEAD + "[defaults]\nattempts = 'all'\n" + FIRST,
         '[defaults], attempts: \'all\' must be one of "latest", "first", "best"'),
    ],
)  # fmt: skip
def test_what_is_refused_elsewhere(tmp_path: Path, text: str, said: str) -> None:
    """At the top, and in `[defaults]`."""
    assert complaint(tmp_path, text) == said


EXTENSION = '[[extensions]]\nstudent = "ada"\n'


def test_extensions(tmp_path: Path) -> None:
    """One student's own deadline, of one exercise or of all; it never is an earlier one."""
    extensions = (
        f"{EXTENSION}deadline = 2026-10-20\n{EXTENSION}exercise = 'one'\ndeadline = 2026-10-21\n"
    )
    found = load(tmp_path, f"{ZONE}{HEAD}{FIRST}{ON}{SECOND}deadline = 2026-11-02\n{extensions}")
    assert [(one.student, one.exercise, one.deadline.day) for one in found.extensions] == [
        ("ada", "", 20),
        ("ada", "one", 21),
    ]
    one, two = (exercise.rule for exercise in found.exercises)
    own = found.extensions[0].deadline
    assert extended(one, own) == Rule(own, extended=True)
    assert extended(two, own) is two
    assert extended(one, None) is one
    assert extended(NO_RULE, own) is NO_RULE


@pytest.mark.parametrize(
    ("extension", "said"),
    [
        ("deadline = 2026-10-20\nexercise = 'three'",
         "[[extensions]] no. 1, exercise: there is no exercise 'three'; there is one, two_2"),
        ("deadline = 2026-10-20\nexercise = 'two_2'", "[[extensions]] no. 1, deadline:"
         " exercise 'two_2' has no deadline to be extended"),
        ("deadline = 2026-10-11",
         "[[extensions]] no. 1, deadline: is before the deadline that it extends"),
        ("deadline = 2026-10-20\n" + EXTENSION + "deadline = 2026-10-21",
         "[[extensions]] no. 2, student: 'ada' has such an extension already; remove one"),
        ("", "extensions[0]: lacks `deadline`"),
        ("deadline = 2026-10-20\nwhy = 'ill'", "extensions[0]: has an unknown key `why`"),
    ],
)  # fmt: skip
def test_extensions_that_are_refused(tmp_path: Path, extension: str, said: str) -> None:
    """Of what isn't there, twice, or to an earlier time."""
    text = f"{ZONE}{HEAD}{FIRST}{ON}{SECOND}{EXTENSION}{extension}"
    assert complaint(tmp_path, text) == said


def test_an_extension_of_nobody(tmp_path: Path) -> None:
    """A student's name must be there."""
    text = f'{ZONE}{HEAD}{FIRST}{ON}[[extensions]]\nstudent = " "\ndeadline = 2026-10-20'
    assert complaint(tmp_path, text) == (
        "[[extensions]] no. 1, student: is empty; name a student as in the results, or by login or"
        " address"
    )
    text = f'{HEAD}{FIRST}[[extensions]]\nstudent = "a"\ndeadline = 2026-10-20T00:00:00Z'
    assert complaint(tmp_path, text) == (
        "[[extensions]] no. 1, deadline: no exercise has a deadline to be extended"
    )


def test_the_page_shows_a_course_that_is_taken(tmp_path: Path) -> None:
    """Its example, with what it leaves out."""
    page = (Path(__file__).parents[1] / "docs" / "deadlines.md").read_text("utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    rest = 'title = { en = "Huber", zh = "Huber" }\nsymbols = ["huber_fn"]\n'
    found = load(tmp_path, HEAD + example.replace('id = "huber"\n', f'id = "huber"\n{rest}'))
    (huber,) = found.exercises
    assert huber.rule.deadline is not None
    assert iso(huber.rule.deadline) == "2026-10-19T16:00:00Z"
    assert (huber.rule.grace, huber.rule.cost) == (timedelta(minutes=15), Cost())
    assert huber.rule.attempts == "best"
    assert [one.student for one in found.extensions] == ["jane@example.org"]


def test_no_verdict_rests_on_deadlines(tmp_path: Path) -> None:
    """A key is the same whatever the deadlines, remarks and order; another with another symbol."""
    root = Path(shutil.copytree(TINY, tmp_path / "course"))
    file = root / "course.toml"
    plain = file.read_text("utf-8")

    def key(text: str) -> str:
        file.write_text(text, "utf-8")
        found = course.load(root)
        config = EngineConfig(Level.STRICT, found.limits)
        return keys_for(found, found.exercises, config, 7)["square"](b"x = 1\n", "square.py")

    before = key(plain)
    timed = (
        ZONE + plain.replace("[defaults]", f"[defaults]\n{ON}grace = '1 h'\nattempts = 'best'")
    ) + f"late = {{ percent = 20 }}\n{EXTENSION}deadline = {datetime(2026, 11, 1, tzinfo=UTC)}\n"
    assert key(timed) == before
    assert key(plain.replace('["square"]', '["square", "cube"]')) != before
    assert key(plain.replace("2048", "2047")) != before
