"""Wordings of credits by kind and language: each is read as a line, and many in a text without line ends."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dedup.cleaning.credits import credits_of

TITLE = "Ice house to shut for eleven months"
PARAGRAPHS = (
    "The harbour council voted on Tuesday night to shut the old ice house for eleven months, and the ninety "
    "stall holders who sell there will move to a tent on the quay until the work is done.",
    "Engineers found cracks in the sea wall beneath the hall during a survey in January, a report says. "
    "A second survey will be made in spring, and the ferry will run as before until then.",
    "The work is expected to cost four million crowns, and the town will pay a third of it next spring.",
    "Traders asked for lower rents while the building is closed; the mayor said she would look into it.",
)

WORDINGS = tomllib.loads(Path(__file__).with_name("credit_wordings.toml").read_text(encoding="utf-8"))


def _pairs(kind: str) -> list[tuple[str | None, str]]:
    return [(None if name == "-" else name, line) for name, lines in WORDINGS[kind].items() for line in lines]


def _credited(text: str) -> set[str | None]:
    return {credit.name for credit in credits_of(text) if credit.state == "credited"}


def _suppliers(text: str) -> set[str | None]:
    return {
        credit.name for credit in credits_of(text) if credit.state == "credited" and credit.kind != "outlet"
    }


@pytest.mark.parametrize(("name", "lead"), _pairs("leads"))
def test_datelines(name: str, lead: str) -> None:
    assert _suppliers("\n".join((TITLE, "", lead + PARAGRAPHS[0], *PARAGRAPHS[1:]))) == {name}


@pytest.mark.parametrize(("name", "line"), _pairs("heads"))
def test_bylines(name: str, line: str) -> None:
    assert name in _suppliers("\n".join((TITLE, line, *PARAGRAPHS)))


@pytest.mark.parametrize(("name", "line"), _pairs("tails"))
def test_lines_below_the_story(name: str | None, line: str) -> None:
    assert name in _suppliers("\n".join((TITLE, *PARAGRAPHS, line)))


@pytest.mark.parametrize(("name", "line"), _pairs("tails"))
def test_a_text_without_line_ends_keeps_what_follows_the_story(name: str | None, line: str) -> None:
    assert name in _suppliers(" ".join((TITLE, *PARAGRAPHS, line)).replace("\n", " ")) or "\n" in line


@pytest.mark.parametrize(
    ("name", "lead"),
    [
        ("AP", "PELL BAY (AP): "),
        ("AP", "(AP) — "),
        ("AP", "AP, PELL BAY — "),
        ("Reuters", "March 3 (Reuters) - "),
        ("Reuters", "Пелл, 3 марта (Рейтер) — "),
        ("Reuters", "هارو (رويترز) "),
        ("PTI", "New Delhi, Mar 3 (PTI) "),
        ("PTI", "नई दिल्ली, 3 मार्च (भाषा)। "),
        ("AFP", "Paris (AFP) – "),
        ("EFE", "Madrid, 3 mar (EFE).- "),
        ("dpa", "Berlin (dpa) - "),
        ("TASS", "МОСКВА, 3 марта. /ТАСС/. "),
        ("Interfax", "Москва. 3 марта. Интерфакс - "),
        ("Xinhua", "新华社培尔3月3日电 "),
        ("Newsis", "[서울=뉴시스] "),
        ("Kyodo", "【東京共同】"),
        ("CNA Taiwan", "（中央社台北3日電）"),
        ("ISNA", "به گزارش ایسنا، "),
        ("PAP", "Warszawa, 3 marca (PAP) "),
        ("ČTK", "Praha 3. března (ČTK) - "),
        ("VNA", "Hà Nội (TTXVN) - "),
        ("AP", "Ann Doe | AP "),
        ("PTI", "PTI | New Delhi "),
        ("AFP", "Publié par AFP "),
        ("dpa", "Von dpa "),
        ("Xinhua", "来源：新华社 "),
    ],
)
def test_a_text_without_line_ends_keeps_what_precedes_the_story(name: str | None, lead: str) -> None:
    assert _suppliers(" ".join((TITLE, lead + PARAGRAPHS[0], *PARAGRAPHS[1:]))) == {name}


OUTLETS = WORDINGS["outlets"]


@pytest.mark.parametrize(
    ("line", "before"),
    [(line, "\n") for line in OUTLETS["anywhere"] + OUTLETS["alone"]]
    + [(line, " ") for line in OUTLETS["anywhere"]],
)
def test_credits_of_other_outlets(line: str, before: str) -> None:
    text = f"{TITLE}\n" + "\n".join(PARAGRAPHS) + before + line
    (credit,) = [each for each in credits_of(text) if each.state == "credited"]
    assert credit.kind == "outlet"
    assert str(credit.name).endswith("Pell Times")


@pytest.mark.parametrize("line", WORDINGS["neither"]["lines"])
@pytest.mark.parametrize("place", ["head", "middle", "tail"])
def test_what_is_no_credit(line: str, place: str) -> None:
    at = {"head": 0, "middle": 2, "tail": 4}[place]
    text = "\n".join((TITLE, *PARAGRAPHS[:at], line, *PARAGRAPHS[at:]))
    assert _credited(text) == set()
