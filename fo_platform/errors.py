"""The faults of the outside world, each with a code, one sentence and a remedy.

Our own mistakes are assertions and do not belong here.
"""


class FoError(Exception):
    """A fault that a person can act on.

    message: one sentence naming the file, line or key. remedy: what to do next. code: stable, for `--json` errors.
    """

    code = "error"

    def __init__(self, message: str, remedy: str = "") -> None:
        """Keep the sentence and the remedy apart so that each interface can lay them out."""
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        """The sentence followed by the remedy."""
        return f"{self.message} {self.remedy}".strip()


class DataError(FoError):
    """Data from outside, or a table of ours, is not what its contract says."""

    code = "data"


class PolicyError(FoError):
    """The office's declared policy is wrong, incomplete or unsigned."""

    code = "policy"


class BrokerError(FoError):
    """A broker refused definitively."""

    code = "broker"


class BrokerUnreachableError(BrokerError):
    """The outcome of a call to a broker is unknown: query before anything is sent again."""

    code = "broker_unreachable"


class NotifyError(FoError):
    """A notice could not be handed over."""

    code = "notify"


class ApprovalError(FoError):
    """A signature, approval or release is missing, invalid, expired or not by whom it must be."""

    code = "approval"


class LedgerError(FoError):
    """The ledger, the archive or the audit chain does not hold together."""

    code = "ledger"


class SettingsError(FoError):
    """The environment names an office, a binding or a folder that does not exist."""

    code = "settings"
