"""Alerts as JSON to a URL. What the receiver does with them does not belong here."""

from dataclasses import asdict, dataclass

import httpx

from fo_platform.errors import NotifyError
from fo_platform.notify._base import TIMEOUT_SECONDS, Notice, Secret
from fo_platform.settings import WebhookChannel

REMEDY = "Check the channel's URL and its receiver; it is tried again."


@dataclass(frozen=True)
class Webhook:
    """A receiver at a secret URL."""

    binding: WebhookChannel
    secret: Secret

    def send(self, notice: Notice) -> None:
        """POST of the notice's fields; only an answer of success counts. The URL is told to nobody."""
        headers = {"Idempotency-Key": notice.message_id}
        try:
            with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client:
                answer = client.post(self.secret(self.binding.url_env), json=asdict(notice), headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise NotifyError(f"The webhook could not be reached ({type(fault).__name__}).", REMEDY) from None
        if not answer.is_success:
            raise NotifyError(f"The webhook answered {answer.status_code}.", REMEDY)


CHANNEL = Webhook
