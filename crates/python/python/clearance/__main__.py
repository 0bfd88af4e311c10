"""``python -m clearance``: the program, as on any command line."""

import sys

from clearance import _native


def main() -> int:
    """Runs the program with this process's arguments; answers with the exit code."""
    return _native.program(["clearance", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
