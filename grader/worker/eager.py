"""Has TensorFlow run an eager operation by its kernel, instead of as a function of its own.

By default each new kernel (so each new variable's handle) is first wrapped in a function and
instantiated, 0.5 to 1 ms apiece; a worker lives for a second and meets hundreds. The kernels, and
so the numbers, are the same. The option exists in TensorFlow's C API only, and its Python side sets
it to True without asking: https://github.com/tensorflow/tensorflow, `eager/context.py`,
`Context.ensure_initialized`.
"""

from __future__ import annotations

import contextlib
from typing import Any

_OPTION = "TFE_ContextOptionsSetRunEagerOpAsFunction"


def run_kernels_directly() -> bool:
    """Switches it for this process's context, which mustn't have been made; whether it could.

    A TensorFlow that has the option no more is only slower.
    """
    with contextlib.suppress(ImportError, AttributeError):
        from tensorflow.python.eager import context

        set_option = getattr(context.pywrap_tfe, _OPTION)

        def directly(options: Any, _as_function: bool) -> None:
            set_option(options, False)

        setattr(context.pywrap_tfe, _OPTION, directly)
        return True
    return False
