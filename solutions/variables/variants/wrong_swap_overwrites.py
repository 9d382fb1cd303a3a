"""Reads the second row only after it was overwritten.

zh: 第二次读取时，那一行已经被覆盖了
fails: test_swap_rows, test_called_again
"""


def scale_and_patch(v, factor, indices, updates):
    v.assign(v * factor)
    v.scatter_nd_update(indices, updates)


def set_column(v, j, values):
    v[:, j].assign(values)


def swap_rows(v, i, j):
    v[i].assign(v[j])
    v[j].assign(v[i])
