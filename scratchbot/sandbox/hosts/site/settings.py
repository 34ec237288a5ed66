"""What people change about their accounts."""

from typing import Any

from aiohttp import web

from scratchbot.sandbox.hosts.context import Route, body, context, form, html, old_site_login, said
from scratchbot.sandbox.render.html import page, text
from scratchbot.sandbox.rules import RefusedError
from scratchbot.sandbox.world import User


async def _asked(request: web.Request) -> tuple[User, dict[str, Any]]:
    asked = await form(request)
    return old_site_login(request, asked.get("csrfmiddlewaretoken")), asked


def _go(path: str) -> web.Response:
    return web.Response(status=302, headers={"Location": f"https://scratch.mit.edu{path}"})


async def change_settings(request: web.Request) -> web.Response:
    """Change the country."""
    user, asked = await _asked(request)
    if "country" in asked:
        context(request).acts.change_account(user.username, country=said(asked["country"]))
    return html(page("Account Settings", "<p>Your settings have been saved.</p>"))


async def change_password(request: web.Request) -> web.Response:
    """Change the password; a refusal shows the form again."""
    user, asked = await _asked(request)
    old, new = str(asked.get("old_password", "")), str(asked.get("new_password1", ""))
    if new != asked.get("new_password2"):
        return html(page("Change Password", "<p>The two passwords differ.</p>"))
    try:
        context(request).acts.change_password(user.username, old, new)
    except RefusedError as refused:
        return html(page("Change Password", f"<p>{text(refused)}</p>"))
    return _go("/accounts/password_change/done/")


async def password_changed(_: web.Request) -> web.Response:
    """Tell that the password was changed."""
    return html(page("Change Password", "<p>Your password has been changed.</p>"))


async def email_form(request: web.Request) -> web.Response:
    """Show the account's e-mail address."""
    user = old_site_login(request, request.cookies.get("scratchcsrftoken"))
    label = "Current Email Address" if user.email_confirmed else "New Email Address"
    shown = f'<div><span class="label">{label}</span> {text(user.email)}</div>'
    return html(page("Change Email", shown))


async def change_email(request: web.Request) -> web.Response:
    """Change the e-mail address, which has to be confirmed anew."""
    user, asked = await _asked(request)
    if asked.get("password") != user.password:
        return html(page("Change Email", "<p>The password is wrong.</p>"))
    email = str(asked.get("email_address", ""))
    if email != user.email:
        context(request).acts.change_account(user.username, email=email)
    return _go("/accounts/email_change/")


async def change_subscription(request: web.Request) -> web.Response:
    """Choose which e-mails to get."""
    user, asked = await _asked(request)
    chosen = [name for name in ("activities", "teacher_tips") if asked.get(name) == "on"]
    context(request).acts.change_account(user.username, subscriptions=chosen)
    return html(page("Email Settings", "<p>Your settings have been saved.</p>"))


async def reset_password(request: web.Request) -> web.Response:
    """Say that an e-mail is under way, whoever asks for whatever account."""
    await form(request)
    return _go("/accounts/password_reset/done/")


async def password_reset(_: web.Request) -> web.Response:
    """Tell that an e-mail is under way."""
    return html(page("Reset Password", "<p>Look into your e-mails.</p>"))


async def delete_account(request: web.Request) -> web.Response:
    """Begin to delete an account: it is logged out, and a new log-in takes it back."""
    user, asked = await _asked(request)
    if asked.get("password") != user.password:
        return web.json_response({"success": False, "errors": ["The password is wrong."]})
    context(request).acts.leave(user.username)
    context(request).sessions.close_all(user)
    return web.json_response({"success": True})


async def set_cue(request: web.Request) -> web.Response:
    """Put a banner of the site away, or have it shown again."""
    user, asked = old_site_login(request), await body(request)
    acts = context(request).acts
    acts.set_cue(user.username, said(asked.get("cue")), shown=asked.get("value") is True)
    return web.json_response({"success": True})


async def become_scratcher(request: web.Request) -> web.Response:
    """Accept the invitation to become a Scratcher."""
    user = old_site_login(request, request.cookies.get("scratchcsrftoken"))
    context(request).acts.become_scratcher(user.username)
    return _go(f"/users/{user.username}/")


ROUTES: list[Route] = [
    ("POST", "/accounts/settings", change_settings),
    ("POST", "/accounts/settings/update_subscription", change_subscription),
    ("POST", "/accounts/settings/delete_account", delete_account),
    ("POST", "/accounts/password_change", change_password),
    ("GET", "/accounts/password_change/done", password_changed),
    ("GET", "/accounts/email_change", email_form),
    ("POST", "/accounts/email_change", change_email),
    ("POST", "/accounts/password_reset", reset_password),
    ("GET", "/accounts/password_reset/done", password_reset),
    ("POST", "/site-api/users/set-template-cue", set_cue),
    ("GET", "/users/{username}/promote-to-scratcher", become_scratcher),
]
