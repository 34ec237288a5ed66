"""Profiles, following, and what becomes of accounts."""

from hashlib import sha256
from typing import Any

from scratchbot.sandbox.acts.ledger import Ledger, act
from scratchbot.sandbox.rules import RefusedError, username_verdict
from scratchbot.sandbox.times import site_time
from scratchbot.sandbox.world import BackpackItem, Project, Role, Row, User

LONGEST_PROFILE_TEXT = 200
FIRST_PASSWORD_LENGTH = 6
FEATURED_LABELS = range(5)
PROFILE_FIELDS = ("bio", "status")


class PeopleActs(Ledger):
    """What people do with accounts, their own and others'."""

    @act
    def join(self, username: str, password: str, role: Role = "new_scratcher") -> User:
        """Make an account; the site's welcome is its first message.

        :raises RefusedError: if the name is taken, or none.
        """
        verdict = username_verdict(self.world, username)
        if verdict != "valid username":
            raise RefusedError(400, verdict)
        user = User(
            id=next(self.world.user_ids),
            username=username,
            password=password,
            joined=self.now,
            role=role,
        )
        self.world.add_user(user)
        self.welcome(user.username)
        user.unread = 1
        self._note(user.username, "joined", f"profile:{user.key}")
        return user

    @act
    def welcome(self, username: str) -> None:
        """Put the site's welcome at the start of a user's messages, read already."""
        user = self._other(username)
        user.messages.append(self._row(user, "userjoin"))

    @act
    def follow(self, username: str, followed: str) -> None:
        """Follow a user."""
        user, other = self._actor(username), self._other(followed)
        if user is other or other.key in user.following:
            return
        user.following[other.key] = other
        other.followers[user.key] = user
        row = self._row(
            user, "followuser", followed_user_id=other.id, followed_username=other.username
        )
        self._send(other, row)
        user.deeds.append(row)
        self._note(user.username, "followed", f"profile:{other.key}")

    @act
    def unfollow(self, username: str, followed: str) -> None:
        """Stop following a user."""
        user, other = self._actor(username), self._other(followed)
        if user.following.pop(other.key, None) is None:
            return
        del other.followers[user.key]

        def is_meant(row: Row) -> bool:
            return row["actor_id"] == user.id and row.get("followed_user_id") == other.id

        user.deeds[:] = [row for row in user.deeds if not is_meant(row)]
        self._take_back(other, is_meant)
        self._note(user.username, "unfollowed", f"profile:{other.key}")

    @act
    def edit_profile(self, username: str, **fields: str) -> None:
        """Change the texts of a profile: ``bio``, ``status``.

        :raises RefusedError: if a text is too long.
        """
        user = self._actor(username)
        for name, text in fields.items():
            if name not in PROFILE_FIELDS:
                raise RefusedError(400, f"a profile has no {name}")
            if len(text) > LONGEST_PROFILE_TEXT:
                raise RefusedError(400, f"{name} is too long")
        for name, text in fields.items():
            setattr(user, name, text)
        user.deeds.append(self._row(user, "editprofile", changed_fields=", ".join(fields)))
        self._note(user.username, "changed the profile", f"profile:{user.key}")

    @act
    def feature_project(self, username: str, project_id: int, label: int | None) -> None:
        """Show a project at the top of one's profile.

        :param label: the number of the words above it, None for the usual ones.
        """
        user = self._actor(username)
        if label is not None and label not in FEATURED_LABELS:
            raise RefusedError(400, "there is no such label")
        user.featured, user.featured_label = self._shared_project(project_id), label
        self._note(user.username, "featured a project", f"profile:{user.key}")

    @act
    def set_avatar(self, username: str, image: bytes) -> None:
        """Change a profile's picture."""
        user = self._actor(username)
        self.world.assets[f"avatar/{user.id}"] = image
        self._note(user.username, "changed the picture", f"profile:{user.key}")

    @act
    def report_user(self, username: str, other: str, field: str) -> None:
        """Tell the Scratch Team of something on a profile."""
        user, reported = self._actor(username), self._other(other)
        self._note(user.username, "reported", f"profile:{reported.key}", field)

    @act
    def clear_messages(self, username: str) -> None:
        """Mark all messages of a user as read."""
        self._actor(username).unread = 0

    @act
    def dismiss(self, username: str, alert_id: int | None) -> None:
        """Put away a message of the Scratch Team, or without one the invitation to Scratchers.

        :raises RefusedError: if there is none.
        """
        user = self._actor(username)
        kept = [row for row in user.alerts if row["id"] != alert_id]
        if len(kept) == len(user.alerts) and (alert_id is not None or not user.invited_at):
            raise RefusedError(404, "there is no such message")
        if alert_id is None:
            user.invited_at = 0.0
        user.alerts[:] = kept

    @act
    def change_account(self, username: str, **fields: Any) -> None:
        """Change what an account is known by: ``country``, ``email``, ``subscriptions``."""
        user = self._actor(username)
        if "country" in fields:
            user.country = str(fields["country"])
        if "email" in fields:
            user.email, user.email_confirmed = str(fields["email"]), False
        if "subscriptions" in fields:
            user.subscriptions = frozenset(fields["subscriptions"])
        self._note(user.username, "changed the account", f"profile:{user.key}")

    @act
    def set_cue(self, username: str, cue: str, *, shown: bool) -> None:
        """Put a banner of the site away for oneself, or have it shown again."""
        user = self._actor(username)
        change = user.dismissed_cues.discard if shown else user.dismissed_cues.add
        change(cue)

    @act
    def change_password(self, username: str, old: str, new: str) -> None:
        """Change a password.

        :raises RefusedError: if the old one is wrong or the new one is too short.
        """
        user = self._actor(username)
        if user.password != old:
            raise RefusedError(403, "the old password is wrong")
        if len(new) < FIRST_PASSWORD_LENGTH:
            raise RefusedError(400, "the new password is too short")
        user.password, user.must_reset_password = new, False
        self._note(user.username, "changed the password", f"profile:{user.key}")

    @act
    def invite_to_scratchers(self, username: str) -> None:
        """Invite a New Scratcher to become a Scratcher, as the site does by itself."""
        user = self._other(username)
        user.invited_at = self.now

    @act
    def become_scratcher(self, username: str) -> None:
        """Accept the invitation to become a Scratcher.

        :raises RefusedError: if there was none.
        """
        user = self._actor(username)
        if not user.invited_at:
            raise RefusedError(403, "there was no invitation")
        user.role, user.invited_at = "scratcher", 0.0
        self._note(user.username, "became a Scratcher", f"profile:{user.key}")

    @act
    def mute(self, username: str, seconds: float) -> None:
        """Mute a user for some time from now, as the Scratch Team may; 0 ends a mute."""
        user = self._other(username)
        user.muted_until = self.now + seconds
        self._note("the team", "muted" if seconds else "unmuted", f"profile:{user.key}")

    @act
    def ban(self, username: str, *, banned: bool = True) -> None:
        """Ban a user, as the Scratch Team may, or take that back."""
        user = self._other(username)
        user.banned = banned
        self._note("the team", "banned" if banned else "unbanned", f"profile:{user.key}")

    @act
    def leave(self, username: str, *, leaving: bool = True) -> None:
        """Ask for one's account to be deleted, or take that back by logging in."""
        user = self._actor(username)
        user.leaving = leaving
        self._note(user.username, "leaves" if leaving else "stays", f"profile:{user.key}")

    @act
    def alert(self, username: str, text: str) -> None:
        """Send a user a message of the Scratch Team, which stands apart from the others."""
        user = self._other(username)
        user.alerts.append(
            {
                "id": next(self.world.row_ids),
                "datetime_created": site_time(self.now),
                "message": text,
                "type": "adminmessage",
            }
        )

    @act
    def keep_in_backpack(
        self, username: str, *, kind: str, mime: str, name: str, body: bytes, thumbnail: bytes
    ) -> BackpackItem:
        """Put something into one's backpack, which shows the newest first."""
        user = self._actor(username)
        ending = mime.rpartition("/")[2].removesuffix("+xml").removeprefix("x-")
        item = BackpackItem(
            id=_file_name(f"{user.id}:{next(self.world.row_ids)}".encode()),
            type=kind,
            mime=mime,
            name=name,
            body=f"{_file_name(body)}.{ending}",
            thumbnail=f"{_file_name(thumbnail)}.jpg",
        )
        self.world.assets[f"backpack/{item.body}"] = body
        self.world.assets[f"backpack/{item.thumbnail}"] = thumbnail
        user.backpack.append(item)
        return item

    @act
    def drop_from_backpack(self, username: str, item_id: str) -> None:
        """Take something out of one's backpack.

        :raises RefusedError: if it is not in there.
        """
        user = self._actor(username)
        kept = [item for item in user.backpack if item.id != item_id]
        if len(kept) == len(user.backpack):
            raise RefusedError(404, "this is not in the backpack")
        user.backpack[:] = kept

    def _shared_project(self, project_id: int) -> Project:
        project = self._project(project_id)
        if not project.is_shared:
            raise RefusedError(404, f"there is no project {project_id}")
        return project


def _file_name(contents: bytes) -> str:
    return sha256(contents).hexdigest()[:32]
