"""Puts bytecode of its own in the place of the checks'.

stopped by: Landlock
witness: marker
control: open
"""

import importlib.util
import os
import py_compile


def square(x):
    checks = "@COURSE@/solutions/square/test_square.py"
    with open("mine.py", "w") as mine:
        mine.write("def test_values(): pass\n")
    cache = importlib.util.cache_from_source(checks)
    os.makedirs(os.path.dirname(cache), exist_ok=True)
    py_compile.compile("mine.py", cache, checks, doraise=True,
                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)  # fmt: skip
    return x
