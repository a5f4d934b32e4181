"""The whole run: the result does not depend on order, threads or parts, and features that users ask for."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import small_corpora, words

from dedup import detector
from dedup.article import Article, Span
from dedup.background.tables import Background
from dedup.corpus import second_pass as sketches
from dedup.detector import agreeing_words, compare, find_overlaps, learn_background
from dedup.errors import BackgroundError, DuplicateIdError, OutputError
from dedup.lsh.candidates import CandidatePairs
from dedup.reading import to_batches
from dedup.reading.batches import ArticleBatches
from dedup.report.scan_report import ScanReport
from dedup.reporting import json_lines
from dedup.results import Overlap, Report
from dedup.settings import Settings

SHARED = (
    "Prime Minister Imran Khan arrived in Moscow on Wednesday on a two-day visit, the first by a Pakistani "
    "premier in over two decades, and began his engagements by laying a wreath at the Tomb of the Unknown "
    "Soldier, hours after the Russian president had ordered a special military operation in the east."
)
OWN = [
    "Apple growers in the valley expect a late harvest after weeks of frost that cracked the blossom.",
    "A museum in Lyon opened its archive of early photographs to visitors for the first time this week.",
    "The council voted by nine to four to rebuild the bridge that the spring flood had carried away.",
    "Researchers counted fewer swifts over the old town than in any summer since their survey began.",
]
NO_BACKGROUND = Background.empty(Settings().shingle_words)


def lines(report: Report) -> bytes:
    stream = io.BytesIO()
    json_lines.write(report, stream)
    return stream.getvalue()


def scan(*texts: str, **knobs: object) -> ScanReport:
    """Scan texts of as many sources, with ids a, b, c ..."""
    articles = [Article(id=chr(97 + number), text=text) for number, text in enumerate(texts)]
    return find_overlaps(articles, Settings(**knobs), threads=1)  # type: ignore[arg-type]


def passages(overlap: Overlap) -> list[tuple[str, str]]:
    return [(passage.a_text, passage.b_text) for passage in overlap.passages]


@settings(max_examples=30)
@given(small_corpora(), st.data())
def test_the_order_of_the_articles_does_not_matter(corpus: list[Article], data: st.DataObject) -> None:
    rule = Settings(scope=data.draw(st.sampled_from(["cross", "all"])))
    shuffled = data.draw(st.permutations(corpus))
    one, two = find_overlaps(corpus, rule, threads=1), find_overlaps(shuffled, rule, threads=1)
    assert list(one.overlaps) == list(two.overlaps)
    assert sorted(one.articles, key=lambda each: each.id) == sorted(two.articles, key=lambda each: each.id)
    assert list(one.stories) == list(two.stories)


@settings(max_examples=10)
@given(small_corpora())
def test_the_same_input_gives_the_same_bytes_with_any_number_of_threads(corpus: list[Article]) -> None:
    batches = list(to_batches(corpus, rows=2))
    rule = Settings(scope="all")
    one = lines(find_overlaps(batches, rule, threads=1))
    assert lines(find_overlaps(batches, rule, threads=3)) == one
    assert lines(find_overlaps(corpus, rule, threads=2)) == one


@settings(max_examples=10)
@given(small_corpora())
def test_a_background_of_the_same_corpus_handed_over_changes_nothing(corpus: list[Article]) -> None:
    background = learn_background(reversed(corpus), threads=1)
    given_over = find_overlaps(corpus, background=background, threads=1)
    assert lines(given_over) == lines(find_overlaps(corpus, threads=1))


@settings(max_examples=15)
@given(small_corpora())
def test_comparing_two_gives_what_the_scan_gives(corpus: list[Article]) -> None:
    background = learn_background(corpus, threads=1)
    report = find_overlaps(corpus, Settings(scope="all"), background=background, threads=1)
    by_id = {article.id: article for article in corpus}
    for overlap in report.overlaps:
        alone = compare(by_id[overlap.b], by_id[overlap.a], background=background)
        assert alone is not None
        assert alone.passages == overlap.passages
        # Whether others run it, and whether one story holds both, depends on the whole collection.
        of_two = {"syndicated": False, "reasons": (), "same_story": False}
        assert replace(alone, **of_two) == replace(overlap, **of_two)


@settings(max_examples=15)
@given(small_corpora())
def test_a_scan_across_sources_is_the_whole_scan_without_pairs_of_one_source(corpus: list[Article]) -> None:
    whole = find_overlaps(corpus, Settings(scope="all"), threads=1)
    across = find_overlaps(corpus, Settings(scope="cross"), threads=1)
    expected = [(each.a, each.b, each.passages) for each in whole.overlaps if each.a_source != each.b_source]
    assert [(each.a, each.b, each.passages) for each in across.overlaps] == expected


@settings(max_examples=15)
@given(small_corpora())
def test_what_is_reported_holds_together(corpus: list[Article]) -> None:
    report = find_overlaps(corpus, threads=1)
    texts = {article.id: article.text for article in corpus}
    assert [(each.a, each.b) for each in report.overlaps] == sorted(
        (each.a, each.b) for each in report.overlaps
    )
    for overlap in report.overlaps:
        assert overlap.a < overlap.b
        assert overlap.words == sum(passage.words for passage in overlap.passages)
        for passage in overlap.passages:
            assert passage.a.of(texts[overlap.a]) == passage.a_text
            assert passage.b.of(texts[overlap.b]) == passage.b_text
            scores = (passage.similarity, passage.jaccard, passage.cosine)
            assert all(0 <= score <= 1 for score in scores)
        for score in (overlap.similarity, overlap.jaccard, overlap.coverage_a, overlap.coverage_b):
            assert 0 <= score <= 1
        for runs_a, runs_b in agreeing_words(overlap):
            assert [texts[overlap.a][s:e] for s, e in runs_a] == [texts[overlap.b][s:e] for s, e in runs_b]
    in_stories = [name for story in report.stories for name in story.articles]
    assert len(in_stories) == len(set(in_stories))
    assert [summary.id for summary in report.articles] == [article.id for article in corpus]
    assert report.summary.overlaps == len(report.overlaps)
    assert report.summary.stories == len(report.stories)


def test_a_tiny_example_does_not_come_back_empty() -> None:
    (overlap,) = scan(f"{SHARED} {OWN[0]}", f"{OWN[1]} {SHARED}").overlaps
    assert passages(overlap) == [(SHARED[:-1], SHARED[:-1])]
    assert overlap.relation == "copy"
    assert overlap.reasons == ("the passages cover 76 % of a and 75 % of b",)


def test_what_was_left_out_is_counted() -> None:
    report = scan("", "too short", SHARED)
    assert report.summary.articles == 3
    assert len(report.overlaps) == 0
    assert [each.id for each in report.articles] == ["a", "b", "c"]
    assert {each.copied for each in report.articles} == {0.0}


def test_no_articles_give_an_empty_report() -> None:
    report = find_overlaps([])
    assert (list(report.overlaps), list(report.articles), list(report.stories)) == ([], [], [])
    assert report.summary.articles == 0
    assert len(report.story_labels) == 0


def test_a_part_of_one_article_inside_another_is_an_excerpt() -> None:
    (overlap,) = scan(SHARED, f"{' '.join(words('c', 200))}. {SHARED} {' '.join(words('d', 200))}").overlaps
    assert overlap.relation == "excerpt"
    assert overlap.coverage_a == 1.0
    assert overlap.coverage_b < 0.2
    assert passages(overlap) == [(SHARED[:-1], SHARED[:-1])]


def test_one_form_with_other_facts_is_found_and_is_no_story() -> None:
    template = (
        "Shares of {} closed at {} on the exchange on {}, {} per cent above the day before, after the firm "
        "said that profits in the quarter had grown faster than analysts had expected and that it would pay "
        "a higher dividend to its shareholders in the coming year."
    )
    rows = [
        ("Alba", "12.40", "Monday", "two"),
        ("Bexley", "7.10", "Tuesday", "four"),
        ("Corvus", "88.00", "Friday", "six"),
    ]
    report = scan(*(template.format(*row) for row in rows))
    assert [(each.a, each.b, each.relation) for each in report.overlaps] == [
        ("a", "b", "template"),
        ("a", "c", "template"),
        ("b", "c", "template"),
    ]
    assert not any(each.syndicated or each.same_story for each in report.overlaps)
    assert "“Alba” / “Bexley”" in report.overlaps[0].reasons[0]
    assert len(report.stories) == 0
    assert {each.copied for each in report.articles} == {0.0}


def test_a_near_duplicate_is_named_with_what_it_duplicates() -> None:
    report = scan(SHARED + OWN[0], OWN[1], SHARED.upper() + OWN[0], OWN[2])
    (overlap,) = report.overlaps
    assert (overlap.a, overlap.b, overlap.relation) == ("a", "c", "copy")
    summaries = {each.id: each for each in report.articles}
    assert summaries["a"].story == summaries["c"].story == "a"
    assert summaries["b"].story is None
    assert report.story_labels.tolist() == [0, -1, 0, -1]
    assert summaries["c"].others == 1
    assert summaries["c"].copied == 1.0


def test_a_pair_below_the_banding_is_still_compared_when_asked_for() -> None:
    """Every second part of the shared text is cut, so that few shingles are left in any window."""
    parts = SHARED.split()
    loose = " ".join(word for number, word in enumerate(parts) if number % 8 < 5)
    one = Article(id="a", text=SHARED)
    two = Article(id="b", text=f"{loose} {OWN[0]}")
    rule = Settings(bands=1, rows=16)
    assert len(find_overlaps([one, two], rule, threads=1).overlaps) == 0
    overlap = compare(one, two, rule)
    assert overlap is not None
    assert overlap.words >= 30


def test_only_quotes_shared_are_a_quotation() -> None:
    quote = (
        "We have told both sides for months that no military answer exists and that every family on either "
        "bank of the river wants this winter to end in peace"
    )
    (overlap,) = scan(
        f'{OWN[0]} "{quote}," she said. {OWN[1]}', f"{OWN[2]} „{quote}“, so the minister."
    ).overlaps
    assert overlap.relation == "quotation"
    assert not overlap.syndicated
    assert [passage.relation for passage in overlap.passages] == ["quotation"]
    assert overlap.quoted_words == overlap.words == len(quote.split())


MENU = (
    "Subscribe to our morning letter and never miss a story from the valley and the towns around it, "
    "from the harbour and from the hills behind"
)


def with_menus() -> list[Article]:
    """Return articles of two outlets that repeat one line in all of them, and share nothing else."""
    return [
        Article(
            id=f"{source}{number}",
            source=source,
            text=f"{' '.join(words(letter, 60, 100 * number))}.\n{MENU}\n",
        )
        for source, letter in (("Herald", "c"), ("Courier", "d"))
        for number in range(6)
    ]


def test_furniture_is_hidden_unless_it_is_asked_for() -> None:
    share = len(MENU.split()) / (60 + len(MENU.split()))
    hidden = find_overlaps(with_menus(), threads=1)
    assert list(hidden.overlaps) == []
    assert all(each.furniture == pytest.approx(share) for each in hidden.articles)
    shown = find_overlaps(with_menus(), Settings(furniture=True), threads=1)
    assert len(shown.overlaps) == 36
    assert {each.relation for each in shown.overlaps} == {"furniture"}
    assert {passage.a_text for each in shown.overlaps for passage in each.passages} == {MENU}
    assert list(shown.stories) == []
    assert not any(each.syndicated for each in shown.overlaps)


def test_showing_furniture_does_not_change_what_else_is_found() -> None:
    articles = [replace(each, text=f"{SHARED}\n{each.text}") for each in with_menus()]
    hidden = find_overlaps(articles, background=NO_BACKGROUND, threads=1)
    shown = find_overlaps(articles, Settings(furniture=True), background=NO_BACKGROUND, threads=1)
    of_the_story = [
        tuple(passage for passage in each.passages if passage.relation != "furniture")
        for each in shown.overlaps
    ]
    assert [each.passages for each in hidden.overlaps] == of_the_story
    assert [each.relation for each in hidden.overlaps] == [each.relation for each in shown.overlaps]
    assert len(hidden.overlaps) == 36


def test_a_story_of_many_outlets_stays_one_and_says_what_was_cut_short() -> None:
    articles = [Article(id=f"{number:03}", text=f"{SHARED} {OWN[number % 4]}") for number in range(90)]
    report = find_overlaps(articles, Settings(max_bucket=16), threads=2)
    (story,) = report.stories
    assert len(story.articles) == story.sources == 90
    assert report.summary.cut_short > 0
    assert len(report.overlaps) < 90 * 89 / 2
    whole = find_overlaps(articles, threads=2, settings=Settings(max_bucket=1000))
    assert whole.summary.cut_short == 0
    assert len(whole.overlaps) == 90 * 89 // 2


def test_a_bucket_is_crowded_by_articles_and_not_by_the_passages_of_one() -> None:
    text = " ".join(f"word{number}x" for number in range(200))  # neighbouring windows share half of them
    articles = [Article(id=name, source=name, text=text) for name in ("a", "b")]
    report = find_overlaps(articles, Settings(max_bucket=2))
    assert (len(report.overlaps), report.summary.cut_short) == (1, 0)


@pytest.mark.parametrize("sentences", [1, 3])
def test_articles_of_one_sentence_over_and_over_come_to_an_end(sentences: int) -> None:
    text = " ".join((SHARED, OWN[0], OWN[1])[number % sentences] for number in range(3000))
    report = scan(text, text, f"{OWN[2]} {SHARED}")
    assert {(each.a, each.b) for each in report.overlaps} >= {("a", "b")}
    assert all(0 <= each.coverage_a <= 1 and 0 <= each.coverage_b <= 1 for each in report.overlaps)


def test_three_sources_that_run_a_passage_make_it_syndicated() -> None:
    two = scan(f"{SHARED} {OWN[0]}", f"{SHARED} {OWN[1]}")
    assert not any(each.syndicated for each in two.overlaps)
    three = scan(f"{SHARED} {OWN[0]}", f"{SHARED} {OWN[1]}", f"{SHARED} {OWN[2]}")
    assert [each.syndicated for each in three.overlaps] == [True] * 3
    assert all("three or more sources" in each.reasons[-1] for each in three.overlaps)


def test_records_are_frozen() -> None:
    report = scan(f"{SHARED} {OWN[0]}", f"{SHARED} {OWN[1]}")
    (overlap,) = report.overlaps
    for record in (overlap, overlap.passages[0], report.articles[0], report.stories[0], report.summary):
        name = next(iter(record.__dataclass_fields__))
        with pytest.raises(FrozenInstanceError):
            setattr(record, name, None)
        assert not hasattr(record, "__dict__")


def test_records_are_read_like_any_sequence() -> None:
    overlaps = scan(*(f"{SHARED} {own}" for own in OWN)).overlaps
    assert len(overlaps) == 6
    assert list(overlaps) == [overlaps[number] for number in range(6)] == overlaps[:]
    assert overlaps[-1] == overlaps[5]
    assert overlaps[4:1:-2] == [overlaps[4], overlaps[2]]
    with pytest.raises(IndexError):
        overlaps[6]


def test_an_article_comes_back_as_it_was_read() -> None:
    articles = [Article(id=f"{n}", text=OWN[n], source="Herald", title=f"Title {n}") for n in range(3)]
    report = find_overlaps(to_batches(articles, rows=2), threads=1)
    assert [report.article(each.id) for each in articles] == articles
    with pytest.raises(KeyError):
        report.article("none")


def test_agreeing_words_skip_what_was_changed() -> None:
    text = f"{OWN[0]} {SHARED.replace('special military', 'small')}"
    overlap = compare(Article(id="a", text=f"{SHARED} {OWN[1]}"), Article(id="b", text=text))
    assert overlap is not None
    ((in_a, in_b),) = agreeing_words(overlap)
    assert [span.of(text) for span in in_b] == [SHARED[: SHARED.index(" special")], "operation in the east"]
    assert in_a[0] == Span(0, SHARED.index(" special"))


def test_two_articles_with_one_id_are_refused() -> None:
    with pytest.raises(DuplicateIdError, match="rows 0 and 2 carry one id, 'x'; give each its own"):
        find_overlaps([Article(id="x", text=SHARED), Article(id="y", text=""), Article(id="x", text=OWN[0])])
    batches = [*to_batches([Article(id="x", text=SHARED)]), *to_batches([Article(id="x", text=OWN[0])])]
    with pytest.raises(DuplicateIdError, match="'x'"):
        find_overlaps(batches)


def test_a_background_of_another_width_is_refused() -> None:
    with pytest.raises(BackgroundError, match=r"counts 7-word shingles and the settings ask for \d;"):
        find_overlaps([Article(id="a", text=SHARED)], background=Background.empty(7))


def test_a_scratch_place_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="`scratch`"):
        find_overlaps([Article(id="a", text=SHARED)], scratch=tmp_path / "missing")


@settings(max_examples=10)
@given(small_corpora())
def test_as_little_memory_as_can_be_changes_nothing(corpus: list[Article]) -> None:
    """Pages of the scratch directory are released at every step, and bands are joined in parts."""
    usual = lines(find_overlaps(corpus, threads=2))
    assert lines(find_overlaps(corpus, threads=2, memory=1)) == usual


def test_a_run_that_the_disk_has_no_room_for_reads_nothing(tmp_path: Path) -> None:
    class TooMuch(ArticleBatches):
        expected_bytes = 10**15
        skipped = 0
        notes = ()

        def __iter__(self) -> Iterator[pa.RecordBatch]:
            raise AssertionError("it was read")

    with pytest.raises(OutputError, match=r"GB free and the run needs about 3,100,000.0 GB; .*`scratch`"):
        find_overlaps(TooMuch(), scratch=tmp_path)
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_nothing_stays_on_disk_when_the_report_goes(tmp_path: Path) -> None:
    report = find_overlaps([Article(id="a", text=SHARED)], scratch=tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    del report
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_what_was_compared_goes_before_the_report_is_read_and_the_texts_stay(tmp_path: Path) -> None:
    report = find_overlaps([Article(id=name, text=SHARED) for name in "ab"], Settings(), scratch=tmp_path)
    left = {path.name for path in tmp_path.glob("*/*")}
    assert "texts" in left
    assert not left & {"tokens", "flags"}
    (passage,) = report.overlaps[0].passages
    assert passage.a_text == SHARED[passage.a_start : passage.a_end]
    assert report.article("b").text == SHARED
    assert report.furniture([report.article("b")]) == [[]]


def test_nothing_stays_on_disk_when_the_reading_fails(tmp_path: Path) -> None:
    twice = [Article(id="x", text=SHARED)] * 2
    with pytest.raises(DuplicateIdError):
        find_overlaps(twice, scratch=tmp_path)
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_progress_is_told_stage_by_stage() -> None:
    told: list[tuple[str, int, int | None]] = []
    articles = [Article(id=f"{number}", text=f"{SHARED} {OWN[number]}") for number in range(4)]
    find_overlaps(articles, threads=1, progress=lambda *told_now: told.append(told_now))
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == [
        "reading",
        "sketching",
        "joining",
        "aligning",
        "placing",
    ]
    assert [each for each in told if each[0] == "aligning"][-1] == ("aligning", 6, 6)
    assert told[-1] == ("placing", 4, 4)


def test_batches_without_rows_are_no_harm() -> None:
    (empty,) = to_batches([Article(id="a", text=SHARED)])
    report = find_overlaps([empty.slice(0, 0), *to_batches([Article(id="a", text=SHARED)])])
    assert report.summary.articles == 1
    assert isinstance(empty, pa.RecordBatch)


def test_passages_with_equal_keys_by_chance_are_no_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a large corpus: every key is the same, and only the tails distinguish the windows."""
    candidates: list[int] = []

    def one_key(signatures: np.ndarray, functions: object, *, bands: int, rows: int) -> np.ndarray:
        return np.ones((bands, len(signatures)), np.uint32)

    def counted(*arguments: object, **options: object) -> CandidatePairs:
        pairs = join(*arguments, **options)  # type: ignore[arg-type]
        candidates.append(len(pairs.a))
        return pairs

    join = detector.join
    monkeypatch.setattr(sketches, "band_keys", one_key)
    monkeypatch.setattr(detector, "join", counted)
    texts = [" ".join(words(f"c{number}x", 26)) for number in range(40)]
    find_overlaps(
        [Article(id=str(number), source=str(number), text=text) for number, text in enumerate(texts)]
    )
    assert candidates[0] < 40 * 39 / 2 / 3
