"""One form with other facts is a template; the same event told anew is a copy."""

from __future__ import annotations

import pytest

from dedup import Article
from dedup.detector import find_overlaps
from dedup.outlets import Outlets

QUAKE = (
    "An earthquake of magnitude {} struck {} kilometres off {} on {} at {}, the seismological service said. "
    "No tsunami warning was issued and there were no reports of damage or of injuries. It asks people who "
    "felt the shaking to describe it in the form on its pages, to draw better maps of the hazard."
)
HOUSES = (
    "The typical home in {} sold for {} dollars in {}, {} percent more than a year before, the union of "
    "brokers said. Homes were on the market for {} days on average, and there were fewer of them than at any "
    "time since the records began. Higher rates have kept many owners from moving, the association said."
)
MATCH = (
    "{} beat {} by {} goals to {} on {} and moved up to place {} of the table, ahead of the last matches of "
    "the winter break. The coach praised the defence of his side and said that the season was still long."
)
GERMAN = (
    "Bei einem Unfall auf der Landstraße bei {} ist am {} ein {} Jahre alter Mann verletzt worden. Sein Auto "
    "kam gegen {} Uhr von der Straße ab und prallte gegen einen Baum, wie die Polizei mitteilte. Den Schaden "
    "schätzt sie auf {} Euro. Die Straße war für zwei Stunden gesperrt, und die Feuerwehr war vor Ort."
)
HINDI = (
    "{} में {} को सोने की कीमत {} रुपये प्रति दस ग्राम रही, जबकि चांदी {} रुपये प्रति किलो पर बंद हुई। कारोबारियों "
    "ने बताया कि मांग बढ़ने और विदेशी बाजारों में तेजी के कारण भाव ऊपर गए हैं और आने वाले दिनों में भी यही रुख रह "
    "सकता है।"
)

FORMS = {
    "quake": (
        QUAKE,
        [("4.1", "30", "Port Selby", "Monday", "6:12"), ("5.3", "85", "Cape Orrin", "Friday", "21:40")],
    ),
    "houses": (
        HOUSES,
        [("Harlow County", "412,000", "March", "4.1", "31"), ("Pell Valley", "268,500", "May", "2.7", "44")],
    ),
    "match": (
        MATCH,
        [
            ("Harrow United", "Dale Rovers", "three", "one", "Saturday", "four"),
            ("Selby Town", "Orrin Athletic", "two", "nil", "Sunday", "nine"),
        ],
    ),
    "German": (
        GERMAN,
        [("Oberried", "Dienstag", "34", "14", "8000"), ("Seelbach", "Freitag", "61", "22", "15000")],
    ),
    "Hindi": (HINDI, [("इंदौर", "सोमवार", "71200", "84500"), ("जयपुर", "गुरुवार", "70150", "83900")]),
}


def overlap_of(*texts: str, **table: object):
    articles = [Article(id=f"{n}", source=f"Outlet {n}", text=text) for n, text in enumerate(texts)]
    report = find_overlaps(articles, outlets=Outlets.of(table))
    return report.overlaps[0], report


@pytest.mark.parametrize("form", FORMS)
def test_a_filled_form_is_a_template(form: str) -> None:
    frame, rows = FORMS[form]
    overlap, report = overlap_of(*(frame.format(*row) for row in rows))
    assert overlap.relation == "template"
    assert {each.relation for each in overlap.passages} == {"template"}
    assert overlap.reasons[0].startswith("one form with other facts: “")
    assert not overlap.syndicated
    assert not overlap.same_story
    assert len(report.stories) == 0
    assert [each.own for each in report.articles] == [1.0, 1.0]


def test_the_reason_names_what_differs() -> None:
    frame, rows = FORMS["quake"]
    overlap, _ = overlap_of(*(frame.format(*row) for row in rows))
    assert "“Port Selby” / “Cape Orrin”" in overlap.reasons[0]


def test_the_same_event_with_new_figures_is_a_copy() -> None:
    rows = [("4.1", "30", "Port Selby", "Monday", "6:12"), ("4.3", "28", "Port Selby", "Tuesday", "6:11")]
    overlap, report = overlap_of(*(QUAKE.format(*row) for row in rows))
    assert overlap.relation == "copy"
    assert len(report.stories) == 1


def test_other_names_without_another_figure_or_day_are_a_copy() -> None:
    rows = [("4.1", "30", place, "Monday", "6:12") for place in ("Port Selby", "the bay of Orrin")]
    overlap, _ = overlap_of(*(QUAKE.format(*row) for row in rows))
    assert overlap.relation == "copy"


def test_an_edited_copy_is_none() -> None:
    edited = (
        QUAKE.replace("struck", "hit")
        .replace("issued", "given out")
        .replace("describe", "report")
        .replace("hazard", "danger")
        .replace("injuries", "wounded people")
    )
    row = ("4.1", "30", "Port Selby", "Monday", "6:12")
    overlap, _ = overlap_of(
        QUAKE.format(*row), edited.format("4.1", "30", "Selby Harbour", "Monday", "06:12")
    )
    assert overlap.relation == "copy"


def test_a_press_release_filled_in_for_each_town_stays_syndicated() -> None:
    frame, rows = FORMS["houses"]
    texts = [frame.format(*row) for row in rows]
    overlap, _ = overlap_of(*texts, **{"Outlet 0": {"kind": "press"}})
    assert overlap.relation == "copy"
    release = [text + "\nSOURCE Harlow Brokers\n/PRNewswire/" for text in texts]
    assert overlap_of(*release)[0].relation == "copy"


def test_a_filter_drops_none_of_them(tmp_path) -> None:
    from dedup.index import Index
    from dedup.index.filter.filtering import Filter
    from dedup.reading.batches import to_batches

    frame, rows = FORMS["houses"]
    articles = [Article(id=f"{n}", source=f"{n}", text=frame.format(*row)) for n, row in enumerate(rows)]
    with Index.create(tmp_path / "seen") as index:
        judged = Filter(index, policy="drop").judge(next(to_batches(articles)))
    assert [(each.verdict.verdict, each.kept) for each in judged] == [("original", True), ("template", True)]


def test_facts_in_one_sentence_make_no_copy() -> None:
    fact = (
        "Former minister Jan Moreau was fined by judge Ida Kell for taking gifts from builders in the matter "
        "of the two towers by the old port"
    )
    overlap, report = overlap_of(
        f"The party meets in May. {fact}. Members will vote on a new head of the list.",
        f"A choir sang outside. {fact}, as is known. It rained on the square all evening.",
    )
    assert overlap.relation == "partial"
    assert "only facts in a single sentence" in overlap.reasons
    assert len(report.stories) == 0


def test_facts_in_one_sentence_make_no_story_where_they_are_a_part_of_both() -> None:
    fact = (
        "was charged with robbery and with wounding a guard, and faces up to fourteen years in prison if the "
        "court in Dunmore convicts her"
    )
    overlap, report = overlap_of(
        f"Ann Doe, a baker from the hills, {fact}. Her lawyer asked for bail and she denies it.",
        f"A woman who broke into the mill last May {fact}. The mill is to be pulled down before the autumn.",
    )
    assert overlap.relation == "partial"
    assert "only facts in a single sentence" in overlap.reasons
    assert len(report.stories) == 0
