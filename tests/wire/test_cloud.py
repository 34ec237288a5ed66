import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scratchbot.errors import InputError
from scratchbot.wire.cloud import (
    CLOUD_SIGN,
    CloudChange,
    CloudPacket,
    PacketReader,
    change_line,
    cloud_name,
    cloud_value,
)
from scratchbot.wire.cloudhosts import SCRATCH_CLOUD, TURBOWARP_CLOUD, find_host


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


def test_floats_that_print_otherwise_are_written_alike() -> None:
    class Numpy(float):
        def __repr__(self) -> str:
            return f"np.float64({super().__repr__()})"

    assert cloud_value(Numpy(1.5), 256) == "1.5"


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "abc",
        "1e5",
        "\u0661",
        "1 2",
        "--1",
        float("nan"),
        float("inf"),
        "9" * 257,
        ".",
        pytest.param(10**5000, id="thousands of digits"),
        None,
    ],
)
def test_what_is_no_number_of_256_characters_is_refused(wrong: float | str) -> None:
    with pytest.raises(InputError):
        cloud_value(wrong, 256)


FLOATS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)


@given(FLOATS.filter(lambda value: value == 0 or abs(value) > 1e-200))
def test_a_float_keeps_its_value(value: float) -> None:
    assert float(cloud_value(value, 256)) == value


@pytest.mark.parametrize("wrong", [5, None, "broken \ud800"])
def test_a_name_that_cannot_be_sent_is_refused(wrong: Any) -> None:
    with pytest.raises(InputError, match="name is a text"):
        cloud_name(wrong)


def read(*messages: str) -> list[CloudPacket]:
    return PacketReader().read(message.encode() for message in messages)


@given(st.lists(st.text().map(str.encode) | st.binary()))
def test_any_messages_are_read_without_an_error(messages: list[bytes]) -> None:
    for packet in PacketReader().read(messages):
        assert isinstance(packet.method, str)


def test_lines_that_nest_however_deeply_are_read_without_an_error() -> None:
    for depth in [*range(900, 1_100), 100_000]:
        nested = "[" * depth + "]" * depth
        read(f'{{"method": "set", "name": "☁ a", "value": {nested}}}')


@pytest.mark.parametrize("key", ["method", "name", "value", "new_name"])
def test_a_line_with_half_a_character_is_passed_over(key: str) -> None:
    packet = {"method": "set", "name": "☁ a", "value": "1", key: "\ud83d"}
    assert read(json.dumps(packet)) == []
    assert read(json.dumps({**packet, key: "🎈"})) != []


@given(st.text(), st.text(), st.integers(1))
def test_a_change_is_read_back_as_it_was_written(name: str, user: str, project: int) -> None:
    change = CloudChange(project_id=project, host="h", method="set", name=name, value="1")
    line = change_line(change, user)
    assert line.endswith("\n")
    assert json.loads(line)["user"] == user
    (packet,) = read(line)
    assert (packet.method, packet.value) == ("set", "1")


PACKETS = st.lists(
    st.builds(
        CloudPacket,
        st.just("set"),
        st.text(min_size=1).map(lambda name: name.lstrip(CLOUD_SIGN) or "a"),
        st.integers().map(str),
        st.none(),
    ),
    max_size=6,
)


def written(packet: CloudPacket, *, as_number: bool) -> str:
    assert packet.value is not None
    value = int(packet.value) if as_number else packet.value
    full = {"method": packet.method, "name": CLOUD_SIGN + packet.name, "value": value}
    return json.dumps(full, ensure_ascii=False)


@given(PACKETS, st.lists(st.integers(0, 300), max_size=5), st.booleans(), st.booleans())
def test_packets_are_read_wherever_the_frames_cut_their_lines(
    packets: list[CloudPacket], cuts: list[int], as_numbers: bool, ends: bool
) -> None:
    lines = [written(packet, as_number=as_numbers) for packet in packets]
    stream = "\n".join(lines) + ("\n" if ends else "")
    places = sorted({cut for cut in cuts if cut < len(stream)} | {0, len(stream)})
    messages = [stream[begin:end].encode() for begin, end in itertools.pairwise(places)]
    reader = PacketReader()
    assert PacketReader().read(messages) == packets
    assert [packet for message in messages for packet in reader.read([message])] == packets


def test_rubbish_without_an_end_spoils_no_line_after_it() -> None:
    line = written(CloudPacket("set", "a", "1"), as_number=False)
    assert read("welcome, whoever you are", line + "\n", "}\n" + line) == [
        CloudPacket("set", "a", "1"),
        CloudPacket("set", "a", "1"),
    ]


@pytest.mark.parametrize("rubbish", [b"\xff\xfe", b"welcome", b"]", b"\x00" * 9])
def test_rubbish_without_an_end_spoils_no_line_that_comes_in_pieces_after_it(
    rubbish: bytes,
) -> None:
    line = written(CloudPacket("set", "a", "1"), as_number=False).encode()
    for place in range(1, len(line)):
        messages = [rubbish, line[:place], line[place:] + b"\n"]
        assert PacketReader().read(messages) == [CloudPacket("set", "a", "1")]


def test_numbers_keep_all_their_digits() -> None:
    (packet,) = read('{"method": "set", "name": "☁ a", "value": 0.10000000000000001}')
    assert packet.value == "0.10000000000000001"
    (packet,) = read('{"method": "set", "name": "☁ a", "value": %s}' % ("9" * 5000))
    assert packet.value == "9" * 5000


@pytest.mark.parametrize(
    ("name", "address", "has_log"),
    [
        ("scratch", SCRATCH_CLOUD, True),
        (SCRATCH_CLOUD, SCRATCH_CLOUD, True),
        ("wss://clouddata.scratch.mit.edu/", SCRATCH_CLOUD, True),
        ("turbowarp", TURBOWARP_CLOUD, False),
        ("Clouddata.Scratch.MIT.edu", SCRATCH_CLOUD, True),
        ("wss://clouddata.scratch.mit.edu:443/", SCRATCH_CLOUD, True),
        ("wss://clouddata.turbowarp.org", TURBOWARP_CLOUD, False),
        ("cloud.example.org:8080", "cloud.example.org:8080", False),
        ("ws://127.0.0.1:9080/", "ws://127.0.0.1:9080/", False),
        ("ws://[::1]:9080", "ws://[::1]:9080", False),
    ],
)
def test_a_cloud_server_is_named_shortly_or_by_its_address(
    name: str, address: str, has_log: bool
) -> None:
    host = find_host(name)
    assert (host.address, host.keeps_log) == (address, has_log)
    assert host.longest_value == (256 if has_log else 100_000)


@pytest.mark.parametrize("wrong", ["", "a b", "http://example.org", "ws://", "turbo warp"])
def test_what_can_be_no_cloud_server_is_refused(wrong: str) -> None:
    with pytest.raises(InputError, match="'turbowarp', a host name"):
        find_host(wrong)


def test_scratch_has_projects_by_number_and_others_by_any_text() -> None:
    assert find_host("scratch").check_project("104") == 104
    assert find_host("turbowarp").check_project("104") == 104
    assert find_host("turbowarp").check_project("scores of alice") == "scores of alice"
    for host, wrong in [("scratch", "scores"), ("turbowarp", ""), ("turbowarp", "a" * 257)]:
        with pytest.raises(InputError):
            find_host(host).check_project(wrong)
