"""The picture of a table as metadata that Dagster's pages show. How tables are drawn belongs to pictures."""

from base64 import b64encode
from datetime import date

import dagster as dg
import pandas as pd

from fo_platform.calendars import add_sessions
from fo_platform.contracts._base import Table, inexact
from fo_platform.office import Office


def picture(contract: type[Table], office: Office, day: date) -> dict[str, dg.MarkdownMetadataValue]:
    """The table's picture up to a day under the name `picture`; nothing for a table without one or without rows."""
    from fo_platform.pictures._picture import picture_of, png  # noqa: PLC0415 - loads for a second: only to draw.

    drawing = picture_of(contract.table_name)
    if drawing is None:
        return {}
    first = add_sessions(pd.Timestamp(day), 1 - drawing.sessions).date()
    rows = office.warehouse.read(contract, office.warehouse.batches(contract.name, first, day))
    if rows.empty:
        return {}
    dated = rows if "business_date" in rows else rows.assign(business_date=pd.Timestamp(day))
    image = b64encode(png(drawing.draw(inexact(dated)))).decode()
    return {"picture": dg.MetadataValue.md(f"![{contract.table_name}](data:image/png;base64,{image})")}
