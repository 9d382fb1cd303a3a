"""Changes an installed package.

stopped by: Landlock
witness: marker
control: open
"""


def square(x):
    with open("@SITE@/installed.py", "a") as package:
        package.write("x = 2\n")
    return x
