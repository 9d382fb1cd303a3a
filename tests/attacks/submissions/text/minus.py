"""Has 200,000 signs before a number.

stopped by: the intake, which looks before Python does
witness: neighbour
control: naive
"""

x = 1
NUMBER = "@MINUS@"


def square(x):
    return NUMBER
