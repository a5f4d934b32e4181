"""The sentence about an article claims no more than is known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dedup.report.sentence import Said, counts, sentence
from dedup.results import Credit, Supplier

HERALD = ("Herald", datetime(2024, 3, 1, 8))


def supplier(name: str | None = "AP", words: int = 200, share: float = 0.5, **more: Any) -> Supplier:
    return Supplier(
        **{"name": name, "kind": "agency", "words": words, "share": share, "state": "not_found", **more}
    )


def credit(name: str | None, text: str, **more: Any) -> Credit:
    kind, form, state = ("agency", "byline", "credited")
    given = {
        "name": name,
        "kind": kind,
        "form": form,
        "state": state,
        "vouches": "whole",
        "start": 0,
        "end": 9,
    }
    return Credit(**{**given, "text": text, **more})


def said(*suppliers: Supplier, own: tuple[Credit, ...] = (), **more: Any) -> str | None:
    given = {"words": 400, "copied": 0.5, "passages": 2, "others": 3, "first": HERALD, "first_here": False}
    return sentence(Said(suppliers=suppliers, credits=own, **{**given, **more}))


def test_a_credit_that_was_not_found_is_not_called_missing() -> None:
    told = said(supplier()) or ""
    assert told.endswith("No AP credit was found.")
    assert "missing" not in told


def test_a_credit_is_shown_with_its_words() -> None:
    told = said(supplier(state="credited"), own=(credit("AP", "By Al Bo,\n Associated Press"),)) or ""
    assert told.endswith("AP is credited: “By Al Bo, Associated Press”.")
    part = credit("AP", "The AP contributed", form="contribution", vouches="part")
    assert "credited for a part" in (said(supplier(state="credited"), own=(part,)) or "")


def test_a_mention_is_called_one() -> None:
    own = (credit("AP", "Associated Press", form="mention", state="named", vouches=None),)
    assert (said(supplier(state="named"), own=own) or "").endswith(
        "AP is named, but not as a credit: “Associated Press”."
    )


def test_little_of_a_supplier_is_no_matter_of_credit() -> None:
    little = supplier(words=30, share=0.075)
    assert not counts(little)
    told = said(little) or ""
    assert "8 % of it is AP's." in told
    assert "credit" not in told
    assert counts(supplier(words=25, share=0.1))
    assert counts(supplier(words=60, share=0.01))


def test_who_credits_one_agency_is_not_accused_of_hiding_another() -> None:
    told = said(supplier("PTI", state="credited"), supplier("Reuters"), own=(credit("PTI", "(PTI)"),)) or ""
    assert told.endswith("PTI is credited: “(PTI)”. Another article credits Reuters.")


def test_nobody_is_called_first_without_certainty() -> None:
    assert "who was first is not certain" in (said(first=None) or "")
    assert "first in this collection here, 2024-03-01 08:00" in (said(first_here=True) or "")


def test_nearly_nothing_copied_is_nothing_said() -> None:
    assert said(supplier(), words=100, copied=0.2) is None
