"""Swaps by adding and subtracting: i = j gives 0, and rounding does the rest.

zh: 用加减法交换：i = j 时得到 0，而且有舍入误差
fails: test_swap_rows, test_swap_equal, test_called_again
"""


def scale_and_patch(v, factor, indices, updates):
    v.assign(v * factor)
    v.scatter_nd_update(indices, updates)


def set_column(v, j, values):
    v[:, j].assign(values)


def swap_rows(v, i, j):
    v[i].assign(v[i] + v[j])
    v[j].assign(v[i] - v[j])
    v[i].assign(v[i] - v[j])
