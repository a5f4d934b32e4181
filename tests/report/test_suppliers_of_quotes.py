"""Whose copy an article is if it shares a speaker's words with an agency and has written the rest itself."""

from __future__ import annotations

from dedup import Article, find_overlaps

STATEMENT = (
    "We heard from many of the families along the river, and we will not open the gates again before each of "
    "them has been told in person what the engineers have found under the northern end of the wall"
)
WIRE = (
    "HARROW (Reuters) - The operator of the Harrow dam said on Friday it would keep the gates closed through "
    f'the summer. "{STATEMENT}", the company wrote in a letter to the council. Shares of the operator fell '
    "four percent in early trading, and two lenders asked for a meeting before the end of the month."
)
#: The outlet's own report; the letter is set in italics, so its text has no quotation marks.
OWN = (
    "Nobody along the water expected the letter that the post brought this morning. In four short lines it "
    f"ended a quarrel of nine years.\n\n{STATEMENT}.\n\nAt the bakery the sentence was read aloud twice, and "
    "then somebody laughed. The mayor did not want to speak of it, her deputy spoke of nothing else. Along "
    "the lower road the cellars still smell of the spring, and most of the families mentioned have long "
    "moved to the hill."
)
RETOLD = OWN.replace(STATEMENT, "The letter said that no gate would be opened before everybody had been told")


def told(text: str) -> tuple[str, list[tuple[str | None, int]]]:
    report = find_overlaps(
        [
            Article(id="wire", source="Courier", text=WIRE),
            Article(id="own", source="Herald", text=text),
        ]
    )
    own = report.articles[1]
    return own.sentence or "", [(each.name, each.words) for each in own.suppliers]


def test_a_statement_that_the_agency_quotes_is_not_the_agencys_copy() -> None:
    sentence, suppliers = told(OWN)
    assert "Reuters" not in sentence
    assert suppliers == []


def test_the_agencys_own_words_around_it_are() -> None:
    sentence, suppliers = told(OWN.replace(STATEMENT, WIRE.partition(" - ")[2]))
    assert suppliers[0][0] == "Reuters"
    assert "No Reuters credit was found." in sentence


def test_words_that_merely_retell_it_are_not() -> None:
    assert told(RETOLD)[1] == []


def test_a_quotation_within_much_agency_copy_comes_with_it() -> None:
    more = (
        " Engineers lowered a camera into the shaft on Monday and saw water behind the third ring of stones, "
        "where the plans of the old builders show nothing but clay. A second team is to drill from the road "
        "side as soon as the frost is over, and the results will go to a panel of three professors from "
        "abroad, who have until June to say whether the wall can stand another winter with a full lake."
    )
    text = OWN.replace(STATEMENT, WIRE.partition("summer. ")[2] + more)
    report = find_overlaps(
        [
            Article(id="wire", source="Courier", text=WIRE + more),
            Article(id="own", source="Herald", text=text + " " + RETOLD + " " + RETOLD.upper()),
        ]
    )
    assert report.overlaps[0].relation in ("partial", "excerpt")
    (supplier,) = report.articles[1].suppliers
    assert supplier.name == "Reuters"
    assert supplier.words >= len((STATEMENT + more).split())
