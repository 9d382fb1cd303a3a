"""Imports the solution and answers with it.

stopped by: Landlock, and the outer wall
witness: mark
control: open
"""

import importlib.util

spec = importlib.util.spec_from_file_location("theirs", "@COURSE@/solutions/square/square.py")
theirs = importlib.util.module_from_spec(spec)
spec.loader.exec_module(theirs)
square = theirs.square
