"""Embedded posts are quotations, page script is furniture, and prose with the same signs is neither."""

from __future__ import annotations

import pytest

from dedup.cleaning.embedded import mark_embedded, posts, scripts
from dedup.text.flags import FURNITURE, QUOTED
from dedup.text.tokens import tokenise

POST = "The orchard gate is open again, bring baskets and boots, and mind the geese by the pond!"


@pytest.mark.parametrize(
    "date", ["July 16, 2018", "16 July 2018", "16. Juli 2018", "16 de julio de 2018", "Jul. 16, 2018"]
)
@pytest.mark.parametrize("parted", ["\n\n", "\n", " ", ""])
@pytest.mark.parametrize("dash", ["— ", "– ", "- "])
def test_a_post_is_found_with_its_signature(date: str, parted: str, dash: str) -> None:
    signed = f"{POST}{parted}{dash}Ann Doe (@anndoe) {date}"
    text = f"The growers wrote on Monday:\n{signed}\nThe union met in Dunmore."
    assert [text[start:end] for start, end in posts(text)] == [signed]


def test_two_posts_in_one_line_are_two() -> None:
    one, two = f"{POST} — Ann (@ann) May 1, 2020", f"{POST} — Bob (@bob) May 2, 2020"
    text = f"{one} {two} He left."
    assert [text[start:end].strip() for start, end in posts(text)] == [one, two]


def test_a_long_text_before_a_signature_is_no_post() -> None:
    text = f"{'The council met for long. ' * 80}{POST} — Ann Doe (@anndoe) May 1, 2020"
    ((start, end),) = posts(text)
    assert end - start <= 500
    assert text[start:end].strip().endswith(f"{POST} — Ann Doe (@anndoe) May 1, 2020")


@pytest.mark.parametrize(
    "text",
    [
        "He wrote as “Pomona” (@pomona). The account is gone.",
        "Write to Ann Doe (@anndoe) before May 1, 2020.",
        "a@b.example, 1 May 2020",
    ],
)
def test_a_handle_alone_is_no_post(text: str) -> None:
    assert list(posts(text)) == []


@pytest.mark.parametrize(
    "script",
    [
        "window._list = window._list || []; _list.push({ mode: 'tiles', place: 'below' });",
        "var s = document.createElement('script'); s.async = true; document.body.appendChild(s);",
        "(function(d, s, id) { var js = d.getElementById(id); if (js) return; }(document, 'script', 'x'));",
        'ad_client = "pub-12"; ad_width = 468; ad_height = 60;',
        ".frame {position: relative; height: 0; overflow: hidden;}",
        "$(function() { $('#gallery').slick({ dots: true, speed: 300 }); });",
    ],
)
def test_script_is_furniture_and_the_lines_beside_it_are_not(script: str) -> None:
    text = f"The union met in Dunmore.\n{script}\nIt will meet again in May."
    flags = mark_embedded([text], tokenise([text])).flags
    words = len(tokenise([script]).hashes)
    marked = flags & FURNITURE != 0
    assert not marked[:5].any()
    assert not marked[-6:].any()
    assert marked[5:-6].sum() >= words - 2


@pytest.mark.parametrize(
    "text",
    [
        "The set {1, 2, 3} has three members; the teacher wrote x = 3 on the board.",
        "Dunmore beat Pell 3-1 (Doe 12; Roe 44; Poe 80) = first place.",
        "He said: {sic} I did not; and she said so too.",
    ],
)
def test_prose_with_signs_is_no_script(text: str) -> None:
    assert list(scripts(text)) == []


def test_marks_fall_on_the_article_they_belong_to() -> None:
    texts = ["Ein Öl–Händler.", f"{POST} — Ann Doe (@anndoe) May 1, 2020", "a = 1"]
    tokens = mark_embedded(texts, tokenise(texts))
    quoted = [
        (tokens.flags[a:b] & QUOTED != 0).all()
        for a, b in zip(tokens.offsets, tokens.offsets[1:], strict=False)
    ]
    assert quoted == [False, True, False]


POST = "The long bridge is open again, and the crews have our thanks for two nights without sleep!"


@pytest.mark.parametrize(
    "text",
    [
        f"{POST}\n\nA post shared by Ann Doe (@ann.doe) on Mar 5, 2024 at 9:14am PST",
        f"{POST}\nA post shared by Ann Doe (@anndoe)",
        f"{POST}\nEin Beitrag geteilt von Ann Doe (@anndoe)",
        f"Ann Doe @anndoe · Mar 5\n{POST}",
        f"Ann Doe\n@anndoe\n{POST}\n9:14 AM · Mar 5, 2024 · Web App",
    ],
)
def test_a_post_is_known_by_what_is_above_or_below_it(text: str) -> None:
    whole = f"The council met on Monday.\n\n{text}\n\nIt will meet again."
    found = [whole[start:end] for start, end in posts(whole)]
    assert len(found) == 1
    assert POST in found[0]
    assert "council" not in found[0]
    assert "again." not in found[0]


def test_the_handle_of_a_reporter_heads_no_post() -> None:
    assert list(posts(f"By Ann Doe @anndoe\n{POST}\n\nIt will meet again.")) == []
    assert list(posts(f"Ann Doe\n@anndoe\n{POST}\n\nIt will meet again.")) == []
