"""Makes the solution as wrong as itself.

stopped by: Landlock
witness: marker
control: open
"""


def square(x):
    with open("@COURSE@/solutions/square/square.py", "w") as solution:
        solution.write("def square(x):\n    return x\n")
    return x
