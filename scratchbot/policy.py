"""How patiently a handler's runs are made."""

from dataclasses import dataclass

from scratchbot.errors import RegistrationError


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What an author says of a handler's runs.

    :param retries: how often more a run is tried that failed by the handler's own fault; while
        the site is down or the account is muted, it is tried on without counting.
    :param timeout: seconds that one attempt may take.
    :param concurrency: how many events of one source are handled at once; with 1 they come in
        order.
    """

    retries: int = 3
    timeout: float = 120.0
    concurrency: int = 1

    def __post_init__(self) -> None:
        if self.retries < 0:
            raise RegistrationError(f"retries={self.retries!r}: give 0 or more")
        if not self.timeout > 0:
            raise RegistrationError(f"timeout={self.timeout!r}: give seconds above 0")
        if self.concurrency < 1:
            raise RegistrationError(f"concurrency={self.concurrency!r}: give 1 or more")


DEFAULT = Policy()
