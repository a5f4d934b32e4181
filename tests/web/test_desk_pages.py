"""The pages of the desk, as a browser without JavaScript would see them."""

from __future__ import annotations

from typing import Any

from newsroom import PIER


def test_a_pasted_text_leads_to_its_answer(reader: Any) -> None:
    sent = reader.post("/check", data={"text": "\n\n".join(PIER[:2])})
    assert sent.status_code == 303
    page = reader.get(sent.headers["location"])
    assert page.status_code == 200
    assert "100 % of this article runs elsewhere too" in page.text


def test_a_form_field_of_a_megabyte_and_a_half_is_taken(reader: Any) -> None:
    text = "Words that stand nowhere else, repeated for length. " * 30_000
    for sent in (
        reader.post("/check", data={"text": text}),
        reader.post("/check", data={"text": text}, files={"none": ("", b"")}),
    ):
        assert sent.status_code == 303, sent.text
