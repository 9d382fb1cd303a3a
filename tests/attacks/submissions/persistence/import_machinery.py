"""Has every module that is imported after it be empty.

stopped by: a process for each submission
witness: neighbour
control: naive
"""

import importlib.machinery

importlib.machinery.SourceFileLoader.exec_module = lambda loader, module: None


def square(x):
    return x
