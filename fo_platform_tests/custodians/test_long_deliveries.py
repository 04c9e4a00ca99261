"""Deliveries larger than memory are read like short ones: same records, same totals, only their memory is bounded."""

from pathlib import Path

import pytest

from fo_platform.custodians import _spool, _swift, delivery
from fo_platform.custodians._spool import Overflow
from fo_platform.custodians.delivery import Mapped
from fo_platform.custodians.parse import formats, parse
from fo_platform.custodians.records import Parsed

HERE = Path(__file__).parent
DELIVERIES = [
    path for name in formats() for path in sorted(HERE.glob(f"{name}/*")) if not path.name.endswith(".expected.json")
]
MOVEMENTS = [f":61:2206130613{'DC'[n % 2]}{n},50NTRFREF{n}//B{n}\r\n:86:Rent {n}\r\n" for n in range(400)]
MOVED = sum((n + 0.5) * (1 if n % 2 else -1) for n in range(400))


def read(parsed: Parsed) -> tuple[object, ...]:
    return parsed.document(), list(parsed.each_record()), [s.part for s in parsed.statements], len(parsed.statements)


@pytest.fixture
def no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stays in memory: every block is written as soon as it holds two items, and pieces are short."""
    monkeypatch.setattr(_spool, "ROOM", 0)
    monkeypatch.setattr(_spool, "BLOCK", 2)
    monkeypatch.setattr(delivery, "FORGET_AFTER", 64)
    monkeypatch.setattr(_swift, "PIECE", 256)


@pytest.mark.parametrize("path", DELIVERIES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_without_room_in_memory_is_read_as_its_bytes_are(
    path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    whole = read(parse(path.read_bytes()))
    request.getfixturevalue("no_room")
    assert read(parse(Mapped(path))) == whole


@pytest.mark.usefixtures("no_room")
def test_records_leave_memory_and_come_back(tmp_path: Path) -> None:
    written: list[int] = []
    statement = ":20:S\r\n:25:A1\r\n:28C:1/1\r\n:60F:C220610CHF1000,00\r\n" + "".join(MOVEMENTS)
    path = tmp_path / "long.sta"
    path.write_bytes(f"{statement}:62F:C220613CHF{1000 + MOVED:.2f}\r\n-\r\n".replace(".", ",").encode())
    original = Overflow.write

    def counted(self: Overflow, rows: list[list[object]]) -> tuple[int, int]:
        written.append(len(rows))
        return original(self, rows)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Overflow, "write", counted)
        parsed = parse(Mapped(path))
    assert parsed.verdict == "clean"
    assert sum(written) >= len(MOVEMENTS)
    (found,) = parsed.statements
    assert [record.fields.get("reference") for record in found.records] == [*(f"B{n}" for n in range(400)), None]
    data = path.read_bytes()
    assert all(data[r.offset : r.offset + r.length].startswith((b":61:", b":62F:")) for r in found.records)


def test_a_file_is_given_back_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long"
    path.write_bytes(b"ab\n" * 5_000_000)
    mapped = Mapped(path)
    assert mapped.count(b"\n", 0, len(mapped)) == 5_000_000
    assert mapped.find(b"ba") == -1
    assert mapped.find(b"b", 2) == 4
    assert mapped[3:6] == b"ab\n"
    assert mapped.startswith(b"ab\nab")


@pytest.mark.usefixtures("no_room")
@pytest.mark.parametrize("place", range(50, 140))
def test_what_is_looked_for_is_found_across_slices(place: int, tmp_path: Path) -> None:
    data = b"-" * place + b":62F:" + b"-" * 200
    path = tmp_path / "long"
    path.write_bytes(data)
    mapped = Mapped(path)
    spans = [(0, len(data)), (place, len(data)), (place + 1, len(data)), (0, place + 5), (0, place + 4), (0, 9999)]
    assert [mapped.find(b":62F:", *span) for span in spans] == [data.find(b":62F:", *span) for span in spans]


def test_every_format_has_deliveries_here() -> None:
    assert {path.parent.name for path in DELIVERIES} >= set(formats())
