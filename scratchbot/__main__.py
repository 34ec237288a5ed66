"""``python -m scratchbot`` is the command line."""

import sys

from scratchbot.cli import main

sys.exit(main())
