"""Changes a NumPy copy and assigns it: impossible inside a graph.

zh: 修改 NumPy 副本再赋值：在图里行不通
fails: test_in_graph, test_called_again
"""

import numpy as np


def scale_and_patch(v, factor, indices, updates):
    a = v.numpy() * factor
    a = np.array(a)
    a[tuple(np.transpose(indices))] = updates
    v.assign(a)


def set_column(v, j, values):
    a = v.numpy()
    a[:, int(j)] = values
    v.assign(a)


def swap_rows(v, i, j):
    a = v.numpy()
    a[[int(i), int(j)]] = a[[int(j), int(i)]]
    v.assign(a)
