"""Rewrites the submissions that wait to be graded after it.

stopped by: Landlock
witness: neighbour
control: open
"""

import glob
import os

for path in glob.glob(os.path.dirname(os.path.dirname(__file__)) + "/submission-*/*.py"):
    os.chmod(path, 0o666)
    with open(path, "w") as theirs:
        theirs.write("def square(x):\n    return x\n")
