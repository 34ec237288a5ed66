"""What the forums' pages say."""

import pytest

from scratchbot.errors import UnexpectedAnswerError
from scratchbot.wire import forums
from scratchbot.wire.request import Answer


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=302, body=b"", headers={"location": "/discuss/topic/7/?page=1#post-9"}),
        Answer(status=200, body=b'<meta property="og:url" content="https://s/discuss/topic/7/">'),
    ],
)
def test_a_post_tells_its_topic_by_where_it_sends_on_to_or_by_its_page(answer: Answer) -> None:
    assert forums.get_topic_of(9).result(answer) == 7


def test_a_page_that_tells_no_topic_is_an_error_of_ours() -> None:
    with pytest.raises(UnexpectedAnswerError, match="topic"):
        forums.get_topic_of(9).result(Answer(status=200, body=b"<p>"))
