"""Ends the process in the first question, with the status of success and no handler run.

stopped by: an answer is asked for: an end is none, whatever its status
witness: mark
control: naive
"""

import os


def square(x):
    os._exit(0)
