"""Channel: a way to tell a person something. What is told, and whether it was before, belongs to operations."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from fo_platform.registry import discover
from fo_platform.settings import ChannelBinding, Severity

SEVERITIES: tuple[Severity, ...] = ("info", "warn", "critical")
"""From the least to the worst."""

TIMEOUT_SECONDS = 10.0
"""How long one attempt may take."""


@dataclass(frozen=True)
class Notice:
    """One message. message_id: the same whenever the same thing is told again, so that a receiver can drop it."""

    message_id: str
    rule: str
    scope: str
    severity: Severity
    message: str

    @property
    def subject(self) -> str:
        """One line that says how bad it is, where, and by which rule."""
        return f"[{self.severity}] {self.scope}: {self.rule.replace('_', ' ')}"


class Channel(Protocol):
    """Something that takes notices."""

    def send(self, notice: Notice) -> None:
        """Hand a notice over; NotifyError says why it could not be."""
        ...


Secret = Callable[[str], str]
"""Value of a secret by the name of its variable."""


def open_channel(binding: ChannelBinding, secret: Secret) -> Channel:
    """The channel of a binding: the file of this package that is named after its kind."""
    kind: Callable[[ChannelBinding, Secret], Channel] = discover("fo_platform.notify", "CHANNEL")[binding.kind]  # type: ignore[assignment]
    return kind(binding, secret)
