"""Alerts by e-mail. Whom to write to belongs to the environment."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

from fo_platform.errors import NotifyError
from fo_platform.notify._base import TIMEOUT_SECONDS, Notice, Secret
from fo_platform.settings import EmailChannel


@dataclass(frozen=True)
class Email:
    """A mail server; user and password are secrets that never show."""

    binding: EmailChannel
    secret: Secret

    def send(self, notice: Notice) -> None:
        """One message to all recipients; its Message-ID is the notice's, so a second copy can be dropped."""
        bound = self.binding
        try:
            with smtplib.SMTP(bound.host, bound.port, timeout=TIMEOUT_SECONDS) as server:
                self._enter(server)
                server.send_message(self._message(notice))
        except (OSError, smtplib.SMTPException) as fault:
            remedy = "Check the channel in the environment's file; it is tried again."
            raise NotifyError(f"{bound.host} did not take the message ({type(fault).__name__}).", remedy) from fault

    def _enter(self, server: smtplib.SMTP) -> None:
        """Encrypt and log in, where the binding says so."""
        if self.binding.starttls:
            server.starttls(context=ssl.create_default_context())
        if self.binding.user_env and self.binding.password_env:
            server.login(self.secret(self.binding.user_env), self.secret(self.binding.password_env))

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = notice.subject
        message["From"], message["To"] = self.binding.sender, ", ".join(self.binding.recipients)
        message["Message-ID"] = f"<{notice.message_id}@{self.binding.sender.rpartition('@')[2]}>"
        message.set_content(notice.message)
        return message


CHANNEL = Email
