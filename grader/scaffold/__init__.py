"""`grader new`: a new exercise that is whole from the start, to be replaced piece by piece.

What it writes is a small exercise that works ("twice x"), with `TODO` where the author's own goes,
so that `grader audit` has nothing to complain about before the first change and after each one.
"""

from grader.scaffold.write import Plan, add, write

__all__ = ["Plan", "add", "write"]
