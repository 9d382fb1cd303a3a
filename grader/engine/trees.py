"""Removes directories that hostile code has filled."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def remove_tree(folder: Path) -> None:
    """Removes a directory that hostile code has filled.

    `rm` and not `shutil.rmtree`, which raises RecursionError on thousands of nested folders.
    """
    rm = shutil.which("rm", path="/usr/bin:/bin") or "rm"
    subprocess.run([rm, "-rf", "--one-file-system", "--", str(folder)], check=False)
