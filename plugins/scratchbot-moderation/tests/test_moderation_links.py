"""Links are found, also those that hide; what is no link is left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchbot_moderation.links import find_link

ALLOWED = frozenset({"scratch.mit.edu"})


@pytest.mark.parametrize(
    "text",
    [
        "play https://scratch.mit.edu/projects/104",
        "scratch.mit.edu/studios/1, and api.scratch.mit.edu",
        "HTTPS://SCRATCH.MIT.EDU",
        "scratch.mit.edu/discuss?next=evil.com",
        "I scored 3.14, e.g. in v1.2.3",
        "cool.me too, and I like .io games",
        "I like it. gg everyone",
        "wait...what",
        "he.she/they",
        "connect the dot to the line",
        "https://",
    ],
)
def test_allowed_links_and_what_is_none_pass(text: str) -> None:
    assert find_link(text, ALLOWED) is None


@pytest.mark.parametrize(
    "text",
    [
        "http://evil.com",
        "look at evil.com",
        "hey:evil.com!",
        "https://scratch.mit.edu.evil.com/projects",
        "https://scratch.mit.edu@evil.com",
        "https://evil.com\\@scratch.mit.edu",
        "https://evil.com/?scratch.mit.edu",
        "notscratch.mit.edu.evil.com",
        "evil.com/scratch.mit.edu",
        "evil (dot) com",
        "evil[.]com",
        "evil dot com",
        "evil。com",
        "evil\u200b.\u200bcom",
        "hxxps://evil.example",
        "www.evil.museum",
        "http://192.0.2.1/",
        "my.site/page",
        "scrаtch.mit.edu",
        "evil.сom",
        "scratch.mit.edu and evil.com",
    ],
)
def test_a_link_elsewhere_is_found(text: str) -> None:
    assert find_link(text, ALLOWED) == "other domain"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("discord.gg/abc", "chat site"),
        ("DISCORD . GG", "chat site"),
        ("discord .gg/abc", "chat site"),
        ("discord dot gg", "chat site"),
        ("disсord.gg", "chat site"),
        ("ptb.discord.com", "chat site"),
        ("t.me/abc", "chat site"),
        ("https://bit.ly/abc", "short link"),
        ("tinyurl.com/abc", "short link"),
    ],
)
def test_chat_sites_and_short_links_are_told_apart(text: str, kind: str) -> None:
    assert find_link(text, ALLOWED) == kind


def test_the_owner_can_allow_any_domain() -> None:
    assert find_link("discord.gg/abc", {"discord.gg"}) is None


@settings(deadline=None)
@given(st.text(max_size=3_000))
def test_any_text_is_searched_without_an_error(text: str) -> None:
    find_link(text, ALLOWED)


@given(
    st.from_regex(r"[a-z]{3,10}\.(com|org|xyz)", fullmatch=True),
    st.sampled_from(["{}", "https://{}", "x {} y", "({})", "{}/path", "http://a@{}:80/"]),
)
def test_a_domain_that_is_not_allowed_is_found_wherever_it_stands(host: str, form: str) -> None:
    assert find_link(form.format(host), ALLOWED) is not None
    assert find_link(form.format(host), {host}) is None
