"""`grader migrate`: nbgrader and otter source assignments in this project's layout.

Nothing of a notebook is ever run: its cells are read with `nbformat` and `ast`, and whatever has no
counterpart here is listed instead of being dropped. `migrate` is the way in.
"""

from grader.migration.migrate import Migrated, Request, migrate

__all__ = ["Migrated", "Request", "migrate"]
