"""The values of the variables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.encoding import encode
from scratchbot.errors import InputError
from scratchbot.wire.cloud import cloud_value
from scratchbot_cloud_requests.wire import Again, Piece, packets, read

ID = "123450"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("513747.123450", Piece(ID, "513747", is_last=True)),
        ("-513747.123450", Piece(ID, "513747", is_last=False)),
        (".123450", Piece(ID, "", is_last=True)),
        ("0.1234509", Again(ID, 0)),
        ("12.1234509", Again(ID, 12)),
        ("1.1234508", Piece("1234508", "1", is_last=True)),
        (".1234509", None),
        ("-1.1234509", None),
        ("12", None),
        ("1.2.3", None),
        ("1e5.1", None),
        ("٣.1", None),
        ("1." + "1" * 21, None),
    ],
)
def test_a_value_is_a_piece_or_asks_again_or_says_nothing(
    value: str, said: Piece | Again | None
) -> None:
    assert read(value) == said


@given(st.text() | st.from_regex(r"-?[0-9]*\.?[0-9]*", fullmatch=True))
def test_any_value_can_be_read(value: str) -> None:
    read(value)


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("pong", "51494733.1234502222"),
        ("", "83.1234502222"),
        ("0042", "0042.1234503222"),
        ("٣", "20.1234502222"),
        ("4 2", f"{encode('4 2')}.1234502222"),
        (42, "42.1234503222"),
        (0, "0.1234503222"),
        (3.0, "3.1234503222"),
        (-1, f"{encode('-1')}.1234502222"),
        (0.5, f"{encode('0.5')}.1234502222"),
        (float("nan"), f"{encode('nan')}.1234502222"),
        (float("inf"), f"{encode('inf')}.1234502222"),
        (True, f"{encode('True')}.1234502222"),
        (["a", 1, True], f"2189{encode('1')}89{encode('True')}89.1234502222"),
        (("a",), "2189.1234502222"),
        ([], ".1234502222"),
        ("a\nb", "212023.1234502222"),
        ("é", "20.1234502222"),
    ],
)
def test_an_answer_is_written_as_the_sprite_reads_it(answer: object, value: str) -> None:
    assert packets(ID, answer) == [value]


def test_a_number_goes_as_text_where_the_request_does_not_say_that_it_can_read_it() -> None:
    assert packets("123456", 42) == [f"{encode('42')}.1234562222"]


@given(st.text() | st.lists(st.text()) | st.integers(0, 10**4_000), st.sampled_from([ID, "1" * 20]))
def test_a_long_answer_is_packets_that_fit_and_can_be_put_together(
    answer: object, request_id: str
) -> None:
    written = packets(request_id, answer)
    for number, packet in enumerate(written, 1):
        assert cloud_value(packet, 256) == packet
        end = packet.partition(".")[2].removeprefix(request_id)
        assert end in ("2222", "3222") if number == len(written) else end == f"{number:03}1"
    whole = "".join(packet.partition(".")[0] for packet in written)
    if isinstance(answer, int) and request_id == ID:
        assert whole == str(answer)


def test_an_answer_that_the_sprite_cannot_put_together_is_refused() -> None:
    assert len(packets(ID, "a" * 122_000)) == 1_000
    with pytest.raises(InputError, match="room for 122000 characters and this one has 122001"):
        packets(ID, "a" * 122_001)
