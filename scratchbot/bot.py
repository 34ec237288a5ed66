"""The bot: what an author's program makes."""

from scratchbot.errors import RegistrationError
from scratchbot.plugins import Plugin, load_plugin
from scratchbot.router import Router


class Bot(Router):
    """A bot: handlers, schedules and watches of its own and of the plugins it includes.

    :param name: letters, digits, ``-`` and ``_``; the bot's handlers are recorded under it.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._plugins: dict[str, Plugin] = {}

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """The plugins that are included."""
        return tuple(self._plugins.values())

    @property
    def routers(self) -> tuple[Router, ...]:
        """The bot itself and its plugins."""
        return (self, *self.plugins)

    def include(self, plugin: Plugin) -> None:
        """Let a plugin's handlers take part.

        :raises RegistrationError: if its name is taken.
        """
        if plugin.name in {router.name for router in self.routers}:
            raise RegistrationError(f"there is a plugin or bot called {plugin.name!r} already")
        self._plugins[plugin.name] = plugin

    def load(self, name: str) -> None:
        """Include an installed plugin.

        :raises AppError: if there is none of this name.
        """
        self.include(load_plugin(name))

    def run(self) -> None:
        """Run the bot until it is stopped, with the settings of the file and the environment.

        The same as ``scratchbot run`` on the file that makes the bot.
        """
        from scratchbot.runtime.launch import launch

        raise SystemExit(launch(self))
