"""The pages of the desk, as a browser without JavaScript would see them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from newsroom import PAGES, PIER

from dedup.web.keys import key_of


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


def test_every_word_of_the_pages_is_a_word(reader: Any) -> None:
    for path in PAGES:
        text = reader.get(path).text
        assert " object at 0x" not in text, path
        assert "built-in" not in text, path


def test_a_page_tells_all_times_in_the_zone_of_the_desk(open_desk: Any, options: Any) -> None:
    desk = open_desk(options, timezone=ZoneInfo("Asia/Karachi"))
    sent = desk.post("/check", data={"text": "\n\n".join(PIER[:2])})
    for path in (sent.headers["location"], f"/article/{key_of('hp-pier')}"):
        text = desk.get(path).text
        assert "2024-05-02 11:00" in text
        # Nor in the sentences that the script draws from.
        assert ", 2024-05-02 06:00" not in text


def test_the_furniture_of_an_outlet_is_listed(desk: Any) -> None:
    share = "Share this article on Facebook and Twitter"
    for number, text in enumerate(PIER):
        body = f"{text}\n\n{share}\n\nRead more"
        record = {"source": "Bay & Sons", "published": "2024-05-03", "text": body}
        desk.put(f"/api/articles/f{number}", json=record)
    page = desk.get("/furniture", params={"when": "all"}).text
    row = page[page.index("Bay &amp; Sons") :]
    assert share.split(" on ")[0] in row
    assert ">4<" in row
    assert "/furniture" in desk.get("/outlets").text
