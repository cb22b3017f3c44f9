"""What bubblewrap starts. Arguments: the socket's number, the number of the file with its orders, folders of modules.

The orders are the policy, as one line of JSON, and then the filter on system calls.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    number, orders, folders = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    sys.path.extend(folders)
    with os.fdopen(orders, "rb") as file:
        policy = json.loads(file.readline())
        seccomp_filter = file.read()
    if policy["warm"]:
        from autograder.wall.inside.parent import serve_jobs

        serve_jobs(policy, seccomp_filter, number)
    else:
        from autograder.wall.inside.life import live

        live(policy, seccomp_filter, number)


main()
