"""Encodes and decodes what stands on the standard input: JSON with "texts" and "digits"."""

import json
import sys

from visit import report

from scratchattach.utils.encoder import Encoding

asked = json.load(sys.stdin)
report(
    encoded=[Encoding.encode(text) for text in asked["texts"]],
    decoded=[Encoding.decode(digits) for digits in asked["digits"]],
)
