"""The tests of `grader watch` share `watching`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
