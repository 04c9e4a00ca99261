"""Fetching: what a source offers is brought into its inbox. What it is and means belongs to intake and book."""

import logging
import os
from collections.abc import Mapping
from datetime import date

import pandas as pd

from fo_platform.calendars import previous_session
from fo_platform.custodians.transports._base import Limits, Pulled, Transport, pull
from fo_platform.custodians.transports.flex_service import FlexService
from fo_platform.custodians.transports.https import HttpsFiles
from fo_platform.custodians.transports.sftp import SftpFolder
from fo_platform.errors import DataError, FoError, SettingsError
from fo_platform.office import Office
from fo_platform.policy import transports as declared

logger = logging.getLogger(__name__)


def fetch(
    office: Office, source: str, transport: declared.Transport, day: date, environ: Mapping[str, str] = os.environ
) -> Pulled:
    """Bring what a source offers on a day into its inbox; whatever goes wrong is told of and stops nothing else."""
    if transport.kind == "directory":
        return Pulled()
    limits = Limits(transport.deadline_seconds, transport.file_bytes_max, transport.pull_bytes_max)
    try:
        pulled = pull(_bound(office, transport, day, environ), office.settings.inbox / source, limits)
    except FoError as fault:
        pulled = Pulled(faults=[fault])
    except OSError as error:
        remedy = "Make room for it, or mend the rights of its folder."
        pulled = Pulled(faults=[DataError(f"The inbox cannot be written: {error.strerror}.", remedy)])
    for told in pulled.faults:
        logger.warning("%s: %s", source, told)
    logger.info("fetched %d files (%d bytes) of %s, left %d", pulled.fetched, pulled.size, source, pulled.skipped)
    return pulled


def _bound(office: Office, transport: declared.Transport, day: date, environ: Mapping[str, str]) -> Transport:
    """The transport that the office declares, with the secret that it names."""
    match transport:
        case declared.Sftp():
            return SftpFolder(
                host=transport.host,
                port=transport.port,
                user=transport.user,
                key=_secret(environ, transport.key),
                host_key=transport.host_key,
                folder=transport.folder,
                pattern=transport.pattern,
            )
        case declared.Https():
            previous = previous_session(pd.Timestamp(day)).date()
            return HttpsFiles(
                urls=tuple(declared.on_day(url, day, previous) for url in transport.urls),
                token=_token(environ, transport.token) if transport.token else None,
                page_key=transport.page_key,
                page_parameter=transport.page_parameter,
                authority=_path(office, transport.ca),
            )
        case declared.FlexService():
            return FlexService(
                url=transport.url,
                query=transport.query,
                token=_token(environ, transport.token),
                authority=_path(office, transport.ca),
            )
    raise AssertionError(f"nothing fetches by {transport.kind}")


def _path(office: Office, name: str | None) -> str | None:
    """A file that the office names, in its own folder or anywhere."""
    return str(office.settings.office_folder / name) if name else None


def _secret(environ: Mapping[str, str], variable: str) -> str:
    if not environ.get(variable):
        raise SettingsError(f"The variable {variable} is not set.", f"Export {variable} and run again.")
    return environ[variable]


def _token(environ: Mapping[str, str], variable: str) -> str:
    """A secret that stands in a request: one printable word, which the refusal does not show."""
    token = _secret(environ, variable).strip()
    if not (token.isascii() and token.isprintable() and token) or " " in token:
        raise SettingsError(f"The variable {variable} holds no token.", "Export one word of printable characters.")
    return token
