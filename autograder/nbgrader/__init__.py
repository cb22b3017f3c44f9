"""The doors to nbgrader."""

from __future__ import annotations

import os
import sysconfig

# nbgrader makes a new gradebook with the command `alembic`, which it looks for on PATH. It lies beside nbgrader itself,
# in an environment that need not be activated.
os.environ["PATH"] = os.pathsep.join(filter(None, (os.environ.get("PATH"), sysconfig.get_path("scripts"))))
