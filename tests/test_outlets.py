"""One table holds everything about a source."""

from datetime import date, datetime

import pytest

from dedup import Article
from dedup.detector import find_overlaps
from dedup.errors import SettingsError
from dedup.outlets import Outlets

TEXT = (
    "The harbour board voted on Monday to close the east pier for repairs that will take most of the summer, "
    "and the two ferries that land there will move to the fish market until the work is done. Fishermen said "
    "they had not been asked, and that the market has room for one ferry at best. The board wants to spend "
    "four million on new piles and on a wall against the spring tides that flooded the sheds last year, and "
    "hopes that the county pays for half of it before the autumn."
)


def scanned(*articles, **table):
    return find_overlaps(articles, outlets=Outlets.of(table or {}))


@pytest.mark.parametrize(
    "spelling", ["HARBOUR POST", " www.harbourpost.example", "m.harbourpost.example", "hp"]
)
def test_any_spelling_alias_or_host_names_the_outlet(spelling):
    known = Outlets.of({"Harbour Post": {"aliases": ["HP"], "hosts": ["harbourpost.example"]}})
    assert known.named(spelling).name == "Harbour Post"
    assert known.named("Harbour Postman") is None


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"A": {"kind": "paper"}}, "kind is 'paper'; it must be one of outlet, agency, feed, press"),
        ({"A": {"hosts": "a.example"}}, "must be a list of names"),
        ({"A": {"mien": True}}, "did you mean mine"),
        ({"A": {"mine": "yes"}}, "must be true or false"),
        ({"A": {"licensed_until": "soon"}}, "must be a day"),
        ({"A": 3}, "must be a table"),
        ({"A": {"aliases": ["X"]}, "B": {"aliases": ["x "]}}, "belongs to 'A' and to 'B'"),
    ],
)
def test_a_wrong_entry_is_named_with_its_mend(table, message):
    with pytest.raises(SettingsError, match=message):
        Outlets.of(table)


def test_a_source_of_kind_agency_supplies_those_who_run_its_text():
    articles = [
        Article(id="a", source="Coast Wire", text=TEXT),
        Article(id="b", source="Herald", text=TEXT),
    ]
    plain = {each.id: each for each in scanned(*articles).articles}
    assert plain["b"].suppliers == ()
    told = {each.id: each for each in scanned(*articles, **{"Coast Wire": {"kind": "agency"}}).articles}
    (supplier,) = told["b"].suppliers
    assert (supplier.name, supplier.kind, supplier.state) == ("Coast Wire", "agency", "not_found")
    assert "No Coast Wire credit was found." in told["b"].sentence
    assert told["a"].suppliers[0].state == "credited"


def test_a_source_that_is_an_outlet_by_the_table_is_not_an_agency():
    articles = [Article(id="a", source="Reuters", text=TEXT), Article(id="b", source="Herald", text=TEXT)]
    assert scanned(*articles).articles[1].suppliers
    assert scanned(*articles, Reuters={"kind": "outlet"}).articles[1].suppliers == ()


@pytest.mark.parametrize(
    ("credit", "form", "state"),
    [
        ("PELL (Coast Wire) — {}", "dateline", "credited"),
        ("{}\n(Coast Wire)", "sign_off", "credited"),
        ("{}\nSource: Coast Wire", "byline", "credited"),
        ("By Ann Doe\n{}", "byline", "credited"),
        ("{}\n© 2024 CW Agency", "copyright", "credited"),
        ("{}\nCoast Wire contributed to this report.", "contribution", "credited"),
        ("{}\nTaken with thanks from the coast wire people.", "feed", "credited"),
        ("{}\nThe mayor told Coast Wire that he was sorry.", "mention", "named"),
    ],
)
def test_credits_of_a_supplier_that_the_table_names(credit, form, state):
    table = {
        "kind": "agency",
        "aliases": ["CW Agency"],
        "writers": ["Ann Doe"],
        "credit_as": "Taken with thanks from the coast wire people",
    }
    report = scanned(
        Article(id="a", source="Coast Wire", text=TEXT),
        Article(id="b", source="Herald", text=credit.format(TEXT)),
        **{"Coast Wire": table},
    )
    article = report.articles[1]
    (found,) = article.credits
    assert (found.name, found.form, found.state) == ("Coast Wire", form, state)
    assert report.article("b").text[found.start : found.end] == found.text
    assert article.suppliers[0].state == state


def test_the_sentence_tells_the_wording_that_was_asked_for_and_a_licence_that_ended():
    table = {"kind": "agency", "credit_as": "Source: Coast Wire", "licensed_until": date(2024, 1, 31)}
    moment = datetime.fromisoformat("2024-02-01T08:00:00+00:00")
    report = scanned(
        Article(id="a", source="Coast Wire", text=TEXT),
        Article(id="b", source="Herald", text=TEXT, published=moment),
        **{"Coast Wire": table},
    )
    sentence = report.articles[1].sentence
    assert "It asks to be credited as “Source: Coast Wire”." in sentence
    assert "The licence for its texts ended on 2024-01-31." in sentence


def test_the_same_table_serves_an_index(tmp_path):
    from dedup.index import Index

    known = Outlets.of({"Coast Wire": {"kind": "agency"}})
    with Index.create(tmp_path / "index", outlets=known) as index:
        index.add([Article(id="a", source="Coast Wire", text=TEXT)])
        index.add([Article(id="b", source="Herald", text=TEXT + "\n(Coast Wire)")])
        article = next(each for each in index.report().articles if each.id == "b")
    assert article.suppliers[0].name == "Coast Wire"
    assert article.suppliers[0].state == "credited"
