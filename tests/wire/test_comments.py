"""What a list of comments repeats is in memory once, and reads as the site wrote it."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scratchbot.wire.comments import Authors, Ground, get_comments
from scratchbot.wire.request import Answer

times = st.sampled_from([f"2024-01-01T00:00:0{second}.000Z" for second in range(3)])
authors = st.fixed_dictionaries(
    {"id": st.none() | st.integers(1, 3)},
    optional={"username": st.sampled_from(["alice", "bob"]), "new": st.none() | st.text()},
)
rows = st.fixed_dictionaries(
    {"id": st.integers(1, 99), "datetime_created": times},
    optional={
        "author": st.none() | authors,
        "datetime_modified": st.none() | times,
        "visibility": st.sampled_from(["visible", "deleted"]),
    },
)


@given(st.lists(st.lists(rows)))
def test_raw_is_what_the_site_wrote(pages: list[list[dict[str, Any]]]) -> None:
    known: Authors = {}
    for number, page in enumerate(pages):
        request = get_comments(Ground("studio", 5), 40, 40 * number, known)
        read = request.result(Answer(status=200, body=json.dumps(page).encode()))
        assert [comment.raw for comment in read] == page
