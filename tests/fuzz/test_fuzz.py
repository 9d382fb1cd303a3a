"""Every reader of hostile bytes on mutants of good bytes, and on values of the right shape."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.wire import Handle, Marked, Path, WireError, encode

from .seeds import SEEDS
from .targets import TARGETS, class_of, scratch_folder

# Derandomised, so that the same commit always meets the same bytes; run_atheris.py looks further.
STEADY = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MORE = settings(STEADY, max_examples=250)


@st.composite
def mutants(draw: st.DrawFn, target: str) -> bytes:
    """Good bytes of a target with a few pieces changed, taken out, doubled or put in."""
    data = bytearray(draw(st.sampled_from(SEEDS[target]())))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 12)))
        match draw(st.sampled_from(["change", "delete", "double", "insert", "flip", "cut"])):
            case "change":
                data[at:end] = draw(st.binary(max_size=12))
            case "delete":
                del data[at:end]
            case "double":
                data[at:at] = data[at:end] * draw(st.integers(1, 50))
            case "insert":
                data[at:at] = draw(st.sampled_from(TOKENS))
            case "flip" if at < len(data):
                data[at] ^= 1 << draw(st.integers(0, 7))
            case "cut":
                del data[max(at, 1) :]
    return bytes(data)


TOKENS = [
    *(b"\0", b"\xff", b"\xff\xff\xff\xff", b"\x7f", b"\n", b"\\", b'"', b"'", b"{", b"[" * 60),
    *(b'"\\ud800"', b"null", b"1e999", b"-0", b"9" * 400, b"\xe2\x80\xae", b"\x1b[2J", b"\xcc\x81"),
    *(b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"\xc7\x04\x01", b"\xdd\xff\xff\xff\xff"),
    *(b"# coding: utf-7\n", b"f'{", b"lambda:", b"async ", b"\nfinally:\n", b"%%time\n", b"!ls\n"),
]


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("target", TARGETS)
def test_mutants(target: str) -> None:
    """Damaged good bytes are read, or refused as documented."""

    @MORE
    @given(mutants(target))
    def run(data: bytes) -> None:
        TARGETS[target](data)

    run()


@pytest.mark.parametrize("target", TARGETS)
def test_good_and_random_bytes(target: str) -> None:
    """The seeds themselves, and bytes of no meaning."""
    for data in SEEDS[target]():
        TARGETS[target](data)

    @STEADY
    @given(st.binary(max_size=400))
    def run(data: bytes) -> None:
        TARGETS[target](data)

    run()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["\x1b]8;;x\x07", "\u202e", "a\nb", "x" * 2000, "=1+1", "ValueError"]
)
ARRAYS = st.sampled_from("f2 f4 f8 i1 i8 u1 u8 b1 c8 c16".split()).flatmap(  # noqa: SIM905
    lambda kind: npst.arrays(
        np.dtype("<" + kind), npst.array_shapes(min_dims=0, max_dims=7, min_side=0, max_side=3)
    )
)
LEAVES = (
    *(st.none(), st.booleans(), st.integers(-(10**390), 10**390), st.floats(), TEXT),
    *(st.binary(max_size=20), ARRAYS),
    st.lists(st.binary(max_size=5), max_size=4).map(lambda b: np.array([*b, None], object)[:-1]),
    st.builds(Handle, st.integers(0, 2**63 - 1), TEXT),
    st.builds(slice, st.none() | st.integers(-5, 5), st.none()),
    st.builds(Path, TEXT, st.just(())),
)
VALUES = st.recursive(
    st.one_of(*LEAVES),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(TEXT, inner, max_size=4)
        | st.builds(Marked, TEXT, inner)
    ),
    max_leaves=15,
)
ERRORS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["raised", "import", "missing", "too_large", "?"]) | VALUES,
        "type": TEXT | VALUES,
        "message": TEXT | VALUES,
        "errno": st.sampled_from([1, 13, 2]) | VALUES,
        "name": TEXT | VALUES,
        "near": st.lists(TEXT, max_size=5) | VALUES,
        "bases": st.lists(TEXT | VALUES, max_size=15) | VALUES,
        "frames": st.lists(st.tuples(st.integers(), TEXT, TEXT).map(list), max_size=15) | VALUES,
    },
)
REPLIES = st.fixed_dictionaries(
    {},
    optional={
        "ok": st.booleans() | VALUES,
        "value": VALUES,
        "tripped": st.lists(st.tuples(TEXT, st.integers()).map(list), max_size=2) | VALUES,
        "error": ERRORS | VALUES,
    },
)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("target", ["wire", "reply", "answer"])
def test_well_made_replies(target: str) -> None:
    """Frames that are right in form, with any values in any place."""

    @MORE
    @given(REPLIES)
    def run(value: dict[str, Any]) -> None:
        try:
            data = encode(value)
        except WireError:
            return
        TARGETS[target](data)

    run()


WORDS = st.sampled_from(
    ["huber_fn", "MyDense", "x", "keras.losses.huber", "tf.nn.relu", "def ", "class ", "lambda: ",
     "(", ")", "[", "]", "{", "}", ":", "=", "\n", "\n    ", " ", "f'{", "}'", "'", '"""', "\\\n",
     "#", "é", "\u0301", "try:", "finally:", "return ", "import keras as ", "from keras import *",
     "getattr(", "'losses'", "+", "-", "**", "not ", "if ", " else ", " for x in ", "@", ";", "0x",
     "1_0", "1e9", "%time ", "!ls", "?", "async ", "await ", "yield ", "global x",
     "match x:\n case ",
     "\x0c", "\t", "；", "*", ",", "print", "while ", "break", "del ", "with ", " as ", "\u202e"]
)  # fmt: skip
PYTHON = st.lists(WORDS, max_size=40).map("".join)


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@MORE
@given(PYTHON, st.sampled_from(["utf-8", "utf-8-sig", "gbk", "utf-16", "latin-1"]))
def test_shreds_of_python(text: str, codec: str) -> None:
    """Pieces of Python in any order and encoding."""
    TARGETS["python"](text.encode(codec, "replace"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | PYTHON | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
CELLS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "cell_type": st.sampled_from(["code", "code", "code", "markdown"]) | JSON,
            **dict.fromkeys(("source", "input", "code"), PYTHON | st.lists(PYTHON) | JSON),
            "outputs": JSON,
        },
    )
    | JSON,
    max_size=5,
)


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@MORE
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "nbformat": st.sampled_from([1, 2, 3, 4, 5]) | JSON,
            "cells": CELLS | JSON,
            "worksheets": st.lists(st.fixed_dictionaries({"cells": CELLS})) | JSON,
            "metadata": st.fixed_dictionaries(
                {},
                optional={
                    "language_info": st.fixed_dictionaries({}, optional={"name": TEXT | JSON}),
                    "kernelspec": JSON,
                },
            )
            | JSON,
        },
    )
)
def test_shapes_of_notebooks(body: dict[str, Any]) -> None:
    """Notebooks of every format, with anything in every place."""
    TARGETS["notebook"](json.dumps(body).encode())


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@MORE
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["huber.py", "huber.ipynb", "dense.py", "Huber.py", "huber (1).py"])
            | st.lists(
                st.sampled_from(["..", ".", "a", "/", "\\", "C:", "huber.py", "\u202e", "作", " "]),
                min_size=1,
                max_size=6,
            ).map("".join),
            st.sampled_from([b"", b"x = 1\n", b"\0", SEEDS["notebook"]()[0]])
            | st.binary(max_size=40),
            st.integers(0, 2**32 - 1) | st.sampled_from([0, 0o120777 << 16, 0o20666 << 16]),
            st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2]),
        ),
        max_size=6,
    ),
    st.binary(max_size=30),
)
def test_shapes_of_zips(members: list[tuple[str, bytes, int, int]], before: bytes) -> None:
    """Zips with any names, attributes and methods, after bytes that don't belong to them."""
    buffer = io.BytesIO(before)
    buffer.seek(0, io.SEEK_END)
    with zipfile.ZipFile(buffer, "a") as made:
        for name, data, attributes, method in members:
            info = zipfile.ZipInfo(name.split("\0")[0] or "x")
            info.external_attr = attributes
            made.writestr(info, data, method)
    TARGETS["archive"](buffer.getvalue())


PARTS = st.lists(
    st.sampled_from(
        ["doejane", "_LATE", "_", "_12", "_34", "_9001_", "anon_", "aB3", "LATE_", "huber.py", "-1",
         "huber", ".ipynb", ".zip", "_text.html", "_link.html", "Jane Doe", "Lab 1-", "_7",
         "_assignsubmission_file_", "_assignsubmission_onlinetext_", "onlinetext.html", "作业",
         "Participant", "submission_12", "submission_", "submission_metadata.yml", " ", "(1)", "é",
         "assignment_1_export", "\u202e", "__MACOSX", ".DS_Store", "e\u0301" * 9, "n" * 130, "7"]
    ),
    min_size=1,
    max_size=5,
).map("".join)  # fmt: skip
CONTENTS = st.sampled_from(
    [b"", b"x = 1\n", b"\0", b"PK\x03\x04", *SEEDS["archive"](), *SEEDS["metadata"]()]
) | st.binary(max_size=30)
# As a platform writes them, or nearly: what is put together at random hardly ever is.
WHOLE = st.sampled_from(
    [
        *("doejane_12_9001_huber.py", "doejane_12_9002_huber-1.py", "leekim_LATE_34_9003_hw.zip"),
        *("Jane Doe_7_assignsubmission_file_/huber.py", "Kim Lee_8_assignsubmission_file_/a/b.py"),
        *("submission_12/huber.py", "submission_13/dense.ipynb", "submission_metadata.yml"),
        *("ada/huber.py", "ada/dense.py", "bob/week 1/huber.ipynb", "bob.zip", "ada.zip"),
    ]
).map(lambda path: path.split("/"))
PATHS = WHOLE | st.lists(PARTS, min_size=1, max_size=4)
MEMBERS = st.lists(st.tuples(PATHS, CONTENTS), max_size=7)
LINKS = st.lists(st.tuples(PATHS, st.sampled_from([".", "..", "/etc/passwd", "no", "huber.py"])))


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
@MORE
@given(MEMBERS, st.sampled_from(["/", "\\", "//", "/../", "/./"]), st.sampled_from(["", "x/", "/"]))
def test_shapes_of_downloads(
    members: list[tuple[list[str], bytes]], between: str, before: str
) -> None:
    """Zips with names put together from those of the learning platforms, in any mixture."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for parts, data in members:
            made.writestr(before + between.join(parts), data)
    TARGETS["download"](buffer.getvalue())


@MORE
@given(MEMBERS, LINKS)
def test_shapes_of_folders(
    members: list[tuple[list[str], bytes]], links: list[tuple[list[str], str]]
) -> None:
    """Unpacked downloads with the same names, and with links that lead out and round."""
    with scratch_folder("class") as root:
        for parts, data in members:
            path = root.joinpath(*parts)
            with contextlib.suppress(OSError):  # a file in the place of a folder, a name too long
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        for parts, target in links:
            path = root.joinpath(*parts)
            with contextlib.suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.symlink_to(target)
        class_of(root)


YAML = st.lists(
    st.sampled_from(
        ["submission_12:", "submission_13: ", "\n", "\n  ", "\n    ", ":submitters:", ":name: Ada",
         ":sid: ", "'0123'", ":email: a@x", "- ", ":created_at: ", "2026-03-01 12:30:00 Z",
         "utc: ", "&1 ", "*1", "!ruby/object:X", "{", "}", "[", "]", ", ", "? ", "|\n", "---",
         "...", "<<: *1", "0675-03-02 08:00:00 Z",
         "2026-99-99T99:99:99+99:99", "0001-01-01T00:00:00+14:00", "\t", "#", '"\\u202e"', "\x85"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@MORE
@given(YAML)
def test_shreds_of_metadata(text: str) -> None:
    """Pieces of Gradescope's list in any order, alone and in an export."""
    TARGETS["metadata"](text.encode())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("submission_metadata.yml", text)
        made.writestr("submission_12/huber.py", "x = 1\n")
        made.writestr("submission_13/dense.py", "x = 1\n")
    TARGETS["download"](buffer.getvalue())


@MORE
@given(st.data())
def test_shapes_of_results(data: st.DataObject) -> None:
    """Results in which some values are replaced by others of any type."""
    document: Any = json.loads(SEEDS["results"]()[0])
    for _ in range(data.draw(st.integers(1, 4))):
        place = document
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = data.draw(st.sampled_from(keys))
            deeper = isinstance(place[key], dict | list) and len(place[key]) > 0
            if not deeper or data.draw(st.integers(0, 4)) == 0:
                break
            place = place[key]
        place[key] = data.draw(JSON)
    TARGETS["results"](json.dumps(document).encode())
