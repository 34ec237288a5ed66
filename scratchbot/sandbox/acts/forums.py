"""The forums."""

from scratchbot.sandbox.acts.ledger import Ledger, act
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import ForumPost, Topic, User

POST_SECONDS = 60.0


class ForumActs(Ledger):
    """What people do in the forums."""

    @act
    def create_topic(
        self, username: str, category_id: int, title: str, source: str, *, subscribe: bool = True
    ) -> Topic:
        """Start a topic with a first post.

        :raises RefusedError: if there is no such category, or a text is missing.
        """
        user = self._poster(username)
        category = self.world.categories.get(category_id)
        if category is None:
            raise RefusedError(404, f"there is no category {category_id}")
        if not title.strip() or not source.strip():
            raise RefusedError(400, "a topic needs a title and a text")
        topic = Topic(
            id=next(self.world.topic_ids), category=category, title=title.strip(), author=user
        )
        category.topics[topic.id] = self.world.topics[topic.id] = topic
        self._add_post(user, topic, source)
        if subscribe:
            topic.subscribers[user.key] = user
        self._note(user.username, "started a topic", f"topic:{topic.id}", topic.title)
        return topic

    @act
    def post_in_topic(self, username: str, topic_id: int, source: str) -> ForumPost:
        """Post in a topic; who follows it is told.

        :raises RefusedError: if the topic is closed, or the text is missing.
        """
        user, topic = self._poster(username), self._topic(topic_id)
        if topic.closed:
            raise RefusedError(403, "this topic is closed")
        if not source.strip():
            raise RefusedError(400, "a post needs a text")
        post = self._add_post(user, topic, source)
        self._note(user.username, "posted", f"topic:{topic.id}", source)
        return post

    @act
    def view_topic(self, topic_id: int) -> None:
        """Count a view of a topic."""
        self._topic(topic_id).views += 1

    @act
    def edit_post(self, username: str, post_id: int, source: str) -> None:
        """Change one's own post.

        :raises RefusedError: if it is another's.
        """
        user, post = self._actor(username), self._post(post_id)
        if post.author is not user and not user.is_team:
            raise RefusedError(403, "this post is another's")
        post.source, post.edited, post.editor = source, self.now, user
        self._note(user.username, "edited a post", f"topic:{post.topic.id}", source)

    @act
    def report_post(self, username: str, post_id: int, reason: str) -> None:
        """Tell the moderators of a post."""
        user, post = self._actor(username), self._post(post_id)
        post.reports.append((user.username, reason))
        self._note(user.username, "reported a post", f"topic:{post.topic.id}", reason)

    @act
    def follow_topic(self, username: str, topic_id: int) -> None:
        """Be told of new posts in a topic."""
        user, topic = self._actor(username), self._topic(topic_id)
        topic.subscribers[user.key] = user

    @act
    def unfollow_topic(self, username: str, topic_id: int) -> None:
        """Be told of new posts in a topic no longer."""
        user, topic = self._actor(username), self._topic(topic_id)
        topic.subscribers.pop(user.key, None)

    @act
    def set_signature(self, username: str, signature: str) -> None:
        """Change what stands below one's posts."""
        user = self._actor(username)
        user.signature = signature
        self._note(user.username, "changed the signature", f"profile:{user.key}")

    def _add_post(self, user: User, topic: Topic, source: str) -> ForumPost:
        post = ForumPost(
            id=next(self.world.post_ids),
            topic=topic,
            author=user,
            source=source,
            created=self.now,
        )
        topic.posts.append(post)
        self.world.posts[post.id] = post
        row = self._row(user, "forumpost", topic_id=topic.id, topic_title=topic.title)
        for reader in topic.subscribers.values():
            self._send(reader, row)
        return post

    def _poster(self, username: str) -> User:
        """Return who posts: New Scratchers wait a minute between posts, as all do with limits."""
        user = self._actor(username)
        own = [post for post in reversed(self.world.posts.values()) if post.author is user][:1]
        if self.limits and own and self.now - own[0].created < POST_SECONDS:
            raise RefusedError(429, "You must wait 60 seconds between posts")
        return user

    def _topic(self, topic_id: int) -> Topic:
        topic = self.world.topics.get(topic_id)
        if topic is None:
            raise RefusedError(404, f"there is no topic {topic_id}")
        return topic

    def _post(self, post_id: int) -> ForumPost:
        post = self.world.posts.get(post_id)
        if post is None:
            raise RefusedError(404, f"there is no post {post_id}")
        return post
