"""Deliveries that once broke a parser are read soundly, and the fuzzer itself finds what is broken."""

from pathlib import Path

import pytest

from fo_platform.custodians.parse import parse
from fo_platform.custodians.records import Parsed
from fo_platform_tests.custodians.test_parser_fuzz import prove_sound
from fo_platform_tests.fuzz import __main__ as fuzz

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.bin"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_delivery_that_was_found_is_read_soundly(path: Path) -> None:
    data, name = path.read_bytes(), path.stem.rsplit("-", 1)[0]
    for feed in (None, name):
        prove_sound(data, parse(data, feed))


def test_the_fuzzer_tells_of_a_parser_that_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes, feed: str | None) -> Parsed:
        raise KeyError(len(data), feed)

    assert fuzz._fault("mt940", b":20:1") == ""
    monkeypatch.setattr(fuzz, "parse", broken)
    assert fuzz._fault("mt940", b":20:1").startswith("KeyError")
