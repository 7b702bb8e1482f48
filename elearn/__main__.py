"""`python -m elearn <command>`: the same door as `python3 run.py <command>`."""

import sys

from elearn.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
