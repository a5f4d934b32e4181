"""A small report made by hand from the seed articles, and hostile ones, held in memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from difflib import SequenceMatcher
from math import sqrt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from dedup.article import Article, Span
from dedup.results import AlignedPassages, ArticleSummary, Overlap, Story, Summary
from dedup.schemas import ARTICLE_SCHEMA, OVERLAP_SCHEMA

SEEDS = Path(__file__).parents[2] / "seeds"


@dataclass(frozen=True)
class HandMade:
    """The `Report` protocol over plain tuples."""

    texts: tuple[Article, ...]
    overlaps: tuple[Overlap, ...]
    articles: tuple[ArticleSummary, ...]
    stories: tuple[Story, ...]
    summary: Summary
    notes: tuple[str, ...] = ()

    def overlap_blocks(self) -> list[tuple[int, int]]:
        return [(start, min(start + 2, len(self.overlaps))) for start in range(0, len(self.overlaps), 2)]

    def overlap_batch(self, start: int, end: int) -> pa.RecordBatch:
        rows = [asdict(each) for each in self.overlaps[start:end]]
        return pa.RecordBatch.from_pylist(rows, schema=OVERLAP_SCHEMA)

    def article_batch(self, start: int, end: int) -> pa.RecordBatch:
        rows = [asdict(each) for each in self.articles[start:end]]
        return pa.RecordBatch.from_pylist(rows, schema=ARTICLE_SCHEMA)

    def article(self, id: str) -> Article:  # noqa: A002
        return {each.id: each for each in self.texts}[id]


def words_of(text: str, span: Span) -> list[Span]:
    return [Span(span.start + m.start(), span.start + m.end()) for m in re.finditer(r"\w+", span.of(text))]


def agreeing_words(a: str, b: str, passage: AlignedPassages) -> tuple[list[Span], list[Span]]:
    """Return the words of a passage that agree, by difflib: slow, but independent of the program's code."""
    in_a, in_b = words_of(a, passage.a), words_of(b, passage.b)
    matcher = SequenceMatcher(
        a=[span.of(a).lower() for span in in_a], b=[span.of(b).lower() for span in in_b], autojunk=False
    )
    blocks = matcher.get_matching_blocks()
    return (
        [in_a[block.a + k] for block in blocks for k in range(block.size)],
        [in_b[block.b + k] for block in blocks for k in range(block.size)],
    )


def between(text: str, first: str, last: str) -> Span:
    """Return the span from the start of `first` to the end of the next `last`."""
    start = text.index(first)
    return Span(start, text.index(last, start) + len(last))


def passage(
    a: str, b: str, in_a: Span, in_b: Span, relation: str = "edited", quoted: int = 0
) -> AlignedPassages:
    blank = AlignedPassages(
        a_start=in_a.start,
        a_end=in_a.end,
        b_start=in_b.start,
        b_end=in_b.end,
        relation=relation,
        similarity=0,
        jaccard=0,
        cosine=0,
        words=0,
        quoted_words=quoted,
        a_text=in_a.of(a),
        b_text=in_b.of(b),
    )
    words, total = len(agreeing_words(a, b, blank)[0]), len(words_of(a, in_a)) + len(words_of(b, in_b))
    bags = [Counter(re.findall(r"\w+", text.lower())) for text in (blank.a_text, blank.b_text)]
    dot = sum(number * bags[1][word] for word, number in bags[0].items())
    norms = [sqrt(sum(number**2 for number in bag.values())) for bag in bags]
    sets = [
        {tuple(words[i : i + 4]) for i in range(len(words) - 3)}
        for words in (re.findall(r"\w+", text.lower()) for text in (blank.a_text, blank.b_text))
    ]
    return replace(
        blank,
        similarity=2 * words / total,
        jaccard=len(sets[0] & sets[1]) / max(1, len(sets[0] | sets[1])),
        cosine=dot / (norms[0] * norms[1]),
        words=words,
    )


def overlap(
    a: Article, b: Article, passages: Sequence[AlignedPassages], relation: str = "partial"
) -> Overlap:
    words = sum(each.words for each in passages)
    inside = [
        sum(len(words_of(a.text, each.a)) for each in passages),
        sum(len(words_of(b.text, each.b)) for each in passages),
    ]
    gap = None
    if a.published and b.published and a.published != b.published:
        gap = int((b.published - a.published).total_seconds())
    all_words = [len(words_of(each.text, Span(0, len(each.text)))) for each in (a, b)]
    return Overlap(
        a=a.id,
        b=b.id,
        a_source=a.source,
        b_source=b.source,
        relation=relation,
        syndicated=relation != "quotation",
        agency="PTI" if relation != "quotation" else None,
        agencies=("PTI",) if relation != "quotation" else (),
        similarity=sum(each.similarity * each.words for each in passages) / words,
        jaccard=0.21875,
        coverage_a=inside[0] / all_words[0],
        coverage_b=inside[1] / all_words[1],
        words=words,
        quoted_words=sum(each.quoted_words for each in passages),
        longest_run=max(each.words for each in passages),
        earlier=None if gap is None else "a" if gap > 0 else "b",
        gap_seconds=None if gap is None else abs(gap),
        reasons=(
            f"{words} words agree in {len(passages)} passages",
            'the credit "(PTI)" stands in one of them',
        ),
        passages=tuple(passages),
    )


def _read(number: str) -> str:
    return next(SEEDS.glob(f"{number}_*.txt")).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def report() -> HandMade:
    moment = datetime(2022, 2, 24, 10, 2, tzinfo=UTC)
    eastern, before, kashmir, print_ = (
        Article(
            "000",
            _read("000"),
            "Eastern Eye",
            "Imran Khan, Putin discuss Ukraine and south Asia",
            "https://example.org/000",
            moment.replace(hour=15, minute=40),
            "en",
        ),
        Article(
            "001",
            _read("001"),
            "Eastern Eye",
            "Imran Khan's first visit to Russia from February 23",
            published=moment.replace(day=22, hour=0, minute=0),
        ),
        Article("002", _read("002"), "Kashmir Today", published=moment),
        Article("003", _read("003"), "ThePrint", "Pakistan PM Imran Khan raises Kashmir issue with Russia"),
    )

    def pair(first: Article, second: Article, relation: str, *rows: tuple[Any, ...]) -> Overlap:
        passages = [
            passage(
                first.text,
                second.text,
                between(first.text, *in_first),
                between(second.text, *in_second),
                *rest,
            )
            for in_first, in_second, *rest in rows
        ]
        return overlap(first, second, passages, relation)

    met, rt = ("Vladimir Putin met", "eastern Ukraine"), "In an interview"
    drills = ("regular joint", "including Afghanistan")
    ties = ("bilateral ties including", "international issues")
    trust = ("community for a", "connected Afghanistan")
    calm = ("conflict was not", "dialogue and diplomacy")
    wire = pair(
        eastern,
        kashmir,
        "partial",
        (met, met),
        (("In Washington, Dep", "Putin's actions"), ("In Washington, Dep", "Putin’s actions")),
        (("Well, we're", "over war"), ("Well, we’re", "over war"), "quotation", 34),
        ((rt, "opposition to that"), (rt, "India’s opposition")),
        (drills, drills),
    )
    background = pair(
        before,
        kashmir,
        "excerpt",
        (ties, ties, "verbatim"),
        (("Pakistan's ties", "towards Russia"), ("Pakistan’s ties", "towards Russia")),
        (("The two countries are", drills[1]), ("The two countries are", drills[1])),
    )
    quotes = pair(eastern, print_, "quotation", (trust, trust, "quotation", 7), (calm, calm, "quotation", 22))
    overlaps = (wire, quotes, background)
    return HandMade(
        texts=(eastern, before, kashmir, print_, Article("004", _read("004"), "Eastern Eye")),
        overlaps=overlaps,
        articles=(
            ArticleSummary(
                id="000",
                source="Eastern Eye",
                title=None,
                url=None,
                published=None,
                published_precision=None,
                published_zone=None,
                words=1000,
                copied=0.34567,
                quoted=0.08,
                furniture=0.41,
                agency="PTI",
                credited=True,
                passages=7,
                others=2,
                earliest="002",
                story="000",
            ),
            ArticleSummary(
                id="001",
                source="Eastern Eye",
                title=None,
                url=None,
                published=None,
                published_precision=None,
                published_zone=None,
                words=1000,
                copied=0.1234,
                quoted=0,
                furniture=0.45,
                agency="PTI",
                credited=True,
                passages=3,
                others=1,
                earliest="001",
                story="000",
            ),
            ArticleSummary(
                id="002",
                source="Kashmir Today",
                title=None,
                url=None,
                published=None,
                published_precision=None,
                published_zone=None,
                words=1000,
                copied=0.62,
                quoted=0.05,
                furniture=0.03,
                agency="PTI",
                credited=False,
                passages=8,
                others=1,
                earliest="002",
                story="000",
            ),
            ArticleSummary(
                id="003",
                source="ThePrint",
                title=None,
                url=None,
                published=None,
                published_precision=None,
                published_zone=None,
                words=1000,
                copied=0,
                quoted=0.031,
                furniture=0.1,
                agency=None,
                credited=False,
                passages=2,
                others=1,
                earliest=None,
                story="000",
            ),
            ArticleSummary(
                id="004",
                source="Eastern Eye",
                title=None,
                url=None,
                published=None,
                published_precision=None,
                published_zone=None,
                words=1000,
                copied=0,
                quoted=0,
                furniture=0.05,
                agency=None,
                credited=False,
                passages=0,
                others=0,
                earliest=None,
                story=None,
            ),
        ),
        stories=(
            Story(
                id="000",
                articles=("000", "001", "002", "003"),
                sources=3,
                origin="002",
                origin_reason="earliest of the full texts",
                first_published=moment,
            ),
        ),
        summary=Summary(
            schema=2,
            articles=5,
            skipped=0,
            undated=0,
            overlaps=3,
            stories=1,
            cut_short=12,
            settings="0f3a5b7c9d1e2f40",
            algorithm=1,
            background="1f",
            version="0.1.0",
        ),
        notes=("The source of 004 was inferred from its folder.",),
    )


@pytest.fixture(scope="session")
def agreeing(report: HandMade) -> Callable[[Overlap], list[tuple[list[Span], list[Span]]]]:
    def words(pair: Overlap) -> list[tuple[list[Span], list[Span]]]:
        a, b = report.article(pair.a).text, report.article(pair.b).text
        return [agreeing_words(a, b, each) for each in pair.passages]

    return words


@pytest.fixture(scope="session")
def furniture() -> Callable[[Sequence[Article]], list[list[Span]]]:
    def places(article: Article) -> list[Span]:
        text, more = article.text, article.text.find("More For You")
        head = [Span(0, text.index("Latest Stories") + 14)] if "Latest Stories" in text else []
        return head + ([Span(more, len(text))] if more >= 0 else [])

    return lambda articles: [places(each) for each in articles]


HOSTILE = (
    "</script><script>window.broken = 1</script> \"quotes\" 'single' & <b>bold</b> \u2028 line \u2029 "
    "{{ 7 * 7 }} <img src=x onerror='window.broken = 2'> \x1b[31mred and the shared words go on, and on"
)


@pytest.fixture(scope="session")
def hostile() -> HandMade:
    """Return a report whose external fields all contain markup, quotes, separators and control characters."""
    a = Article(
        f"a {HOSTILE}", HOSTILE, f"A {HOSTILE}", f"T {HOSTILE}", "javascript:window.broken=3", language='"><b'
    )
    b = Article(
        f"b {HOSTILE}",
        HOSTILE,
        f"B {HOSTILE}",
        None,
        'https://example.org/"><script>window.broken=4</script>',
    )
    whole = Span(0, len(HOSTILE))
    pair = overlap(a, b, [passage(HOSTILE, HOSTILE, whole, whole)])
    pair = replace(pair, agency=HOSTILE, reasons=(HOSTILE,))
    return HandMade(
        texts=(a, b),
        overlaps=(pair,),
        articles=tuple(
            ArticleSummary(
                id=each.id,
                source=each.source,
                title=None,
                url=None,
                published=None,
                published_precision=None,
                published_zone=None,
                words=1000,
                copied=1.0,
                quoted=0,
                furniture=0,
                agency=HOSTILE,
                credited=False,
                passages=1,
                others=1,
                earliest=a.id,
                story=a.id,
            )
            for each in (a, b)
        ),
        stories=(
            Story(
                id=a.id,
                articles=(a.id, b.id),
                sources=2,
                origin=a.id,
                origin_reason=HOSTILE,
                first_published=None,
            ),
        ),
        summary=Summary(
            schema=2,
            articles=2,
            skipped=0,
            undated=0,
            overlaps=1,
            stories=1,
            cut_short=0,
            settings="0f",
            algorithm=1,
            background="1f",
            version="0.1.0",
        ),
        notes=(HOSTILE,),
    )


@pytest.fixture(scope="session")
def right_to_left() -> HandMade:
    """Return two Urdu articles that share their text, with one word changed."""
    text = (
        "بندرگاہ کی کونسل نے منگل کی رات شمالی گھاٹ کو مرمت کے لیے بند کرنے کا فیصلہ کیا کیونکہ غوطہ خوروں "
        "کو "
        "اس کے دو پرانے ستونوں میں دراڑیں ملی تھیں۔ انجینئروں نے اجلاس کو بتایا کہ کام میں نو ماہ لگیں گے۔"
    )
    other = text.replace("منگل", "بدھ")
    a = Article("ur1", text, "روزنامہ ساحل", "شمالی گھاٹ نو ماہ کے لیے بند", language="ur")
    b = Article("ur2", other, "Coast Daily", "گھاٹ بند", language="ur")
    pair = overlap(a, b, [passage(text, other, Span(0, len(text)), Span(0, len(other)))], "copy")
    return HandMade(
        texts=(a, b),
        overlaps=(pair,),
        articles=tuple(
            ArticleSummary(
                id=each.id,
                source=each.source,
                title=None,
                url=None,
                published=None,
                published_precision=None,
                published_zone=None,
                words=1000,
                copied=1.0,
                quoted=0,
                furniture=0,
                agency=None,
                credited=False,
                passages=1,
                others=1,
                earliest=None,
                story="ur1",
            )
            for each in (a, b)
        ),
        stories=(
            Story(
                id="ur1",
                articles=("ur1", "ur2"),
                sources=2,
                origin="ur1",
                origin_reason="its shared text is the most complete",
                first_published=None,
            ),
        ),
        summary=Summary(
            schema=2,
            articles=2,
            skipped=0,
            undated=0,
            overlaps=1,
            stories=1,
            cut_short=0,
            settings="0f",
            algorithm=1,
            background="1f",
            version="0.1.0",
        ),
    )


@pytest.fixture(scope="session")
def empty() -> HandMade:
    return HandMade(
        (),
        (),
        (),
        (),
        Summary(
            schema=2,
            articles=0,
            skipped=0,
            undated=0,
            overlaps=0,
            stories=0,
            cut_short=0,
            settings="0f",
            algorithm=1,
            background="1f",
            version="0.1.0",
        ),
    )


@pytest.fixture(scope="session")
def many(report: HandMade) -> HandMade:
    """Return about 300 overlaps, 301 articles and 300 stories, each with a different size."""
    text = "one two three four five six seven eight nine ten " * 4
    texts = tuple(Article(f"n{k:03}", text, f"source {k % 7}") for k in range(301))
    one = passage(text, text, Span(0, 48), Span(0, 48), "verbatim")
    pairs = tuple(
        replace(
            overlap(texts[k], texts[k + 1], [one]), words=k, quoted_words=0, a=f"n{k:03}", b=f"n{k + 1:03}"
        )
        for k in range(300)
    )
    summaries = tuple(
        ArticleSummary(
            id=each.id,
            source=each.source,
            title=None,
            url=None,
            published=None,
            published_precision=None,
            published_zone=None,
            words=1000,
            copied=k / 301,
            quoted=0,
            furniture=0,
            agency=None,
            credited=False,
            passages=1,
            others=1,
            earliest=None,
            story=each.id,
        )
        for k, each in enumerate(texts)
    )
    stories = tuple(
        Story(
            id=pair.a,
            articles=(pair.a, pair.b),
            sources=2,
            origin=pair.a,
            origin_reason="most complete text",
            first_published=None,
        )
        for pair in pairs
    )
    return HandMade(
        texts,
        pairs,
        summaries,
        stories,
        Summary(
            schema=2,
            articles=301,
            skipped=3,
            undated=0,
            overlaps=300,
            stories=300,
            cut_short=0,
            settings="0f",
            algorithm=1,
            background="1f",
            version="0.1.0",
        ),
    )
