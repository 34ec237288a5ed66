"""The plugin: databases that projects use by cloud requests."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from scratchbot.aio.store import AsyncStore
from scratchbot.commands import NUMBER, TEXT, WHOLE_NUMBER, Argument, Command
from scratchbot.events import CloudRequestEvent
from scratchbot.policy import Policy
from scratchbot.watch import Cloud
from scratchbot_cloud_requests import CloudRequests
from scratchbot_cloud_requests.call import RequestCall
from scratchbot_cloud_requests.wire import SEPARATOR
from scratchbot_cloud_storage.database import Database

RUNNING = "Database backend is running"

_DATABASE = Argument("database", TEXT, required=True)
_KEY = Argument("key", TEXT, required=True)


@dataclass(frozen=True)
class Settings:
    """The table ``[plugins.cloud-storage]``.

    :param databases: the names of the databases that there are.
    """

    databases: list[str] = field(default_factory=lambda: ["storage"])


class CloudStorage(CloudRequests):
    """Keeps values for projects that use scratchattach's sprites for cloud storage or requests.

    It takes handlers of one's own for other requests, as :class:`CloudRequests` does.

    :param clouds: the projects to serve; without any, all whose cloud variables the bot watches.
    :param databases: the names of the databases; without any, those that the settings name.
    """

    def __init__(
        self, *clouds: Cloud, databases: Collection[str] = (), name: str = "cloud-storage"
    ) -> None:
        super().__init__(*clouds, name=name, config=Settings)
        self._databases = tuple(databases)
        self._add(
            self.serve,
            "cloud.request",
            {},
            Policy(),
            calls=lambda _: RequestCall(_COMMANDS, self.answer),
        )

    async def serve(
        self,
        event: CloudRequestEvent,
        store: AsyncStore,
        config: Settings,
        *,
        database: str = "",
        key: str = "",
        value: str = "",
        score: float = 0.0,
        count: int = 10,
    ) -> str | list[str]:
        """Do what a project asks for."""
        names = self._databases or tuple(config.databases)
        if event.request == "ping":
            return RUNNING
        if event.request == "database_names":
            return list(names)
        if database not in names:
            return f"Error: Database {database} doesn't exist"
        kept = Database(database, await store.get(f"database:{database}", {}))
        match event.request:
            case "get":
                return kept.get(key)
            case "keys":
                return list(kept.values)
            case "top":
                return kept.top(count)
            case "submit":
                answer = kept.submit(key, score)
            case _:
                answer = kept.set(key, value)
        await store.set(f"database:{database}", kept.values)
        return answer

    def _lane(self, cloud: str) -> str:
        """Return one source for all clouds: what they write is written one after the other."""
        return self.name


def _command(name: str, *arguments: Argument) -> Command:
    return Command(name, arguments, SEPARATOR)


_COMMANDS: Mapping[str, Command] = {
    command.word: command
    for command in (
        _command("ping"),
        _command("database_names"),
        _command("keys", _DATABASE),
        _command("get", _DATABASE, _KEY),
        _command("set", _DATABASE, _KEY, Argument("value", TEXT, required=True, rest=True)),
        _command("submit", _DATABASE, _KEY, Argument("score", NUMBER, required=True)),
        _command("top", _DATABASE, Argument("count", WHOLE_NUMBER, required=False)),
    )
}
"""What projects may ask for; scratchattach's sprite for storage knows the first five."""
