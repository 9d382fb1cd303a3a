import tensorflow as tf


def smooth(x, alpha):
    i = 0
    while i < 10:
        pass  # i never grows
    return x


def collatz(n):
    raise NotImplementedError


def running_max(x):
    raise NotImplementedError
