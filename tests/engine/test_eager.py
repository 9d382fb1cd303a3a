"""Kernels run directly, and a TensorFlow without that option is no worse than slower."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from grader.worker.eager import run_kernels_directly

OPTION = "TFE_ContextOptionsSetRunEagerOpAsFunction"

# A kernel that is run as a function shows as a function of that name in the context.
PROGRAM = """
import sys
import tensorflow as tf
from tensorflow.python.eager import context
from grader.worker.eager import run_kernels_directly

if sys.argv[1] == "directly":
    assert run_kernels_directly()
tf.Variable(1.0).assign_add(tf.constant(2.0))
print(sum(name.startswith("__wrapped__") for name in context.context().list_function_names()))
"""


def wrapped(how):
    """The functions that TensorFlow made of single operations in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_no_function_is_made_of_an_operation():
    assert wrapped("as usual") > 0
    assert wrapped("directly") == 0


@pytest.mark.parametrize(("options", "switched"), [({OPTION: None}, True), ({}, False)])
def test_the_option(options, switched, monkeypatch):
    """It is always given as False; a TensorFlow that has it no more is left alone."""
    from tensorflow.python.eager import context

    told = []
    library = SimpleNamespace(**{name: lambda _, value: told.append(value) for name in options})
    monkeypatch.setattr(context, "pywrap_tfe", library)
    assert run_kernels_directly() == switched
    if switched:
        getattr(library, OPTION)(None, True)
        assert told == [False]
