"""Runs in a fresh interpreter: the self-test with no wall at all, as its negative control.

Usage: unwalled.py ROOT   prints what wasn't blocked, and what the self-test left behind, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from grader.sandbox import selftest

root = Path(sys.argv[1])
(root / "scratch").mkdir()
before = sorted(str(path) for path in root.rglob("*"))
open_before = len(os.listdir("/proc/self/fd"))
holes = selftest.not_blocked(
    canary=str(root / "hidden" / "canary"), scratch=str(root / "scratch"), files=True, own_uid=True
)
absent = selftest.not_blocked(
    canary=str(root / "hidden" / "canary"), scratch=str(root / "no"), files=False, own_uid=False
)
print(
    json.dumps(
        {
            "holes": holes,
            "same files": sorted(str(path) for path in root.rglob("*")) == before,
            "same descriptors": len(os.listdir("/proc/self/fd")) == open_before,
            "without scratch": absent[-1],
            "canary": (root / "hidden" / "canary").read_text(),
        }
    )
)
