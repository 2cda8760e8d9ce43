"""The command itself, as `causal-sessions` and as `python -m causal_sessions`."""

import os
import sys

from causal_sessions import Error, command_path


def main() -> None:
    try:
        path = command_path()
    except Error as problem:
        sys.exit(str(problem))
    os.execv(path, [path, *sys.argv[1:]])


if __name__ == "__main__":
    main()
