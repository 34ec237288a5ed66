"""The bot: what an author's program makes."""

from contextvars import ContextVar

from scratchbot.commands import Command, check_word
from scratchbot.errors import RegistrationError
from scratchbot.handlers import Handler
from scratchbot.help import help_handler
from scratchbot.places import line_of, placed
from scratchbot.plugins import Plugin, load_plugin
from scratchbot.router import Router

loading: ContextVar[bool] = ContextVar("loading", default=False)
"""Whether a command loads the program, and will itself do something with the bot."""


class Bot(Router):
    """A bot: handlers, schedules and watches of its own and of the plugins it includes.

    :param name: letters, digits, ``-`` and ``_``; the bot's handlers are recorded under it.
    :param help: the command that lists the bot's commands, if it has any; ``None`` for none.
    """

    def __init__(self, name: str, *, help: str | None = "!help") -> None:
        with placed():
            super().__init__(name)
            self._help_word = None if help is None else check_word(help)
        self._plugins: dict[str, Plugin] = {}
        self._help: Handler | None = None

    @property
    def handlers(self) -> tuple[Handler, ...]:
        """The bot's own handlers, in the order they were registered, with the one for help."""
        own, word = super().handlers, self._help_word
        known = {command.word.lower() for command in self.commands}
        if word is None or not known or word.lower() in known:
            return own
        if self._help is None:
            self._help = help_handler(word, self.name, lambda: self.commands)
        return (*own, self._help)

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands that people can use in comments, the bot's and its plugins'."""
        handlers = [*super().handlers, *(each for one in self.plugins for each in one.handlers)]
        return tuple(handler.command for handler in handlers if handler.command is not None)

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """The plugins that are included."""
        return tuple(self._plugins.values())

    @property
    def routers(self) -> tuple[Router, ...]:
        """The bot itself and its plugins."""
        return (self, *self.plugins)

    def include(self, plugin: Plugin, name: str | None = None) -> None:
        """Let a plugin's handlers take part.

        :param name: another name than the plugin's own, to include it twice: each has its own
            ``[plugins.NAME]``, its own permissions and its own store.
        :raises RegistrationError: if its name, or the name of one of its commands, is taken.
        """
        with placed():
            self._check_loading()
            if not isinstance(plugin, Plugin):
                raise RegistrationError(f"{plugin!r} is no plugin: include a Plugin")
            plugin = plugin if name in (None, plugin.name) else plugin.named(name)
            if plugin.name in {router.name for router in self.routers}:
                raise RegistrationError(
                    f"there is a plugin or bot called {plugin.name!r} already: include it under "
                    "another, with name="
                )
            self._check_commands(plugin)
        self._plugins[plugin.name] = plugin

    def load(self, plugin: str, name: str | None = None) -> None:
        """Include an installed plugin, under the name that its entry point has.

        :param name: another name than that, as for :meth:`include`.
        :raises AppError: if there is none of this name.
        """
        self.include(load_plugin(plugin), name or plugin)

    def run(self) -> None:
        """Run the bot until it is stopped, with the settings of the file and the environment.

        The same as ``scratchbot run`` on the file that makes the bot. While a command loads that
        file, this does nothing: the command says what becomes of the bot.
        """
        if loading.get():
            return
        from scratchbot.runtime.launch import launch

        raise SystemExit(launch(self))

    def check(self) -> None:
        """Refuse what was registered with plugins after they were included, and cannot be.

        :raises RegistrationError: if two commands have one word, or nothing makes a ``state``.
        """
        words = dict[str, str]()
        for router in self.routers:
            for handler in router.handlers:
                if handler.command is not None:
                    other = words.setdefault(handler.command.word.lower(), handler.name)
                    if other != handler.name:
                        raise RegistrationError(
                            f"{handler.command.word!r} is the command of {other} and of "
                            f"{handler.name}: use another word for one",
                            line_of(handler.function),
                        )
                if "state" in handler.parameters.values() and router.resources is None:
                    raise RegistrationError(
                        f"handler {handler.name} asks for 'state', and nothing makes one: "
                        "register a lifespan that yields it",
                        line_of(handler.function),
                    )

    def _check_commands(self, plugin: Plugin) -> None:
        own = {each.command.word.lower() for each in plugin.handlers if each.command is not None}
        for router in self.routers:
            for handler in router._handlers.values():  # without the one for help, which yields
                if handler.command is not None and handler.command.word.lower() in own:
                    raise RegistrationError(
                        f"{plugin.name!r} has a command {handler.command.word!r}, and so has "
                        f"{router.name!r}; a bot can have it once: leave one of them out"
                    )
