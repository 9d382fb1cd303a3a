"""Makes directories where it may not write.

stopped by: Landlock, and the outer wall
witness: marker
control: open
"""

import os


def square(x):
    os.makedirs("@MARKER@/in/here", exist_ok=True)
    return x
