"""`python -m pytest_trainer`: the command `pytest-trainer`."""

import sys

from pytest_trainer.classroom.cli import main

sys.exit(main())
