"""The discussion forums: pages, posts and feeds."""

import itertools

from aiohttp import web

from scratchbot.sandbox.hosts.context import (
    Route,
    context,
    form,
    html,
    number,
    numbered_page,
    old_site_login,
    optional_id,
)
from scratchbot.sandbox.render import forum
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import Category, ForumPost, Topic

TOPICS_A_PAGE = 25
POSTS_A_PAGE = 20
FEED_LENGTH = 15


def _category(request: web.Request) -> Category:
    found = context(request).world.categories.get(number(request.match_info["category_id"]))
    if found is None:
        raise RefusedError(404, "no such category")
    return found


def _topic(request: web.Request) -> Topic:
    found = context(request).world.topics.get(number(request.match_info["topic_id"]))
    if found is None:
        raise RefusedError(404, "no such topic")
    return found


def _post(request: web.Request) -> ForumPost:
    found = context(request).world.posts.get(number(request.match_info["post_id"]))
    if found is None:
        raise RefusedError(404, "no such post")
    return found


def _pages(count: int, size: int) -> int:
    return max(1, -(-count // size))


async def get_index(request: web.Request) -> web.Response:
    """Give all categories."""
    categories = list(context(request).world.categories.values())
    return html(forum.index(categories, context(request).clock()))


async def get_category(request: web.Request) -> web.Response:
    """Give a page of a category's topics."""
    category = _category(request)
    shown = numbered_page(request, category.shown_topics, TOPICS_A_PAGE)
    asked = optional_id(request.query.get("page")) or 1
    pages = _pages(len(category.topics), TOPICS_A_PAGE)
    return html(forum.category(category, shown, asked, pages, context(request).clock()))


async def get_topic(request: web.Request) -> web.Response:
    """Give a page of a topic's posts."""
    topic = _topic(request)
    context(request).acts.view_topic(topic.id)
    asked = optional_id(request.query.get("page")) or 1
    return _topic_page(request, topic, asked)


def _topic_page(request: web.Request, topic: Topic, asked: int) -> web.Response:
    pages, first = _pages(len(topic.posts), POSTS_A_PAGE), (asked - 1) * POSTS_A_PAGE
    if asked > pages:
        raise RefusedError(404, "no such page")
    shown = topic.posts[first : first + POSTS_A_PAGE]
    now = context(request).clock()
    return html(forum.topic(topic, first + 1, shown, (asked, pages), now))


async def get_post(request: web.Request) -> web.Response:
    """Give the page of a topic on which a post stands."""
    post = _post(request)
    place = next(n for n, one in enumerate(post.topic.posts) if one is post)
    return _topic_page(request, post.topic, place // POSTS_A_PAGE + 1)


async def get_source(request: web.Request) -> web.Response:
    """Give a post's BBCode."""
    return web.Response(text=_post(request).source)


async def create_topic(request: web.Request) -> web.Response:
    """Start a topic."""
    asked = await form(request)
    user = old_site_login(request, asked.get("csrfmiddlewaretoken"))
    topic = context(request).acts.create_topic(
        user.username,
        _category(request).id,
        str(asked.get("name", "")),
        str(asked.get("body", "")),
        subscribe="subscribe" in asked,
    )
    return _go(f"/discuss/topic/{topic.id}/")


async def post_in_topic(request: web.Request) -> web.Response:
    """Post in a topic."""
    asked = await form(request)
    user = old_site_login(request, asked.get("csrfmiddlewaretoken"))
    acts = context(request).acts
    post = acts.post_in_topic(user.username, _topic(request).id, str(asked.get("body", "")))
    return _go(f"/discuss/post/{post.id}/")


async def edit_post(request: web.Request) -> web.Response:
    """Change one's own post."""
    asked = await form(request)
    user = old_site_login(request, asked.get("csrfmiddlewaretoken"))
    post = _post(request)
    context(request).acts.edit_post(user.username, post.id, str(asked.get("body", "")))
    return _go(f"/discuss/post/{post.id}/")


async def report_post(request: web.Request) -> web.Response:
    """Report a post."""
    asked = await form(request)
    user = old_site_login(request, asked.get("csrfmiddlewaretoken"))
    post_id = optional_id(asked.get("post", request.query.get("post_id"))) or 0
    context(request).acts.report_post(user.username, post_id, str(asked.get("reason", "")))
    return _go(f"/discuss/post/{post_id}/")


async def subscribe(request: web.Request) -> web.Response:
    """Follow a topic, or stop following."""
    user, topic, acts = old_site_login(request), _topic(request), context(request).acts
    act = acts.follow_topic if request.match_info["verb"] == "add" else acts.unfollow_topic
    act(user.username, topic.id)
    return _go(f"/discuss/topic/{topic.id}/")


async def change_signature(request: web.Request) -> web.Response:
    """Change one's own signature."""
    asked = await form(request)
    user = old_site_login(request, asked.get("csrfmiddlewaretoken"))
    if user is not context(request).world.user(request.match_info["username"]):
        raise RefusedError(403, "another's")
    context(request).acts.set_signature(user.username, str(asked.get("signature", "")))
    return _go(f"/discuss/settings/{user.username}/")


async def get_settings(request: web.Request) -> web.Response:
    """Show one's own signature."""
    user = context(request).world.user(request.match_info["username"])
    if user is None:
        raise RefusedError(404, "no such user")
    return html(forum.settings(user))


async def get_category_feed(request: web.Request) -> web.Response:
    """Give the newest posts of a category."""
    category = _category(request)
    posts = sorted(
        itertools.chain.from_iterable(topic.posts for topic in category.topics.values()),
        key=lambda post: -post.id,
    )
    link = f"/discuss/{category.id}/"
    return _feed(forum.feed(f"Latest posts on {category.name}", link, posts[:FEED_LENGTH]))


async def get_topic_feed(request: web.Request) -> web.Response:
    """Give the newest posts of a topic."""
    topic = _topic(request)
    posts = topic.posts[: -FEED_LENGTH - 1 : -1]
    return _feed(forum.feed(f"Latest posts on {topic.title}", f"/discuss/topic/{topic.id}/", posts))


def _feed(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/atom+xml")


def _go(path: str) -> web.Response:
    return web.Response(status=302, headers={"Location": f"https://scratch.mit.edu{path}"})


ROUTES: list[Route] = [
    ("GET", "/discuss", get_index),
    ("GET", "/discuss/{category_id:\\d+}", get_category),
    ("POST", "/discuss/{category_id:\\d+}/topic/add", create_topic),
    ("GET", "/discuss/topic/{topic_id}", get_topic),
    ("POST", "/discuss/topic/{topic_id}", post_in_topic),
    ("GET", "/discuss/post/{post_id}", get_post),
    ("GET", "/discuss/post/{post_id}/source", get_source),
    ("POST", "/discuss/post/{post_id}/edit", edit_post),
    ("POST", "/discuss/misc", report_post),
    ("POST", "/discuss/subscription/topic/{topic_id}/{verb:add|delete|remove}", subscribe),
    ("GET", "/discuss/settings/{username}", get_settings),
    ("POST", "/discuss/settings/{username}", change_signature),
    ("GET", "/discuss/feeds/forum/{category_id}", get_category_feed),
    ("GET", "/discuss/feeds/topic/{topic_id}", get_topic_feed),
]
