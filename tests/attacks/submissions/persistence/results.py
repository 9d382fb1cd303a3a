"""Writes its points into the results.

stopped by: Landlock
witness: marker
control: open
"""


def square(x):
    with open("@OUT@/results.json", "w") as results:
        results.write('{"points": 10}')
    return x
