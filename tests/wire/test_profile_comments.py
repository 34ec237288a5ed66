import contextlib

from hypothesis import given
from hypothesis import strategies as st

from scratchbot.errors import ScratchbotError
from scratchbot.wire.profile_comments import get_comments, post_comment
from scratchbot.wire.request import Answer

PAGE = """
<li class="top-level-reply">
<div id="comments-77" class="comment " data-comment-id="77">
  <a href="/users/alice" id="comment-user" data-comment-user="alice"><img class="avatar" src=""></a>
  <div class="info">
    <div class="name"><a href="/users/alice">alice</a></div>
    <div class="content">
          hello &lt;b&gt; <img src="//cdn/easter_eggs/cat.png" class="easter-egg"> @bob
    </div>
    <span class="time" title="2025-08-25T12:00:00Z">2025-08-25T12:00:00Z</span>
    <a class="reply" data-comment-id="77" data-parent-thread="77" data-commentee-id="5">reply</a>
  </div>
</div>
<ul class="replies"><li class="reply">
<div id="comments-78" class="comment " data-comment-id="78">
  <a href="/users/bob" id="comment-user" data-comment-user="bob"></a>
  <div class="info">
    <div class="content"><a href="/users/alice">@alice</a>
          me <a href="/users/carol">@carol</a> too</div>
    <span class="time" title="2025-08-25T12:01:00Z"></span>
  </div>
</div></li></ul></li>
"""


def page(text: str) -> Answer:
    return Answer(status=200, body=text.encode())


def test_a_page_reads_into_threads() -> None:
    (top,) = get_comments("scratchcat", 1).result(page(PAGE))
    assert (top.id, top.author, top.author_id) == (77, "alice", 5)
    assert top.content == "hello <b> _:)_ @bob"
    (reply,) = top.replies
    assert (reply.id, reply.parent_id, reply.author) == (78, 77, "bob")
    assert reply.content == "me @carol too"
    assert top.created_timestamp == "2025-08-25T12:00:00Z"


def test_past_the_last_page_there_is_nothing() -> None:
    assert get_comments("scratchcat", 9).result(Answer(status=404, body=b"")) == []


@given(st.integers(0, len(PAGE)), st.integers(0, 200), st.text(max_size=30))
def test_a_damaged_page_is_a_value_or_one_of_our_errors(start: int, cut: int, put: str) -> None:
    damaged = PAGE[:start] + put + PAGE[start + cut :]
    for request in (get_comments("a", 1), post_comment("a", "x", None, None)):
        with contextlib.suppress(ScratchbotError):
            request.result(page(damaged))
