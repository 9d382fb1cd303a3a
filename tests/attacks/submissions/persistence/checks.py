"""Takes the hidden checks their teeth.

stopped by: Landlock
witness: marker
control: open
"""


def square(x):
    with open("@COURSE@/solutions/square/test_square.py", "a") as checks:
        checks.write("def test_values(): pass\n")
    return x
