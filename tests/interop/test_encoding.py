"""Our text in digits beside scratchattach's own."""

import json
import subprocess
from random import Random

import pytest

from scratchbot.encoding import SCRATCHATTACH, decode, encode
from tests.interop.conftest import HERE, client

pytestmark = pytest.mark.interop

LINE_END = "\n"
"""The one entry that scratchattach reads as words, ``new line``, and cannot write."""


def test_scratchattach_reads_what_we_write_and_writes_what_we_read() -> None:
    characters, random = SCRATCHATTACH.characters.replace(LINE_END, ""), Random(6)
    texts = [*characters, *("".join(random.choices(characters + "é€\t", k=50)) for _ in range(50))]
    codes = [str(number) for number in range(10, 100) if number != int(encode(LINE_END))]
    digits = [*codes, *("".join(random.choices(codes, k=50)) + "7" for _ in range(50))]
    done = subprocess.run(
        [client("scratchattach"), HERE / "clients" / "scratchattach_encodes.py"],
        input=json.dumps({"texts": texts, "digits": digits}),
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(done.stdout)
    assert theirs["encoded"] == [encode(text, missing=" ") for text in texts]
    assert theirs["decoded"] == [decode(each) for each in digits]
