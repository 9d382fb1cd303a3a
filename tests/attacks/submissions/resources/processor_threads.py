"""Keeps every core busy in threads without the interpreter's lock, behind an answer in time.

stopped by: the end of the worker with its last check; the threads never had a process of their own
witness: swollen
control: open
"""

import threading

import numpy as np


def burn():
    a = np.ones((400, 400))
    while True:
        a = a @ a
        a /= a.max()


def square(x):
    for _ in range(32):
        threading.Thread(target=burn).start()
    while True:
        burn()
