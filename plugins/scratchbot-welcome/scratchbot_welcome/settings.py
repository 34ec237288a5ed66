"""The settings of the plugin."""

from dataclasses import dataclass, field

from scratchbot_welcome.texts import LONGEST_NAME, check_texts, listed

LONGEST_PLACE = "this project"
LONGEST_COUNT = 1_000_000_000


@dataclass(frozen=True)
class Settings:
    """The table ``[plugins.welcome]``.

    :param comments: whether somebody's first comment in a place is answered, in its own thread.
    :param curators: whether a new curator of a studio is welcomed by a comment there.
    :param followers: whether new followers are counted, and greeted together by one comment on the
        bot's own profile, at most once a day.
    :param comment_texts: the answers to first comments, used one after the other; ``$name`` stands
        for the person and ``$place`` for ``this project``, ``this studio`` or ``this profile``.
    :param curator_texts: the same for new curators.
    :param follower_texts: the same for new followers; ``$names`` stands for those who are named,
        with how many more there are, and ``$count`` for how many they are in all.
    :param most_names: how many followers one comment names.
    :param most_a_day: how many people are welcomed in one place on one day (UTC); those who come
        after them are not.
    :param look_back: how many of the threads that a place had before the bot came are looked
        through, once, for people who are no newcomers.
    """

    comments: bool = True
    curators: bool = True
    followers: bool = True
    comment_texts: list[str] = field(
        default_factory=lambda: [
            "Hello @$name, and welcome to $place!",
            "Welcome, @$name! Nice to see you in $place.",
            "Hi @$name! Thank you for your first comment in $place.",
        ]
    )
    curator_texts: list[str] = field(
        default_factory=lambda: [
            "Welcome to the curators of $place, @$name!",
            "@$name curates $place now. Welcome!",
        ]
    )
    follower_texts: list[str] = field(
        default_factory=lambda: [
            "Welcome to my new followers: $names!",
            "Thank you for following me, $names!",
        ]
    )
    most_names: int = 3
    most_a_day: int = 50
    look_back: int = 200

    def __post_init__(self) -> None:
        for name, least in (("most_names", 1), ("most_a_day", 1), ("look_back", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is {getattr(self, name)}: give {least} or more")
        person = {"name": LONGEST_NAME, "place": LONGEST_PLACE}
        check_texts("comment_texts", self.comment_texts, person)
        check_texts("curator_texts", self.curator_texts, person)
        names = listed([LONGEST_NAME] * self.most_names, LONGEST_COUNT)
        group = {"names": names, "count": str(LONGEST_COUNT)}
        check_texts("follower_texts", self.follower_texts, group)
