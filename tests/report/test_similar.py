"""Copies are found however they are disguised; what the class has in common is no evidence."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report import similar
from grader.report.similar import LEAST_CLASS, pairs, rare
from grader.report.tokens import MOST_TOKENS, Tokens

ROOT = Path(__file__).parents[2]
EXERCISES = sorted(path.name for path in (ROOT / "solutions").iterdir() if path.is_dir())
_BREAKS = (
    "'''",
    '"',
    "'",
    "\\",
    "(",
    ")",
    "#",
    "\n",
    "\x00",
    "\ud800",
    "é",
    "f'",
    "def ",
    "9e",
    ".",
    "@",
    ", ",
    "x",
)


def right(exercise: str) -> list[str]:
    """The reference and every right variant: what a class of honest students hands in."""
    folder = ROOT / "solutions" / exercise
    files = [folder / f"{exercise}.py", *sorted((folder / "variants").glob("right_*.py"))]
    return [path.read_text("utf-8") for path in files]


def disguised(source: str) -> str:
    """The same code with other names, comments and layout, its definitions in reverse order."""
    tree = ast.parse(source)
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    nodes = list(ast.walk(tree))
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    bound |= {n.arg for n in nodes if isinstance(n, ast.arg)}
    names = {old: f"{old[::-1]}_{at}" for at, old in enumerate(sorted(bound - imported - {"self"}))}
    for node in nodes:
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = names.get(node.arg, node.arg)
    definitions = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    rest = [n for n in tree.body if n not in definitions]
    tree.body = [*rest, *reversed(definitions)]
    return "# All my own work\n" + ast.unparse(tree).replace("\n", "\n\n# next\n", 5)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_right_solutions_are_no_pairs(exercise: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Honest solutions of one exercise, each by a student: no pair, also in a tiny class."""
    monkeypatch.setattr(similar, "LEAST_CLASS", 2)
    honest = right(exercise)
    assert len(honest) >= 3
    assert pairs(honest) == ()
    assert all(pairs(honest[:n]) == () for n in range(3, len(honest)))


def test_disguised_copies_are_found() -> None:
    """Of the course's right solutions, 97 of 100 copies are told, and nothing else is."""
    found = every = 0
    for exercise in EXERCISES:
        honest = right(exercise)
        for place, source in enumerate(honest):
            told = pairs([*honest, disguised(source)])
            every += len(honest) + 1 >= LEAST_CLASS
            found += [(p.left, p.right) for p in told] == [((place,), (len(honest),))]
            assert len(told) <= 1, (exercise, place)
    assert every > 100
    assert found >= 0.97 * every


def test_byte_identical_files_are_told_as_such() -> None:
    """Everybody who handed in the same bytes, once, before what is only alike."""
    honest = right("huber")
    (pair,) = pairs([*honest, honest[2]])
    assert pair.identical
    assert (pair.left, pair.right, pair.similarity) == ((2, len(honest)), (), 1.0)
    kinds = [p.identical for p in pairs([*honest, honest[2], disguised(honest[1])])]
    assert kinds == [True, False]


def test_a_stub_handed_in_as_it_was_is_no_evidence() -> None:
    """Two untouched stubs among solutions: their code is everybody's."""
    stub = (ROOT / "exercises" / "huber" / "huber.py").read_text("utf-8")
    assert pairs([*right("huber"), stub, stub]) == ()


def test_what_many_wrote_is_no_evidence() -> None:
    """The same solution by a third of the class, in layouts of their own, is the obvious one."""
    honest = right("layers")
    many = [f"# {n}\n{honest[1]}" for n in range(6)]
    assert pairs([*honest, *many, *honest[2:], *right("huber")]) != ()
    told = pairs([honest[0], honest[2], *many, *right("huber"), *right("text")])
    assert all(not set(p.left + p.right) & set(range(2, 8)) for p in told)


def test_a_small_class_is_not_compared() -> None:
    """What two of four have in common may be what everybody has; "" is no submission."""
    source = right("huber")[1]
    assert pairs([source] * (LEAST_CLASS - 1)) == ()
    assert pairs([source, source, *[""] * 50]) == ()
    assert pairs([]) == ()
    assert [rare(n) for n in (5, 29, 30, 2000)] == [2, 2, 3, 200]


def test_short_code_is_no_pair() -> None:
    """Three lines that two students share say nothing."""
    others = right("huber")
    short = "def f(x):\n    return x * 2 + 1\n"
    assert pairs([*others, short, short.replace("x", "y")]) == ()


@given(st.lists(st.lists(st.sampled_from(_BREAKS), max_size=60).map("".join), max_size=8))
def test_any_text_is_safe(sources: list[str]) -> None:
    """Broken code, lone surrogates and nothing at all are compared like everything else."""
    told = pairs(sources)
    assert all(0 <= p.similarity <= 1 for p in told)


@pytest.mark.parametrize(
    "hostile",
    [
        "'''" + "'" * 59_000,
        '"\\' * 30_000,
        "(" * 60_000,
        ", " * 30_000,
        "def " * 15_000,
        "f" * 60_000,
    ],
)
def test_long_hostile_sources_are_bounded(hostile: str) -> None:
    """A class of them is compared, token by token up to the most that is read."""
    assert len(Tokens().of(hostile)) <= MOST_TOKENS
    told = pairs([hostile + f"\n{'x=' * n}1" for n in range(8)])
    assert len(told) <= 28


def test_tokens_forget_what_an_author_chooses() -> None:
    """Names, comments, layout, texts: gone. Operators, numbers, library calls: kept."""
    of = Tokens().of
    assert of("a = tf.abs(b)  # c\n") == of("\nlong_name=tf.abs( x , )")
    assert of("self.total + 1") == of("self.sum + 1")
    assert of('f(\'a\', """b\nc""")') == of('g("x", r"y")')
    assert of("tf.abs(b)") != of("tf.exp(b)")
    assert of("a + 1") != of("a + 2")
    assert of("a <= b") != of("a < b")
    assert of("") == of("# nothing") == ""


def test_the_last_character_is_shared() -> None:
    """More different tokens than characters there are: the rest are one token, not a crash."""
    tokens = Tokens()
    tokens._characters.update({str(n): "x" for n in range(0x110000)})
    assert len(tokens.of("a.b.c")) == 5
