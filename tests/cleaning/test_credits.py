"""Credits are found where they occur; mentions, photo credits and other stories' credits are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.cleaning.agencies import agencies
from dedup.cleaning.credits import Credit, find_credit, find_credits
from dedup.cleaning.places import line_ends
from dedup.text.characters import NEWLINE, character_table

SEEDS = Path(__file__).parents[2] / "seeds"
STORY = (
    "The two leaders met in the capital on Thursday and agreed to deepen cooperation in trade, energy and "
    "education, a joint statement said after three hours of talks that both sides called constructive."
)


def lines(*parts: str) -> str:
    return "\n\n".join(parts)


def seed(number: str) -> str:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


SIGNED = {
    "(PTI)": "PTI",
    "PTI": "PTI",
    "PTI KJ DIV": "PTI",
    "-- IANS": "IANS",
    "- Reuters": "Reuters",
    "— AFP": "AFP",
    "(AP)": "AP",
    "(PA)": "PA",
    "(ANI/Xinhua)": "ANI",
    "With inputs from ANI": "ANI",
    "(With inputs from PTI and our bureau)": "PTI",
    "(With PTI inputs)": "PTI",
    "By Associated Press": "AP",
    "Source: IANS": "IANS",
    "Quelle: dpa": "dpa",
    "dpa/lnw": "dpa",
    "Fuente: EFE": "EFE",
    "(con información de EFE)": "EFE",
    "Avec AFP": "AFP",
    "(Reporting by Asif Shahzad in Islamabad and Guy Faulconbridge; Editing by Alex Richardson)": "Reuters",
    "Reporting by Asif Shahzad for Reuters": "Reuters",
    "इनपुट: भाषा": "PTI",
    "(एएनआई)": "ANI",
    "(أ ف ب)": "AFP",
    "(رويترز)": "Reuters",
    "（新华社）": "Xinhua",
    "来源：新华社": "Xinhua",
    "(With agency inputs)": None,
    "(Agencies)": None,
    "With inputs from agencies": None,
    "(وكالات)": None,
    "This story has been published from a wire agency feed without modifications to the text.": None,
    "(This is an unedited and auto-generated story from a syndicated news feed.)": None,
    "This report has been generated automatically by PTI news service.": "PTI",
}


@pytest.mark.parametrize(("sign_off", "agency"), SIGNED.items())
def test_a_credit_below_the_story_is_found_in_its_place(sign_off: str, agency: str | None) -> None:
    text = lines("Leaders meet", STORY, STORY, sign_off)
    credit = find_credit(text)
    assert credit is not None
    assert credit.name == agency
    assert text[credit.start : credit.end].strip("()（）") in sign_off
    assert credit.start > text.rindex("constructive")


@pytest.mark.parametrize(
    ("sign_off", "agency"),
    [
        ("(PTI)", "PTI"),
        ("(AP)", "AP"),
        ("— AFP", "AFP"),
        ("-- ANI", "ANI"),
        ("PTI", "PTI"),
        ("PTI ABC DEF", "PTI"),
        ("(With agency inputs)", None),
        ("(With inputs from Reuters)", "Reuters"),
    ],
)
def test_a_credit_behind_the_last_sentence_is_found(sign_off: str, agency: str | None) -> None:
    text = lines(STORY, f"{STORY} {sign_off}")
    credit = find_credit(text)
    assert credit is not None
    assert (credit.name, text[credit.start : credit.end].strip("()")) == (agency, sign_off.strip("()"))


DATELINES = {
    "NEW DELHI, Feb 24 (PTI) - ": "PTI",
    "MOSCOW (Reuters) - ": "Reuters",
    "MOSCOW (AP) — ": "AP",
    "(Reuters) - ": "Reuters",
    "New Delhi [India], February 24 (ANI): ": "ANI",
    "Berlin (dpa/lnw) - ": "dpa",
    "Madrid, 24 feb (EFE).- ": "EFE",
    "Lisboa, 24 fev 2022 (Lusa) - ": "Lusa",
    "(ANSA) - ROMA, 24 FEB - ": "ANSA",
    "KUALA LUMPUR, Feb 24 (Bernama) -- ": "Bernama",
    "Jakarta (ANTARA) - ": "Antara",
    "TOKYO, Feb. 24, Kyodo - ": "Kyodo",
    "New Delhi, PTI: ": "PTI",
    "MOSCOW, February 24. /TASS/. ": "TASS",
    "МОСКВА, 24 фев — РИА Новости. ": "RIA Novosti",
    "موسكو (رويترز) - ": "Reuters",
    "新华社北京2月24日电 ": "Xinhua",
    "【ワシントン共同】": "Kyodo",
    "(서울=연합뉴스) ": "Yonhap",
}


@pytest.mark.parametrize(("dateline", "agency"), DATELINES.items())
def test_a_dateline_is_found(dateline: str, agency: str) -> None:
    text = lines("Leaders meet", dateline + STORY, STORY)
    credit = find_credit(text)
    assert credit is not None
    assert (credit.name, credit.kind) == (agency, "agency")
    assert text[credit.start : credit.end] in dateline


@pytest.mark.parametrize(
    ("byline", "agency"),
    [
        ("By Associated Press", "AP"),
        ("By JANE ROE, Associated Press", "AP"),
        ("By JANE ROE The Associated Press", "AP"),
        ("By Reuters Staff", "Reuters"),
        ("Moscow | AP", "AP"),
        ("PTI | New Delhi | Updated: Feb 24, 2022", "PTI"),
        ("Written by: ANI", "ANI"),
        ("Von dpa", "dpa"),
    ],
)
def test_a_byline_is_found(byline: str, agency: str) -> None:
    credit = find_credit(lines("Leaders meet", byline, STORY, STORY, STORY))
    assert credit is not None
    assert credit.name == agency


@pytest.mark.parametrize(
    "mention",
    [
        "Khan stressed this, the official APP news agency of Pakistan reported.",
        "Preparations were underway, the state-run TASS news agency reported.",
        "Government sources confirmed to PTI that the report has been submitted to the court.",
        "The Associated Press could not verify the claim.",
        "The minister said so in an interview with the Press Trust of India (PTI).",
        "He told Reuters on Monday",
        "The Aam Aadmi Party (AAP) - which governs the city - denied it.",
        "The news agency of the Middle East (MENA) - a region in turmoil - said so.",
        "Photo: Reuters",
        "(Photo: AFP)",
        "(Photo credit: Reuters)",
        "Pure Point, carrying crude oil, is anchored at the port on June 13, 2023. REUTERS/Akhtar Soomro",
        "(Photo by EDDIE MULHOLLAND/AFP via Getty Images)",
        "AFP/File",
        "Reuters and the Associated Press were both there, he said, and so was the BBC",
        "The pictures were taken from a live feed of the city's cameras.",
        "The study was published by the national news service of the country.",
        "The committee sought public inputs",
        "He works with the Ministry",
    ],
)
def test_a_mention_is_no_credit(mention: str) -> None:
    assert find_credit(lines("Leaders meet", STORY, mention, STORY, STORY)) is None


@pytest.mark.parametrize("mention", ["He told Reuters.", "“Ask AFP.” He laughed.", "The BBC reported it."])
def test_a_last_sentence_that_mentions_an_agency_is_no_credit(mention: str) -> None:
    assert find_credit(lines(STORY, f"{STORY} {mention}")) is None


def test_a_caption_below_the_headline_is_no_credit() -> None:
    caption = "Vladimir Putin meets Imran Khan in the Kremlin. (AFP)"
    assert find_credit(lines("Leaders meet", caption, "Reuters", STORY, STORY, STORY, STORY)) is None


def test_credits_of_teased_stories_do_not_count() -> None:
    teasers = ("More For You", "Epping protests", f"{STORY} (PTI)", "Reuters", "Keep ReadingShow less")
    assert find_credit(lines(STORY, STORY, *teasers)) is None
    assert find_credit(lines(STORY, "(ANI)", *teasers)) == Credit(
        "ANI", "agency", "sign_off", "whole", len(STORY) + 2, len(STORY) + 7
    )


def test_a_heading_within_the_story_hides_nothing() -> None:
    credit = find_credit(lines(STORY, "Related stories", "One headline", STORY, STORY, "(PTI)"))
    assert credit is not None


def test_a_named_agency_comes_before_a_nameless_feed() -> None:
    credit = find_credit(lines("(With agency inputs)", STORY, STORY, "(PTI)"))
    assert credit is not None
    assert credit.name == "PTI"


def test_the_seeds() -> None:
    found = find_credits(pa.array([seed(f"00{number}") for number in range(5)]))
    assert found.agency.to_pylist() == ["PTI", "PTI", None, None, None]
    assert found.credited.to_pylist() == [True, True, True, False, False]
    feed = find_credit(seed("002"))
    assert feed is not None
    assert (feed.kind, seed("002")[feed.start : feed.end][:22]) == ("feed", "(Except for the headli")


def test_every_agency_is_found_by_each_of_its_names() -> None:
    for agency in agencies():
        for name in agency.aliases + agency.strict:
            credit = find_credit(lines(STORY, STORY, f"({name})"))
            assert credit is not None, name
            assert credit.name == agency.name


PIECES = st.sampled_from(
    [
        *SIGNED,
        *DATELINES,
        STORY,
        "He told Reuters.",
        "More For You",
        "Related stories",
        "Keep reading",
        "24 February 2022",
        "PTI",
        "AP",
        "said",
        "(",
        ")",
        " - ",
        ". ",
        "\n",
        " ",
        "|",
        "By ",
        "भाषा",
        "新华社",
        "\u2028",
        "é",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=12).map("".join), max_size=4))
def test_the_batch_finds_what_each_text_holds(texts: list[str]) -> None:
    found = find_credits(pa.array(texts, pa.string()))
    alone = [find_credit(text) for text in texts]
    assert found.agency.to_pylist() == [credit and credit.name for credit in alone]
    assert found.credited.to_pylist() == [credit is not None for credit in alone]
    for text, credit in zip(texts, alone, strict=True):
        if credit is not None:
            assert 0 <= credit.start < credit.end <= len(text)
            assert text[credit.start : credit.end].strip()


@given(st.text(st.sampled_from("a é\x85\xa0\u2028\u2029\u2030\n\r\v\f\t新"), max_size=20), st.data())
def test_a_line_ends_where_a_character_of_its_kind_stands(text: str, data: st.DataObject) -> None:
    places = [len(text[:place].encode()) for place in range(len(text) + 1)]
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    table = character_table().kinds
    first = next((place for place in range(start, stop) if table[ord(text[place])] == NEWLINE), stop)
    bounds = (np.array([places[start]]), np.array([places[stop]]))
    assert line_ends(np.frombuffer(text.encode(), np.uint8), *bounds).tolist() == [places[first]]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_no_texts_and_empty_texts(kind: pa.DataType) -> None:
    assert len(find_credits(pa.array([], kind)).agency) == 0
    assert find_credits(pa.array(["", "\n\n"], kind)).credited.to_pylist() == [False, False]
