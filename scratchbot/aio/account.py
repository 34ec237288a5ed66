"""The account: its messages, its state, its settings."""

from typing import TYPE_CHECKING

from scratchbot import wire
from scratchbot.aio.opening import AsyncOpening
from scratchbot.aio.pages import AsyncPages
from scratchbot.checks import check_choice, check_username

if TYPE_CHECKING:
    from scratchbot.wire.accounts import AccountStatus
    from scratchbot.wire.messages import Activity, Alert, Filter, Invitation, Message


class AsyncAccount(AsyncOpening):
    """The part of the session that is about the account itself."""

    @property
    def _username(self) -> str:
        return self._site.account.username or ""

    @property
    def messages(self) -> "AsyncPages[Message]":
        """The messages, newest first, read as they are needed."""
        return self._messages("")

    async def get_messages(
        self, all: bool = False, limit: int = 20, offset: int = 0, filter: "Filter" = ""
    ) -> "list[Message]":
        """Return the messages of the user who is logged in, newest first.

        Reading does not mark them as read.

        :param all: whether to return every message, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        :param filter: ``""``, ``"comments"``, ``"projects"``, ``"studios"`` or ``"forums"``.
        :raises NotLoggedInError: if nobody is logged in.
        """
        check_choice("filter", filter, wire.messages.Filter)
        return await self._messages(filter).collect(all, limit, offset)

    def _messages(self, filter: "Filter") -> "AsyncPages[Message]":
        return AsyncPages(
            self._site,
            lambda size, start: wire.messages.get_messages(self._username, size, start, filter),
            lambda message: message,
        )

    async def mark_messages_read(self) -> None:
        """Mark all messages as read.

        :raises NotLoggedInError: if nobody is logged in.
        """
        await self._ask(wire.messages.clear_messages())

    async def get_alerts(
        self, all: bool = False, limit: int = 20, offset: int = 0
    ) -> "list[Alert]":
        """Return the messages of the Scratch Team, newest first.

        :param all: whether to return every one, and not only ``limit`` of them.
        :param offset: how many of the newest to leave out.
        :raises NotLoggedInError: if nobody is logged in.
        """
        alerts = AsyncPages(
            self._site,
            lambda size, start: wire.messages.get_alerts(self._username, size, start),
            lambda alert: alert,
        )
        return await alerts.collect(all, limit, offset)

    async def get_invitation(self) -> "Invitation | None":
        """Return the invitation to become a Scratcher, ``None`` where there is none.

        :raises NotLoggedInError: if nobody is logged in.
        """
        return await self._ask(wire.messages.get_invitation(self._username))

    async def accept_invitation(self) -> None:
        """Become a Scratcher.

        :raises ForbiddenError: if the account was not invited.
        """
        await self._ask(wire.messages.accept_invitation(self._username))

    async def get_activity(self, limit: int = 5, offset: int = 0) -> "list[Activity]":
        """Return what the people did whom the user follows, newest first.

        :raises NotLoggedInError: if nobody is logged in.
        """
        activity = AsyncPages(
            self._site,
            lambda size, start: wire.messages.get_activity(self._username, size, start),
            lambda deed: deed,
        )
        return await activity.collect(False, limit, offset)

    async def get_account_status(self) -> "AccountStatus":
        """Return what the site says of the account: its role, its mute, what it has to do first.

        :raises NotLoggedInError: if nobody is logged in.
        """
        return await self._ask(wire.accounts.get_account_status())

    async def change_country(self, country: str) -> None:
        """Change the account's country."""
        await self._ask(wire.settings.change_country(country))

    async def change_password(self, old_password: str, new_password: str) -> None:
        """Change the account's password.

        :raises WrongCredentialsError: if the site does not take it.
        """
        await self._ask(wire.settings.change_password(old_password, new_password))

    async def change_email(self, new_email: str, password: str) -> None:
        """Change the account's e-mail address, which then has to be confirmed.

        :param password: the account's own, which the site asks for.
        :raises WrongCredentialsError: if the site does not take it.
        """
        await self._ask(wire.settings.change_email(new_email, password))

    async def change_email_subscription(
        self, activities: bool = False, teacher_tips: bool = False
    ) -> None:
        """Choose which e-mails to get.

        :param activities: ideas for using Scratch at home.
        :param teacher_tips: updates for using Scratch in educational settings.
        """
        request = wire.settings.change_subscription(
            activities=activities, teacher_tips=teacher_tips
        )
        await self._ask(request)

    async def is_valid_username(self, username: str) -> bool:
        """Tell whether an account could be made with a name."""
        return await self._ask(wire.settings.check_username(check_username(username)))

    async def check_password(self, password: str) -> bool:
        """Tell whether a password is the account's own.

        :raises NotLoggedInError: if nobody is logged in.
        """
        return await self._ask(wire.settings.check_password(password))

    async def logout(self) -> None:
        """Log out of the site.

        :raises NotLoggedInError: if nobody is logged in.
        """
        await self._ask(wire.accounts.log_out())
        self._site.account.forget()
