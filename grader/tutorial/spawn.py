"""The one kernel that there is, in the form in which jupyter_client wants to be told of it."""

from __future__ import annotations

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from traitlets import Any, Bool

from grader.tutorial.provisioner import NAME


class Manager(AsyncKernelManager):
    """Carries what the provisioner needs to know."""

    fork_server = Any()
    offline = Bool()
    stand_ins = Bool()


class Specs(KernelSpecManager):
    """Knows one kernel: a fork of the server."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(
            argv=["ipykernel_launcher", "-f", "{connection_file}", "--quiet",
                  "--HistoryManager.enabled=False"],
            display_name=kernel_name,
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": NAME}},
        )  # fmt: skip
