"""What bubblewrap starts. Arguments: the socket's number, the number of the file with its orders, folders of modules.

The orders are one line, as `protocol` writes it, and then the filter on system calls.
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    number, orders, folders = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    sys.path.extend(folders)
    from autograder.wall.both.protocol import Live, from_line

    with os.fdopen(orders, "rb") as file:
        live = from_line(file.readline(), Live)
        seccomp_filter = file.read()
    if live.warm:
        from autograder.wall.inside.parent import serve_jobs

        serve_jobs(live, seccomp_filter, number)
    else:
        from autograder.wall.inside import life

        life.begin(live, seccomp_filter, number)


main()
