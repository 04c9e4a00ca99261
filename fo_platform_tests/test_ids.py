"""Identifiers that are minted."""

from fo_platform import ids


def test_no_two_lists_of_parts_share_a_digest() -> None:
    assert ids.digest("ab", "c") != ids.digest("a", "bc")


def test_an_order_id_is_the_same_for_the_same_parts_and_fits_its_field() -> None:
    made = ids.client_order_id("digest", "trust_ib", "AAPL", "BUY", "1")
    assert made == ids.client_order_id("digest", "trust_ib", "AAPL", "BUY", "1")
    assert len(made) == 20


def test_a_random_id_is_new_each_time() -> None:
    assert ids.random_id() != ids.random_id()
