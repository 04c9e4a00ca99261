"""Pages of one statement within a delivery, proved to be one whole or held. How a page is numbered is for formats."""

from fo_platform.custodians._draft import Draft, StatementDraft
from fo_platform.custodians.records import check_parts


def check_pages(draft: Draft, remedy: str) -> None:
    """Hold or refuse statements whose pages, within this file, are not one whole."""
    sets: dict[tuple[str, ...], list[StatementDraft]] = {}
    for statement in draft.statements:
        if statement.part:
            sets.setdefault(statement.part.key, []).append(statement)
    for pages in sets.values():
        verdict, reason, controls = check_parts([page.part for page in pages if page.part])
        pages[-1].controls.extend(controls)
        for page in pages:
            page.complete = verdict == "clean"
        if verdict == "incomplete":
            draft.hold(reason)
        elif verdict == "quarantined":
            draft.fault(pages[-1].offset, reason.rstrip("."), remedy)


def page_label(number: str, *, is_last: bool) -> str:
    """`1/MORE`, `2/LAST`, and `1/ONLY` of a statement in one page; ValueError where the number is none."""
    if not (number.isascii() and number.isdigit() and 0 < int(number[:9]) < 10**6):
        raise ValueError(f"{number[:20]!r} is no page number")
    ordinal = int(number)
    return f"{ordinal}/{'MORE' if not is_last else 'ONLY' if ordinal == 1 else 'LAST'}"
