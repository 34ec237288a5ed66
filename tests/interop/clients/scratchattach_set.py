"""Sets a cloud variable on Scratch's cloud: NAME VALUE."""

import sys
import warnings

import redirect  # noqa: F401

warnings.simplefilter("ignore")

import scratchattach

session = scratchattach.login("bob", "builder")
session.connect_cloud(104).set_var(sys.argv[1], sys.argv[2])
