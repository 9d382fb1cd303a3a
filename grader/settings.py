"""TensorFlow's settings, the same for a student's worker, the reference and the self-check.

oneDNN's kernels add in another order, which changes last digits, and their first use costs about
60 ms a process. Eigen would take oneDNN's matrix product even then, which compiles itself at its
first use: another 45 ms. One thread for OpenBLAS keeps the zygote single-threaded, so that it can
be forked.
"""

from __future__ import annotations

SETTINGS = {
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OPENBLAS_NUM_THREADS": "1",
    "KERAS_BACKEND": "tensorflow",
}

GPU_SETTINGS = {
    # Numbers of GPUs as nvidia-smi counts them.
    "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
    # NVIDIA's libraries use no TF32 then, whatever a program asks for.
    "NVIDIA_TF32_OVERRIDE": "0",
}
"""In addition, for workers on a GPU."""
