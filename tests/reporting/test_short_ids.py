"""Ids as people read and type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.reporting.short_ids import LEAST, ShortIds, resolve


@given(st.sets(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12), min_size=1, max_size=12))
def test_a_short_id_is_the_beginning_of_its_own_id_alone_and_leads_back(ids):
    short = ShortIds(ids)
    for each in ids:
        shown = short[each]
        assert each.startswith(shown)
        assert shown == each or len(shown) >= LEAST
        if shown != each:
            assert [other for other in ids if other.startswith(shown)] == [each]
        if "…" not in shown:
            assert resolve(shown, sorted(ids)) == each


def test_an_address_is_its_host_and_its_end():
    url = "https://www.a.example/news/2024/01/05/long-slug-long-slug-long-slug-"
    assert ShortIds([url])[url] == "a.example…ng-slug-"
    assert resolve("a.example…ng-slug-", [url, "https://b.example/other"]) == url


def test_full_ids_stay_as_they_are():
    assert ShortIds(["000_0806", "001_ed37"], full=True)["000_0806"] == "000_0806"


def test_what_is_not_there_and_what_is_not_clear_is_said():
    with pytest.raises(InputError, match="no article among 2 has an id that is or begins with 'x'"):
        resolve("x", ["a1", "a2"])
    with pytest.raises(InputError, match=r"'a' is the beginning of 2 ids \('a1', 'a2'\); give more of it"):
        resolve("a", ["a1", "a2"])
