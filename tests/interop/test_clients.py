"""Clients that we did not write, as their registry ships them, meet the sandbox and a bot."""

import pytest

from tests.interop.conftest import HERE, answer, bot, client, sandbox

pytestmark = [pytest.mark.asyncio, pytest.mark.interop]


@pytest.mark.parametrize("name", ["scratchclient", "scratchattach", "scapi"])
async def test_a_client_comments_loves_follows_and_reads_the_bot_s_answers(name: str) -> None:
    async with sandbox() as port, bot("answering", port):
        driver = HERE / "clients" / f"{name}_visit.py"
        seen = await answer(client(name), driver, SANDBOX_PORT=port)
    said = f"Hello, @alice! You came from {name}"
    assert seen["username"] == "alice"
    assert seen["loves"] == 13
    for place in ("project", "studio", "profile"):
        assert [text.endswith(said) for text in seen[place]] == [True], seen
