"""Spares Keras the random numbers that nobody sees while it only asks a call for its shapes.

Before its first real call Keras runs a model's `call` in a graph of symbols that is thrown away.
Variables have no value yet, so each use of one adds all of its initializer's operations to that
graph: for a random initializer some 25, a tenth to a third of the time to build a small model. A
placeholder of the same shape and dtype says as much there. The variable's own value is drawn
afterwards, as ever, from the same seed. A function that the student's code traces there may outlive
the graph, so inside it everything is drawn. Where the graph comes from:
https://github.com/keras-team/keras, `backend/tensorflow/core.py`, `compute_output_spec`.
"""

from __future__ import annotations

import contextlib
from typing import Any

_THROWN_AWAY = "scratch_graph"  # Keras' name for it, with a number


def spare_unseen_draws() -> bool:
    """Switches it for this process; whether it could.

    Only Keras' own random initializers are left out: a student's is called as often as ever. A
    Keras that is built otherwise is only slower.
    """
    with contextlib.suppress(ImportError, AttributeError):
        import tensorflow as tf
        from keras.src.backend.common.stateless_scope import get_stateless_scope
        from keras.src.backend.common.symbolic_scope import in_symbolic_scope
        from keras.src.backend.common.variables import Variable
        from keras.src.initializers import random_initializers

        theirs = random_initializers.__name__
        plain: Any = Variable.value
        value, placeholder = plain.fget, tf.compat.v1.placeholder
        default_graph = tf.compat.v1.get_default_graph

        def spared(variable: Any) -> Any:
            if (
                variable._value is None
                and type(variable._initializer).__module__ == theirs
                and in_symbolic_scope()
                and str(getattr(default_graph(), "name", "")).startswith(_THROWN_AWAY)
                and get_stateless_scope().get_current_value(variable) is None
            ):
                shape, dtype = variable._shape, variable._dtype
                return variable._maybe_autocast(placeholder(dtype, shape))
            return value(variable)

        Variable.value = property(spared, doc=plain.__doc__)
        return True
    return False
