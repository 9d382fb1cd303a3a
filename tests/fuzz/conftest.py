"""Fuzzing with atheris needs atheris, which has wheels for Linux on x86-64 only.

Elsewhere its tests aren't collected rather than skipped: a skip would say that something could have
been tested here, and CI takes it for a failure. hypothesis runs the same targets everywhere.
"""

from importlib.util import find_spec

collect_ignore = [] if find_spec("atheris") else ["test_atheris.py"]
