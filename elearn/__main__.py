"""`python -m elearn <command>`: the same door as `python3 run.py <command>`."""

import os
import sys
from pathlib import Path

from elearn.adapters.files import FolderCourses
from elearn.app import create_app
from elearn.cli.main import main
from elearn.cli.workbench import Workbench
from elearn.wiring import build_node, open_store

if __name__ == "__main__":
    root = Path(__file__).resolve().parent.parent
    sys.exit(main(sys.argv[1:], Workbench(root, dict(os.environ), build_node, create_app, FolderCourses, open_store)))
