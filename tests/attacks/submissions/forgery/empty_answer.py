"""Returns no numbers at all, in a shape that fits any other.

stopped by: shapes compared before values
witness: mark
control: naive
"""


def square(x):
    return (x * 0)[None][:0]
