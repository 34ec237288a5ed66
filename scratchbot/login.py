"""How an account logs in, and stays logged in when the site drops its session or CSRF token."""

import secrets
from dataclasses import replace
from typing import Any, TypeVar

from scratchbot.clock import Clock
from scratchbot.errors import BlockedError, NotLoggedInError, WrongCredentialsError
from scratchbot.redaction import Secrets
from scratchbot.settings import Credentials
from scratchbot.singleflight import SingleFlight
from scratchbot.site import Account
from scratchbot.transport import Transport
from scratchbot.wire import accounts, users
from scratchbot.wire.request import Answer, Request

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 60.0, 3600.0
"""Seconds between two tries of a log-in that the site has refused twice in a row, and more often.
"""
TRUSTED_SECONDS = 10.0
"""How long a refused read does not doubt a session again that the site said is alive."""


class Login:
    """Sends an account's requests, logged in where they need it."""

    def __init__(self, credentials: Credentials, transport: Transport, clock: Clock) -> None:
        held = accounts.session_contents(credentials.session_id or "")
        self.account = Account(csrf_token=secrets.token_hex(16))
        if credentials.given:
            self.account.username = credentials.username or held.username
        self._credentials = credentials
        self._transport = transport
        self._clock = clock
        self._trusted_until = clock.monotonic()
        self._refused = ""
        self._refusals = 0
        self._refused_until = clock.monotonic()
        self._secrets = Secrets()
        self._secrets.add(self.account.csrf_token, credentials.password, credentials.token)
        self._secrets.add((credentials.session_id or "").strip('"'), held.token)
        self._log_in = SingleFlight(self._log_in_now)
        self._check = SingleFlight(self._check_now)
        self._renew_csrf = SingleFlight(self._renew_csrf_now)

    async def send(self, request: Request[Any]) -> Answer:
        """Send a request and return its answer, whatever its status.

        A refusal changes nothing on the site, so what was refused for want of a session or a CSRF
        token is sent again, once, with a new one.

        :raises NotLoggedInError: if there is nothing to log in with, or the site drops the new
            session too.
        :raises BlockedError: if the account may do nothing.
        """
        if not request.login:
            return await self._send(request)
        await self.require(request.about)
        answer, is_session_over = await self._try(request)
        if is_session_over:
            await self.require(request.about)
            answer, is_session_over = await self._try(request)
        if is_session_over:
            raise NotLoggedInError(
                f"{request.about}: the site ended the session twice in a row; try again later"
            )
        return answer

    async def require(self, about: str) -> None:
        """Log in, unless that is done already.

        :param about: what needs it, in words for an error message.
        :raises NotLoggedInError: if there is nothing to log in with, or the log-in is over.
        :raises WrongCredentialsError: if the site refuses the credentials.
        """
        if self.account.logged_in:
            return
        if self.account.over:
            raise NotLoggedInError(
                f"{about}: the session has ended, by logging out here or elsewhere; log in again "
                "with the password, or in a browser and give the new session id"
            )
        if not self._credentials.given:
            raise NotLoggedInError(
                f"{about}: this needs a log-in; give a user name and a password, "
                "or a session id (SCRATCHBOT_USERNAME and SCRATCHBOT_PASSWORD for a bot)"
            )
        await self._log_in()

    async def log_in(self) -> None:
        """Log in with the credentials, if there are any, and learn whose account it is.

        :raises WrongCredentialsError: if the site refuses them.
        :raises SiteDownError: if the site does not answer.
        """
        if self._credentials.given:
            await self._log_in()

    async def doubt(self) -> None:
        """Ask the site whether the session is alive; if not, log in again.

        :raises BlockedError: if it is, and the account may do nothing all the same.
        """
        await self._check()

    async def close(self) -> None:
        """Break off what is under way."""
        for flight in (self._check, self._log_in, self._renew_csrf):
            await flight.close()

    async def _send(self, request: Request[Any]) -> Answer:
        csrf_token = self.account.csrf_token
        answer = await self._transport.send(request, self.account)
        if accounts.is_csrf_refusal(answer):
            if self.account.csrf_token == csrf_token:
                await self._renew_csrf()
            answer = await self._transport.send(request, self.account)
        return answer

    async def _ask(self, request: Request[T]) -> T:
        return request.result(await self._send(request))

    async def _try(self, request: Request[Any]) -> tuple[Answer, bool]:
        """Send a request; tell whether it was refused because its session is over."""
        session_id = self.account.session_id
        answer = await self._send(request)
        if answer.status not in (401, 403) or session_id is None:
            return answer, False  # Of a token alone, /session/ knows nothing.
        is_trusted = request.act is None and self._clock.monotonic() < self._trusted_until
        if session_id == self.account.session_id and not is_trusted:
            await self._check()
        return answer, session_id != self.account.session_id

    async def _check_now(self) -> None:
        """Ask the site whether the session is alive; if not, log in again.

        :raises BlockedError: if it is, and the account may do nothing all the same.
        """
        status = await self._ask(accounts.session_status())
        if status is not None:
            if status.blocks:
                raise BlockedError(
                    f"the site lets this account do nothing ({', '.join(status.blocks)}): "
                    "log in in a browser and see what it wants"
                )
            self._trusted_until = self._clock.monotonic() + TRUSTED_SECONDS
            return
        can_log_in = bool(self._credentials.password)
        self.account.drop(over=not can_log_in)
        if can_log_in:
            await self._log_in()

    async def _renew_csrf_now(self) -> None:
        self.account.csrf_token = await self._ask(accounts.csrf_token())
        self._secrets.add(self.account.csrf_token)

    async def _log_in_now(self) -> None:
        self.account.over = False
        if self._clock.monotonic() < self._refused_until:
            raise WrongCredentialsError(self._refused)
        try:
            if self._credentials.password:
                await self._log_in_with_password()
            else:
                await self._log_in_with_session()
        except WrongCredentialsError as error:
            self._learn_refusal(error)
            raise
        self._refusals = 0
        if self.account.username:
            self.account.user = await self._ask(users.get_user(self.account.username))
            self.account.username = self.account.user.username

    def _learn_refusal(self, error: WrongCredentialsError) -> None:
        """Leave the site alone from the second refusal in a row on, longer each time."""
        self._refused, self._refusals = str(error), self._refusals + 1
        if self._refusals > 1:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._refusals - 2, 20))
            self._refused_until = self._clock.monotonic() + pause

    async def _log_in_with_password(self) -> None:
        username, password = self._credentials.username, self._credentials.password
        if not username or not password:
            raise WrongCredentialsError("a password needs a user name too: give both")
        self._learn(await self._ask(accounts.log_in(username, password)))

    async def _log_in_with_session(self) -> None:
        session_id = (self._credentials.session_id or "").strip('"')
        if session_id:
            held, question = accounts.session_contents(session_id), accounts.session_status()
            tried = replace(self.account, session_id=session_id, token=held.token)
            status = question.result(await self._transport.send(question, tried))
            if status is None:
                raise WrongCredentialsError(
                    "the site does not know this session id (any more): "
                    "run `scratchbot login`, or copy a new one from a browser"
                )
            self._learn(held)
            self._learn(status)
        self.account.username = self.account.username or self._credentials.username
        self.account.token = self.account.token or self._credentials.token

    def _learn(self, login: accounts.Login) -> None:
        self._secrets.add(login.session_id, login.token)
        account = self.account
        account.username = login.username or account.username
        account.user_id = login.user_id or account.user_id
        account.session_id = login.session_id or account.session_id
        account.token = login.token or account.token
