"""Reads the solution, while it is imported.

stopped by: Landlock, and the outer wall
witness: loot
control: open
"""

with open("@COURSE@/solutions/square/square.py") as solution:
    raise ImportError(solution.read()[-300:])
