"""The command line: ``python -m model COMMAND``; every command answers to ``--help``."""

import sys

from model.cli import main

if __name__ == "__main__":
    sys.exit(main())
