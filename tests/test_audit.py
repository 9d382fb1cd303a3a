"""`grader audit`: what counts as a hole, which mutants are made, and what is written."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader import course
from grader.audit import holes, mutants
from grader.audit.values import Case, ExerciseAudit, Mutant, Subject, nameless
from grader.errors import UsageError
from grader.report.audit_page import lines
from grader.results import CheckSpec
from grader.stubs import regions
from grader.text import Text
from grader.variants import read_variants

TINY = Path(__file__).parent / "courses" / "tiny"
NOTHING = Text("", "")


def spec(name: str) -> CheckSpec:
    return CheckSpec(id=name, title=Text(name, name), max_points=1.0, topic="values", reveal="full")


SPECS = (spec("a"), spec("b"))


def case(kind, name, failed="", fails="", seed=1, problem="", behaviour=None):
    outcomes = {one.id: "failed" if one.id in failed.split() else "passed" for one in SPECS}
    return Case(
        Subject(name, kind, NOTHING, frozenset(fails.split())),
        seed,
        {} if problem else outcomes,
        {"a": "said"},
        0.1,
        problem,
        name if behaviour is None else behaviour,
    )


GOOD = (
    case("reference", "reference"),
    case("stub", "stub", "a b", "a b"),
    *(case("right", f"right_{n}") for n in range(3)),
    *(case("wrong", f"wrong_{n}", "a", "a") for n in range(5)),
    case("wrong", "wrong_5", "b", "b"),
)


def said(*cases: Case) -> list[str]:
    found = holes.find(SPECS, cases)
    return [" ".join(w for w in (h.subject, h.check, h.text.en) if w) for h in found]


def test_no_hole() -> None:
    """Where everybody does what is known of them, there is nothing to say."""
    assert said(*GOOD) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (case("reference", "reference", "b"), "reference b should pass, but: failed (seed 1): "),
        (case("right", "right_0", "a"), "right_0 a should pass, but: failed (seed 1): said"),
        (case("stub", "stub", "a", "a b"), "stub b should fail, but passes (seed 1)"),
        (case("wrong", "wrong_0", "", "a"), "wrong_0 a should fail, but passes (seed 1)"),
        (case("wrong", "wrong_0", "a b", "a"), "wrong_0 b should pass, but: failed (seed 1): "),
        (case("wrong", "wrong_0", "a", "a c"), "wrong_0 c names a check that isn't there"),
        (case("right", "right_0", problem="line 3: no"), "right_0 can't be graded: line 3: no"),
    ],
)
def test_disagreements(changed: Case, expected: str) -> None:
    """Each verdict that isn't the known one is a hole, told with the seed."""
    same = [c for c in GOOD if c.subject.name != changed.subject.name]
    assert said(*same, changed) == [expected]


def test_another_seed_counts() -> None:
    """A verdict that holds at one seed only is a hole at the other."""
    other = case("right", "right_0", "b", seed=2)
    assert said(*GOOD, other) == ["right_0 b should pass, but: failed (seed 2): "]


def test_checks_that_nothing_fails_and_too_few_variants() -> None:
    """A check that no wrong variant fails proves nothing, and three variants prove little."""
    few = [c for c in GOOD if c.subject.name not in ("wrong_5", "right_2")]
    found = said(*few)
    assert found[0].startswith("b no wrong variant fails it")
    assert found[1:] == [
        "2 right variants; at least 3 are needed",
        "5 wrong variants; at least 6 are needed",
    ]


def test_variants_that_look_alike() -> None:
    """Fewer than four in five that a diagnosis could name are a hole; silence counts as alike."""
    twins = [c for c in GOOD if c.subject.name not in ("wrong_0", "wrong_1")]
    same = [case("wrong", f"wrong_{n}", "a", "a", behaviour="same") for n in (0, 1)]
    (hole,) = said(*twins, *same)
    assert hole.startswith("2 of 6 wrong variants can't be told from others")
    assert "wrong_0, wrong_1" in hole
    others = [case("wrong", f"wrong_{n}", "a", "a") for n in range(6, 20)]
    assert said(*twins, *same, *others) == []
    elsewhere = case("wrong", "wrong_1", "a", "a", behaviour="same", seed=2)
    assert said(*twins, same[0], elsewhere) == []
    silent = [case("wrong", f"wrong_{n}", "a", "a", behaviour="") for n in (0, 1)]
    assert len(said(*twins, *silent)) == 1
    assert nameless([*twins, *same]) == ("wrong_0", "wrong_1")


def test_survivors_are_holes() -> None:
    """A mutant that no check notices is one, unless somebody has said why none should."""
    made = [
        Mutant("Add_Sub", 3, "x + 1", "x - 1", ()),
        Mutant("Add_Sub", 4, "y + 1", "y - 1", ("a",)),
        Mutant("Lt_LtE", 5, "x < 1", "x <= 1", (), "both sides are equal there"),
    ]
    (hole,) = holes.of_mutants(made)
    assert "line 3: no check notices `x - 1` in place of `x + 1`" in hole.text.en
    audit = ExerciseAudit("e", NOTHING, SPECS, GOOD, (hole,), tuple(made))
    assert audit.killed == pytest.approx(2 / 3)
    assert ExerciseAudit("e", NOTHING, SPECS, GOOD, ()).killed == 1.0


def test_the_matrix_shows_the_worst_seed() -> None:
    """One line a program; a hole at any seed shows."""
    cases = (*GOOD, case("right", "right_0", "b", seed=2))
    found = {line.name: "".join(mark for mark, _ in line.cells) for line in lines(audited(cases))}
    assert found["reference"] == "✓✓"
    assert found["stub"] == "✗✗"
    assert found["right_0"] == "✓!"
    assert found["wrong_5"] == "✓✗"


def audited(cases: tuple[Case, ...]) -> ExerciseAudit:
    return ExerciseAudit("e", NOTHING, SPECS, cases, ())


SOLUTION = '''"""One plus: x + 1."""

LIMIT = 3  # given to the student


def f(x, n=4):
    """Add 1 + 1."""
    # BEGIN SOLUTION
    if x < 10 and n > 2:
        x = x + 1
    return not x
    # END SOLUTION


# BEGIN SOLUTION
TRUE = True
# END SOLUTION
'''


@pytest.fixture
def exercise(tmp_path: Path) -> course.Exercise:
    """The tiny course's `square`, with a reference that can be changed in many ways."""
    shutil.copytree(TINY, tmp_path / "tiny")
    (tmp_path / "tiny/solutions/square/square.py").write_text(SOLUTION)
    return course.load(tmp_path / "tiny").by_id("square")


def test_mutants(exercise: course.Exercise) -> None:
    """Only what a student writes is changed, each change once, and never into what can't run."""
    assert regions(SOLUTION) == [(9, 11), (16, 16)]
    made = mutants.make(exercise)
    changes = {(m.line, m.now) for m in made}
    assert {
        (9, "if x <= 10 and n > 2:"),
        (9, "if x < 10 or n > 2:"),
        (9, "if x < 11 and n > 2:"),
        (10, "x = x - 1"),
        (10, "x = x + 2"),
        (16, "TRUE = False"),
    } <= {(line, " ".join(now.split())) for line, now in changes}
    assert {m.line for m in made} == {9, 10, 11, 16}
    assert len({m.source for m in made}) == len(made)
    for made_one in made:
        compile(made_one.source, "mutant", "exec")


def test_equivalents(exercise: course.Exercise) -> None:
    """A reason stands beside the line before and after; without a file there is none."""
    assert mutants.equivalents(exercise) == {}
    file = exercise.solution.with_name("equivalent.toml")
    file.write_text('[[equivalent]]\nwas = "x + 1"\nnow = "x - 1"\nreason = "why not"\n')
    assert mutants.equivalents(exercise) == {("x + 1", "x - 1"): "why not"}
    (candidate, *_) = mutants.make(exercise)
    known = {(candidate.was, candidate.now): "why not"}
    assert not candidate.judged((), known).survived
    assert candidate.judged((), {}).survived
    assert not candidate.judged(("a",), {}).survived


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[[equivalent]]\nwas = "x"\nnow = "y"\n', "entry 1 of [[equivalent]] needs"),
        ('[[equivalent]]\nwas = "x"\nnow = 3\nreason = "r"\n', "entry 1 of [[equivalent]] needs"),
        ("equivalent = [1]\n", "entry 1 of [[equivalent]] needs"),
        ("equivalent = \n", "equivalent.toml: "),
    ],
)
def test_bad_equivalents(exercise: course.Exercise, text: str, expected: str) -> None:
    """A file that doesn't say what it has to is refused in one line."""
    exercise.solution.with_name("equivalent.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        mutants.equivalents(exercise)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_without_the_library(exercise: course.Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutants need an extra package, and the line says which."""
    monkeypatch.setitem(sys.modules, "cosmic_ray.mutating", None)
    with pytest.raises(UsageError, match=r"--mutants needs cosmic-ray"):
        mutants.make(exercise)


WRONG = '"""Doubles.\n\nzh: 翻倍\nfails: test_values, test_gradient\n"""\n'


def test_the_command(tmp_path: Path) -> None:
    """Through the engine: holes give status 1 and are told; audit.json and both pages are there."""
    root = tmp_path / "tiny"
    shutil.copytree(TINY, root)
    folder = root / "solutions/square/variants"
    folder.mkdir()
    (folder / "wrong_double.py").write_text(f"{WRONG}\n\ndef square(x):\n    return x + x\n")
    (folder / "right_itself.py").write_text(
        '"""Itself times itself.\n\nzh: 自乘\n"""\n\n\ndef square(x):\n    return x * x\n'
    )
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-m", "grader", "audit", "square", "--course", str(root), "--out",
         str(out), "--mutants", "--seeds", "2", "--jobs", "2"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    said = done.stdout.splitlines()
    assert said[0].startswith(
        "square: 2 checks, 1 right and 1 wrong variants (1 told apart), 2 mutants (100%"
    )
    assert said[1:3] == [
        "  1 right variants; at least 3 are needed",
        "  1 wrong variants; at least 6 are needed",
    ]
    found = json.loads((out / "audit.json").read_text("utf-8"))
    assert found["schema"] == 1
    (exercise,) = found["exercises"]
    kinds = sorted(c["subject"]["kind"] for c in exercise["cases"])
    assert kinds == ["reference", "reference", "right", "stub", "wrong"]
    for name, word in (("index.html", "Audit of the checks"), ("index.zh.html", "检查项审计")):
        page = (out / name).read_text("utf-8")
        assert word in page
        assert "wrong_double" in page
        assert "default-src 'none'" in page


def test_an_unknown_exercise(tmp_path: Path) -> None:
    """A wrong call is one line and status 2."""
    done = subprocess.run(
        [sys.executable, "-m", "grader", "audit", "nonesuch", "--course", str(TINY), "--out",
         str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "nonesuch" in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'"""A.\n\nzh: x\n"""\ndef f(:\n', "wrong_odd.py, line 5: Python can't read this variant"),
        (b'"""A."""\0', "wrong_odd.py: Python can't read this variant"),
        (b"\xff", "wrong_odd.py: Python can't read this variant"),
    ],
)
def test_a_variant_that_python_cant_read(
    exercise: course.Exercise, content: bytes, said: str
) -> None:
    """The course's fault, in one line that names the file."""
    folder = exercise.solution.parent / "variants"
    folder.mkdir()
    (folder / "wrong_odd.py").write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_variants(exercise)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
