"""The sandbox's one kind of error."""

from __future__ import annotations

from grader.errors import GraderError


class SandboxUnavailable(GraderError):
    """A layer of the wall is missing here; the message names it and says how to get it."""
