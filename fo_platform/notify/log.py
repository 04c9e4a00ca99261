"""Alerts as lines of the log: which rule, where and how badly. What is named in a message does not belong in a log."""

import logging
from dataclasses import dataclass

from fo_platform.notify._base import Notice, Secret
from fo_platform.settings import LogChannel

logger = logging.getLogger(__name__)

LEVELS = {"info": logging.INFO, "warn": logging.WARNING, "critical": logging.CRITICAL}


@dataclass(frozen=True)
class Log:
    """The process's log, which has no secret."""

    binding: LogChannel
    secret: Secret

    def send(self, notice: Notice) -> None:
        """One line a notice."""
        logger.log(LEVELS[notice.severity], "alert %s: %s of %s", notice.message_id, notice.rule, notice.scope)


CHANNEL = Log
