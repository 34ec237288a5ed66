"""How Sphinx makes the site: ``make docs``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from scratchbot.version import VERSION

project = "scratchbot"
author = "the authors of scratchbot"
project_copyright = author
version = release = VERSION

extensions = ["myst_parser", "sphinx.ext.autodoc", "_docstrings", "_from_code"]

nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", r"(?!scratchbot).*"),  # what Python and other packages document
    ("py:.*", r"scratchbot\.(.*\.)?[A-Z]"),  # type variables
    ("py:.*", r"scratchbot\.(site|wire\..*Data|filters\.Beginning).*"),  # machine room
    ("py:.*", r"scratchbot\.sandbox\..*"),  # the inside of the sandbox, which tests may look at
]

smartquotes = False  # What is meant to be typed, such as --size, stands in plain text too.

myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_class_signature = "mixed"
python_use_unqualified_type_names = True
python_display_short_literal_types = True
add_module_names = False

html_theme = "furo"
html_title = "scratchbot"
html_show_sphinx = False
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {"navigation_with_keys": True}
