"""Puts the forbidden shortcut's name together when it runs.

stopped by: the tripwires
witness: mark
control: naive
"""

import tensorflow as tf


def square(x):
    return getattr(tf, "wop"[::-1])(x, 2)
