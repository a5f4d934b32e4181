"""Suppliers of a run, and what an article's own credits say about each."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from dedup.cleaning.credits import Credits, find_credits
from dedup.stories.suppliers import (
    OwnCredit,
    Supplier,
    own_credits,
    state_of,
    supplier_of_source,
    suppliers_of,
)

TEXTS = [
    "PELL BAY (AP) — Rain fell on the harbour town all day long.",
    "Rain fell on the harbour town.\n\nThe Associated Press contributed to this report.",
    "Rain fell on the harbour town, the mayor told Reuters.",
    "Rain fell.\n\n(PTI)",
]


def test_only_a_credit_of_the_whole_lends_to_others() -> None:
    found = suppliers_of(find_credits(pa.array(TEXTS)), np.arange(4, dtype=np.uint32), ["A", "B", "C", "D"])
    assert set(found.each) == {Supplier("AP", "agency"), Supplier("PTI", "agency")}
    assert [bool(row.any()) for row in found.whole] == [True, False, False, True]


def test_an_agencys_own_site_supplies_what_it_runs() -> None:
    credits = find_credits(pa.array(["Rain fell."]))  # noqa: A001
    found = suppliers_of(credits, np.zeros(1, np.uint32), ["reuters.com"])
    assert (found.each, found.whole.tolist()) == ((Supplier("Reuters", "agency"),), [[1]])


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("AP", "AP"),
        ("apnews.com", "AP"),
        ("Reuters ", "Reuters"),
        ("www.cnn.com", "CNN"),
        ("Pell Post", None),
    ],
)
def test_a_source_is_an_agency_by_its_name_or_host(source: str, name: str | None) -> None:
    found = supplier_of_source(source)
    assert (found and found.name) == name


def test_the_states() -> None:
    (own,) = own_credits(find_credits(pa.array([f"{TEXTS[0]} He told Reuters so."])), 0, 1)
    assert state_of(Supplier("AP", "agency"), own) == "credited"
    assert state_of(Supplier("Reuters", "agency"), own) == "named"
    assert state_of(Supplier("PTI", "agency"), own) == "not_found"
    wires = [OwnCredit(None, "feed", "feed", True, 0, 9)]
    assert state_of(Supplier("PTI", "agency"), wires) == "credited"


def test_credits_are_stored_and_come_back() -> None:
    found = find_credits(pa.array([*TEXTS, ""]))
    back = Credits.of(found.stored())
    later = Credits.of(found.stored().slice(2))
    assert own_credits(back, 0, 5) == own_credits(found, 0, 5)
    assert own_credits(later, 0, 3) == own_credits(found, 2, 5)
    whole = Credits.concat([found, found])
    assert own_credits(whole, 5, 10) == own_credits(found, 0, 5)
    assert len(Credits.concat([]).offsets) == 1
