"""An index from its creation to a takedown."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from press_articles import corpus

from dedup.article import Article
from dedup.background.tables import Background
from dedup.detector import find_overlaps, learn_background
from dedup.errors import BackgroundError, DuplicateIdError, IndexStoreError, InputError
from dedup.index import Index
from dedup.index.store.merging import due
from dedup.index.verbs import relearning
from dedup.settings import ALGORITHM, Settings

ARTICLES = corpus(2, 40)
TEXT = "The ministers met in Moscow on Thursday to sign a pact on grain and on oil for the winter, he said."


@pytest.fixture(scope="module")
def background() -> Background:
    return learn_background(ARTICLES)


def test_settings_hold_from_the_making_on(tmp_path: Path) -> None:
    chosen = Settings(bands=4, scope="all")
    Index.create(tmp_path / "index", chosen).close()
    with Index.open(tmp_path / "index", chosen) as index:
        assert index.settings == chosen
    with pytest.raises(IndexStoreError, match=r"other settings \(scope, bands\)"):
        Index.open(tmp_path / "index", Settings())


def test_a_directory_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(IndexStoreError, match="not empty"):
        Index.create(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_what_is_no_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexStoreError, match="is not an index"):
        Index.open(tmp_path)
    (tmp_path / "catalogue.sqlite").write_bytes(b"this is no database " * 100)
    with pytest.raises(IndexStoreError, match="damaged"):
        Index.open(tmp_path)


@pytest.mark.parametrize("made_by", [None, 7])
def test_an_index_of_another_algorithm_is_refused_with_the_mend(tmp_path: Path, made_by: int | None) -> None:
    Index.create(tmp_path / "index").close()
    connection = sqlite3.connect(tmp_path / "index" / "catalogue.sqlite")
    with connection:
        connection.execute("DELETE FROM setting WHERE name = 'algorithm'")
        if made_by is not None:
            connection.execute("INSERT INTO setting VALUES ('algorithm', ?)", [str(made_by)])
    connection.close()
    said = rf"made by version {made_by or 0} of the algorithm.* version {ALGORITHM},.* `dedup index rebuild"
    with pytest.raises(IndexStoreError, match=said):
        Index.open(tmp_path / "index")


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    Index.create(tmp_path / "index").close()
    connection = sqlite3.connect(tmp_path / "index" / "catalogue.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(IndexStoreError, match="newer version"):
        Index.open(tmp_path / "index")


def test_a_background_of_other_shingles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackgroundError, match="shingle"):
        Index.create(tmp_path / "index", background=Background.empty(7))


def test_adding_again_does_no_harm(tmp_path: Path, background: Background) -> None:
    with Index.create(tmp_path / "index", background=background) as index:
        first = index.add(ARTICLES)
        again = index.add(ARTICLES[:10])
        assert len(first.overlaps) > 0
        assert (len(again.overlaps), again.summary.articles) == (0, 0)
        assert any("10 articles were in the index already" in note for note in again.notes)
        assert index.info().articles == len(ARTICLES)


def test_an_id_with_another_text_stops_the_add_as_a_whole(tmp_path: Path, background: Background) -> None:
    other = replace(ARTICLES[0], text="Something else entirely.")
    with Index.create(tmp_path / "index", background=background) as index:
        index.add(ARTICLES[:1])
        with pytest.raises(DuplicateIdError, match="another text"):
            index.add([*ARTICLES[1:5], other])
        assert index.info().articles == 1
        report = index.add([*ARTICLES[1:5], other], on_error="skip")
        assert (report.summary.articles, report.summary.skipped) == (4, 1)
        assert index.article(other.id).text == ARTICLES[0].text
        assert not index.verify().notes, "nothing is left of the add that failed"


def test_articles_come_back_as_they_were_given(tmp_path: Path) -> None:
    given = Article(
        id="ä",
        source="S",
        title="T",
        url="http://x/y",
        language="de",
        text="Zeile eins\r\n\tzwei “x” 👍",
        published=datetime(2026, 5, 1, 12, 30, tzinfo=UTC),
    )
    with Index.create(tmp_path / "index") as index:
        index.add([given, Article(id="b", text="")])
        assert index.article("ä") == given
        assert index.article("b").text == ""
        with pytest.raises(KeyError):
            index.article("c")


def test_without_a_background_one_is_learned_from_the_first_articles(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        report = index.add(ARTICLES[:30])
        assert any("learned one from 30 articles" in note for note in report.notes)
        assert index.background.articles == 30
        report = index.add(ARTICLES[30:])
        assert index.background.articles == 30, "it has not grown fourfold"
        assert index.refresh() == len(ARTICLES)
        assert index.background.fingerprint == learn_background(ARTICLES).fingerprint
        assert list(index.report().overlaps) == list(find_overlaps(ARTICLES).overlaps)
        assert index.verify().problems == ()
        assert index.info().learned_from == len(ARTICLES)


def test_a_given_background_is_kept(tmp_path: Path, background: Background) -> None:
    with Index.create(tmp_path / "index", background=background) as index:
        index.add(ARTICLES[:5])
        assert index.background.fingerprint == background.fingerprint
    with Index.open(tmp_path / "index") as index:
        assert index.background.fingerprint == background.fingerprint
        assert index.info().learned_from is None


def test_the_background_is_learned_anew_when_a_young_index_has_grown(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        learned = []
        for start in range(0, 40, 5):
            index.add(ARTICLES[start : start + 5])
            learned.append(index.background.articles)
        assert learned == [5, 5, 5, 20, 20, 20, 20, 20]
        assert index.verify().problems == ()
        expected = find_overlaps(ARTICLES, background=learn_background(ARTICLES[:20]))
        assert list(index.report().overlaps) == list(expected.overlaps)


def test_the_last_background_comes_as_soon_as_there_are_enough_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relearning, "ENOUGH_TO_LEARN_FROM", 15)
    with Index.create(tmp_path / "index") as index:
        learned = []
        for start in range(0, 40, 5):
            index.add(ARTICLES[start : start + 5])
            learned.append(index.background.articles)
        assert learned == [5, 5, 15, 15, 15, 15, 15, 15], "threefold was enough"
    monkeypatch.setattr(relearning, "ENOUGH_TO_LEARN_FROM", 6)
    with Index.create(tmp_path / "other") as index:
        index.add(ARTICLES[:5])
        index.add(ARTICLES[5:8])
        assert index.background.articles == 5, "it has not grown twofold"
        index.add(ARTICLES[8:10])
        assert index.background.articles == 10


def test_removal_and_compaction_leave_nothing_of_the_text(tmp_path: Path, background: Background) -> None:
    secret = "zanzibarium quetzalfish " * 8 + "wobblegate"
    folder = tmp_path / "index"
    with Index.create(folder, background=background) as index:
        index.add([*ARTICLES[:20], Article(id="takedown-4711", source="secretoutlet", text=secret)])
        index.add([Article(id="copy", source="other", text=secret)])
        assert _bytes(folder).count(b"wobblegate") > 0
        index.remove(["takedown-4711", "copy"])
        assert index.query(Article(id="q", text=secret)) == []
        assert index.verify().notes[0].startswith("the texts of 2 removed articles")
        index.compact()
        found = index.verify()
        assert (found.problems, found.notes) == ((), ())
        assert index.info().removed == 0
        for word in (b"wobblegate", b"zanzibarium", b"takedown-4711", b"secretoutlet"):
            assert word not in _bytes(folder)
        expected = find_overlaps(ARTICLES[:20], background=background)
        assert list(index.report().overlaps) == list(expected.overlaps)
    for word in (b"wobblegate", b"takedown-4711"):
        assert word not in _bytes(folder)


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_removed_article_parts_the_story_that_it_held_together(tmp_path: Path) -> None:
    one, two = (corpus(seed, 2)[0].text for seed in (11, 12))
    articles = [
        Article(id="a", source="A", text=one),
        Article(id="b", source="B", text=one + " " + two),
        Article(id="c", source="C", text=two),
    ]
    with Index.create(tmp_path / "index") as index:
        index.add(articles)
        assert [story.articles for story in index.report().stories] == [("a", "b", "c")]
        index.remove(["b"])
        assert len(index.report().stories) == 0
        assert index.info().stories == 0
        index.add([articles[1]])
        assert [story.articles for story in index.report().stories] == [("a", "b", "c")]
        assert index.verify().problems == ()


def test_an_unknown_id_removes_nothing(tmp_path: Path, background: Background) -> None:
    with Index.create(tmp_path / "index", background=background) as index:
        index.add(ARTICLES[:3])
        with pytest.raises(InputError, match="'nobody'"):
            index.remove([ARTICLES[0].id, "nobody"])
        assert index.info().articles == 3


def test_prune_takes_what_is_old(tmp_path: Path, background: Background) -> None:
    before = datetime(2026, 1, 4, tzinfo=UTC)
    old = [article for article in ARTICLES if article.published and article.published < before]
    with Index.create(tmp_path / "index", background=background) as index:
        index.add(ARTICLES)
        assert index.prune(before) == len(old) > 0
        left = [article for article in ARTICLES if article not in old]
        assert list(index.report().overlaps) == list(find_overlaps(left, background=background).overlaps)


@pytest.mark.parametrize("hours", [1, 24, 1000])
def test_within_compares_what_was_published_near(tmp_path: Path, background: Background, hours: int) -> None:
    span = timedelta(hours=hours)
    times = {article.id: article.published for article in ARTICLES}

    def near(a: str, b: str) -> bool:
        one, two = times[a], times[b]
        return one is None or two is None or abs(one - two) <= span

    scan = find_overlaps(ARTICLES, background=background)
    expected = [(each.a, each.b) for each in scan.overlaps if near(each.a, each.b)]
    with Index.create(tmp_path / "index", background=background) as index:
        for start in range(0, len(ARTICLES), 9):
            index.add(ARTICLES[start : start + 9], within=span)
        assert [(each.a, each.b) for each in index.report().overlaps] == expected


def test_since_passes_over_what_is_old(tmp_path: Path, background: Background) -> None:
    article = Article(id="old", source="A", text=TEXT, published=datetime(2020, 1, 1, tzinfo=UTC))
    asked = Article(id="new", source="B", text=TEXT, published=datetime(2026, 1, 1, tzinfo=UTC))
    with Index.create(tmp_path / "index", background=background) as index:
        index.add([article])
        assert len(index.query(asked, since=datetime(2019, 1, 1))) == 1
        assert index.query(asked, since=datetime(2021, 1, 1)) == []
        assert index.query(asked, within=timedelta(days=1)) == []


def test_an_open_index_sees_what_others_add_remove_and_merge(tmp_path: Path, background: Background) -> None:
    with (
        Index.create(tmp_path / "index", background=background) as writer,
        Index.open(tmp_path / "index") as reader,
    ):
        for article in ARTICLES:
            writer.add([article])
        report = reader.report()
        writer.remove([ARTICLES[0].id])
        writer.compact()
        assert len(list(report.overlaps)) == report.summary.overlaps, "a report outlives the files it reads"
        assert reader.info().articles == len(ARTICLES) - 1


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], 0),
        ([1] * 7, 0),
        ([1] * 8, 8),
        ([100, *[1] * 8], 8),
        ([8] * 7 + [1] * 8, 8),
        ([8] * 8, 8),
        ([9, 1, 9] * 3, 9),
    ],
)
def test_segments_are_merged_in_tiers(sizes: list[int], expected: int) -> None:
    assert due(sizes) == expected
