"""``scratchbot demo``."""

import argparse


def demo(options: argparse.Namespace) -> int:
    """Run the demo."""
    raise NotImplementedError
