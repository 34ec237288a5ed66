"""The cloud server that scratchattach ships: PORT."""

import sys

import redirect  # noqa: F401
import scratchattach

scratchattach.init_cloud_server("127.0.0.1", int(sys.argv[1])).start(thread=False)
