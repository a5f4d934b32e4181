"""Facts of schema 2 about passages, articles, stories and runs."""

from __future__ import annotations

from datetime import UTC, datetime

from dedup import Article
from dedup.detector import find_overlaps

STORY = (
    "The harbour board voted on Monday to close the east pier for repairs that will take most of the summer, "
    "and the two ferries that land there will move to the fish market until the work is done. Fishermen said "
    "they had not been asked, and that the market has room for one ferry at best. The board wants to spend "
    "four million on new piles and on a wall against the spring tides that flooded the sheds last year."
)
MORE = (
    "A choir from the coast sang in the square while the bakers sold bread and plum cake to all who had come "
    "by the early train, and the mayor opened the new library with a short speech about the old one."
)


def scanned(*texts: str, sources: str = "ABCDEFG"):
    return find_overlaps([Article(id=f"{n}", source=sources[n], text=text) for n, text in enumerate(texts)])


def test_a_contribution_elsewhere_is_told_and_lends_nothing() -> None:
    report = scanned(STORY + "\nThe Associated Press contributed to this report.", STORY, MORE)
    first, second, other = report.articles
    assert "contributed to the version" not in first.sentence
    assert second.suppliers == ()
    assert second.sentence.endswith("AP contributed to the version at A.")
    assert other.sentence is None


def test_who_was_first_to_report_has_not_contributed() -> None:
    report = scanned(STORY + "\nThe closure was first reported by The Harrow Times.", STORY)
    assert "contributed to the version" not in report.articles[1].sentence
    assert [(each.name, each.kind) for each in report.articles[0].credits] == [("The Harrow Times", "outlet")]


def test_a_story_names_the_agency_whose_own_article_is_not_there() -> None:
    credited = [f"HARROW (AP) — {STORY}", STORY, f"{STORY}\n(AP)"]
    assert [each.origin_agency for each in scanned(*credited).stories] == ["AP"]
    there = find_overlaps(
        [
            Article(id=f"{n}", source=source, text=text)
            for n, (source, text) in enumerate(zip(["AP", "B", "C"], credited, strict=True))
        ]
    )
    assert [each.origin_agency for each in there.stories] == [None]
    assert [each.origin for each in there.stories] == ["0"]
    assert [each.origin_agency for each in scanned(STORY, STORY).stories] == [None]


def test_the_core_is_what_the_versions_share() -> None:
    report = scanned(f"{STORY}\n\n{MORE}", STORY, f"{STORY} {MORE[:20]}.", STORY)
    (story,) = report.stories
    assert story.core_words == len(STORY.split())


def test_the_first_date_tells_how_exactly_it_is_known() -> None:
    day = datetime(2024, 3, 1, tzinfo=UTC)
    articles = [
        Article(id="a", source="A", text=STORY, published=day, published_precision="day"),
        Article(id="b", source="B", text=STORY, published=day.replace(day=2), published_precision="minute"),
    ]
    assert [each.first_precision for each in find_overlaps(articles).stories] == ["day"]
    assert [each.first_precision for each in scanned(STORY, STORY).stories] == [None]


def test_a_run_counts_related_stories_and_articles_of_furniture_alone() -> None:
    report = scanned(STORY, STORY, MORE, "Skip to content")
    assert report.summary.only_furniture == 1
    assert report.summary.related == 0


def test_a_span_is_readable_beside_its_markup() -> None:
    html = (
        f"<p>{STORY.replace('harbour board', '<b>harbour</b> board').replace('and on a', '&amp; on a')}</p>"
    )
    (overlap,) = scanned(html, STORY).overlaps
    readable = [each.a_readable for each in overlap.passages]
    assert "<b>harbour</b>" in overlap.passages[0].a_text
    assert "harbour board voted" in readable[0]
    assert "<b>" not in readable[0]
    assert "& on a wall" in readable[-1]
    assert all(each.b_readable is None for each in overlap.passages)
