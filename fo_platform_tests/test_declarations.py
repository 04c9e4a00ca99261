"""YAML files: what is refused, and whether the sentence names file, line and remedy."""

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from fo_platform.declarations import Declared, Document, nearest
from fo_platform.errors import PolicyError


class Weight(Declared):
    """A weight that begins some day."""

    target: Decimal
    since: date
    at: time
    is_open: bool


class Weights(Declared):
    """Weights by name."""

    weights: dict[str, Weight]


GOOD = "weights:\n  gold: {target: 0.1, since: 2022-06-14, at: 17:30, is_open: no}\n"


def read(folder: Path, text: str) -> Weights:
    path = folder / "weights.yaml"
    path.write_text(text, encoding="utf-8")
    return Document.read(path, PolicyError).parse(Weights)


def test_numbers_times_and_flags_are_read_from_their_text(tmp_path: Path) -> None:
    weight = read(tmp_path, GOOD).weights["gold"]
    assert weight.target == Decimal("0.1")
    assert weight.since == date(2022, 6, 14)
    assert weight.at == time(17, 30)
    assert weight.is_open is False


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (
            GOOD.replace("target", "taget"),
            2,
            "weights.gold.taget: the key `taget` is not known here; did you mean `target`?",
        ),
        (GOOD.replace("0.1", "a lot"), 2, "weights.gold.target: input should be a valid decimal"),
        (GOOD.replace("0.1", ".nan"), 2, "weights.gold.target"),
        (GOOD.replace("target: 0.1, ", ""), 2, "weights.gold.target: field required"),
        (GOOD + GOOD.splitlines()[1] + "\n", 3, "the key `gold` already stands on line 2"),
        ("weights:\n  gold: [\n", 3, "did not find expected node content"),
        ("weights:\n\n\n  gold: 3\n", 4, "weights.gold"),
        ("- gold\n", 1, "input should be"),
    ],
)
def test_a_fault_names_its_line_and_says_what_is_wrong(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read(tmp_path, text)
    assert f"weights.yaml line {line}: " in caught.value.message
    assert words in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "is empty"), (b"gold: \xff", "not UTF-8"), (b"gold: \x01", "not YAML")]
)
def test_a_file_that_holds_no_declaration_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "weights.yaml"
    path.write_bytes(content)
    with pytest.raises(PolicyError, match=words):
        Document.read(path, PolicyError).parse(Weights)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"weights\.yaml does not exist"):
        Document.read(tmp_path / "weights.yaml", PolicyError)


def test_the_first_fault_by_line_is_told_with_the_number_of_others(tmp_path: Path) -> None:
    text = "weights:\n  gold: {target: x, since: x, at: 17:30, is_open: no}\n"
    with pytest.raises(PolicyError, match=r"line 2: weights\.gold\.target.*\(1 more faults in the file\)"):
        read(tmp_path, text)


def test_a_name_far_from_every_known_one_gets_the_whole_list() -> None:
    assert nearest("zzz", ["b", "a"]) == "known are a, b"
