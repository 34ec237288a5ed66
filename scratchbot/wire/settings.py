"""What an account changes about itself: country, password, e-mail."""

import re
from collections.abc import Mapping

from scratchbot.errors import WrongCredentialsError
from scratchbot.wire.fields import flag, text
from scratchbot.wire.markup import soup
from scratchbot.wire.request import SITE, Act, Answer, Request, nothing
from scratchbot.wire.settling import PARK, REPEAT, Settling

_WENT = (302,)
"""The old site answers a form that it takes by sending on to another page."""


def change_country(country: str) -> Request[None]:
    """``POST /accounts/settings/``."""
    return _change("/accounts/settings/", "country", {"country": country})


def change_password(old: str, new: str) -> Request[None]:
    """``POST /accounts/password_change/``; a refusal shows the form again."""
    form = {"old_password": old, "new_password1": new, "new_password2": new}
    return _change("/accounts/password_change/", "password", form, must_go=True)


def change_email(email: str, password: str) -> Request[None]:
    """``POST /accounts/email_change/``; a refusal shows the form again."""
    form = {"email_address": email, "password": password}
    return _change("/accounts/email_change/", "email", form, must_go=True)


def change_subscription(*, activities: bool, teacher_tips: bool) -> Request[None]:
    """``POST /accounts/settings/update_subscription/``: which e-mails to get."""
    wanted = {"activities": activities, "teacher_tips": teacher_tips}
    form = {name: "on" for name, chosen in wanted.items() if chosen}
    path = "/accounts/settings/update_subscription/"
    return _change(path, "subscription", form, settling=REPEAT)


def _change(
    path: str,
    what: str,
    form: Mapping[str, str],
    *,
    must_go: bool = False,
    settling: Settling = PARK,
) -> Request[None]:
    return Request(
        method="POST",
        host=SITE,
        path=path,
        form=form,
        read=_read_form if must_go else nothing,
        accepts=_WENT,
        about=f"the account's {what}",
        login=True,
        act=Act(permission="account", kind=f"account.{what}", target="account", settling=settling),
    )


def _read_form(answer: Answer) -> None:
    if answer.status in _WENT:
        return
    said = soup(answer).get_text(" ", strip=True)
    told = re.sub(r"\s+", " ", said)[:200]
    raise WrongCredentialsError(f"the site did not take the change: {told!r}; check the password")


def check_password(password: str) -> Request[bool]:
    """``POST /accounts/check_password/``: whether it is the account's own."""
    return Request(
        method="POST",
        host=SITE,
        path="/accounts/check_password/",
        form={"password": password},
        read=lambda answer: flag(answer.row(), "success"),
        about="the account",
        login=True,
    )


def check_username(username: str) -> Request[bool]:
    """``GET /accounts/check_username/{username}/``: whether an account could have the name."""
    return Request(
        method="GET",
        host=SITE,
        path=f"/accounts/check_username/{username}/",
        read=lambda answer: text(answer.row(), "msg") == "valid username",
        about=f"user {username!r}",
    )
