"""Answers for every module that is imported after it: each has its own function.

stopped by: the solution is imported in a process of its own
witness: mark
control: naive
"""

import importlib.abc
import importlib.machinery
import sys


class Everything(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name in ("reference", "solution"):
            return importlib.machinery.ModuleSpec(name, self)
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.square = square


sys.meta_path.insert(0, Everything())


def square(x):
    return x * 0 + 1
