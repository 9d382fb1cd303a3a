"""Hands the work to a pool of processes.

stopped by: seccomp
witness: marker
control: open
"""

import concurrent.futures
import multiprocessing
import pathlib


def note(path):
    pathlib.Path(path).write_text("from the pool")


def square(x):
    context = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        pool.submit(note, "@MARKER@").result()
    return x
