import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.errors import InputError
from scratchbot.wire.cloud import CloudChange, PacketReader, change_line, cloud_value


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (1, "1"),
        (-3, "-3"),
        (12.5, "12.5"),
        (1e20, "100000000000000000000"),
        (1e-7, "0.0000001"),
        (0.0, "0"),
        ("007", "007"),
        ("-1.50", "-1.50"),
        (True, "1"),
    ],
)
def test_numbers_are_written_without_an_exponent(given: float | str, written: str) -> None:
    assert cloud_value(given, 256) == written


@pytest.mark.parametrize(
    "wrong", ["", "abc", "1e5", "\u0661", "1 2", "--1", float("nan"), float("inf"), "9" * 257, "."]
)
def test_what_is_no_number_of_256_characters_is_refused(wrong: float | str) -> None:
    with pytest.raises(InputError):
        cloud_value(wrong, 256)


FLOATS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)


@given(FLOATS.filter(lambda value: value == 0 or abs(value) > 1e-200))
def test_a_float_keeps_its_value(value: float) -> None:
    assert float(cloud_value(value, 256)) == value


@given(st.text() | st.binary())
def test_any_frame_is_read_without_an_error(frame: str | bytes) -> None:
    for packet in PacketReader().read(frame):
        assert isinstance(packet.method, str)


@given(st.text(), st.text(), st.integers(1))
def test_a_change_is_read_back_as_it_was_written(name: str, user: str, project: int) -> None:
    change = CloudChange(project_id=project, host="h", method="set", name=name, value="1")
    line = change_line(change, user)
    assert line.endswith("\n")
    assert json.loads(line)["user"] == user
    (packet,) = PacketReader().read(line)
    assert (packet.method, packet.value) == ("set", "1")
