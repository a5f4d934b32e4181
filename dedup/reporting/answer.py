"""The answer about one checked article, as ``dedup check`` and the desk give it.

The names and values are those of the records in `dedup.results`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

from dedup.article import Article, Span
from dedup.detector import agreeing_words
from dedup.reporting.page_values import is_web_address, utf16_places
from dedup.reporting.records import record_of, rounded
from dedup.reporting.wording import agency_share, headline
from dedup.results import ArticleSummary, Overlap, Report
from dedup.settings import Settings

Unit = Literal["codepoint", "utf16"]
Level = Literal["scores", "summary", "detail", "full"]
UNITS: tuple[Unit, ...] = get_args(Unit)
LEVELS: tuple[Level, ...] = get_args(Level)

Places = Callable[[int], int]


def answer(
    report: Report,
    summary: ArticleSummary,
    overlaps: Sequence[Overlap],
    *,
    unit: Unit = "codepoint",
    level: Level = "detail",
    min_words: int = 1,
    settings: Settings | None = None,
) -> dict[str, Any]:
    """Report what was found about one article, as seen from it.

    Parameters
    ----------
    report : Report
    summary : ArticleSummary
    overlaps : sequence of Overlap
        The three values that `dedup.index.Index.check` returns.
    unit : {"codepoint", "utf16"}
        What places count: characters, or UTF-16 units as in JavaScript.
    level : {"scores", "summary", "detail", "full"}
        "scores" leaves the matches out, and "summary" their passages. "full" adds the passages' texts, and
        the operations that turn one into the other.
    min_words : int
        Passages with fewer words are left out, and matches that have no other passages.
    settings : Settings, optional
        How words are compared for "full".

    Returns
    -------
    dict
        `sentence`, `shares` (agency, others, quotes and own sum to 1; furniture is a share of all words),
        `article` (its record), `suppliers`, `credits`, `first` (the earliest article, or null), and
        `matches`, those with most shared words first.
    """
    places = _places(report.article(summary.id), unit)
    record = record_of(summary)
    record["credits"] = [_credit(each, places) for each in record["credits"]]
    found = [_match(report, each, summary.id, unit, level, min_words, settings) for each in overlaps]
    matches = sorted(
        (each for each in found if each is not None), key=lambda each: (-each["words"], each["id"])
    )
    answered = {
        "unit": unit,
        "sentence": summary.sentence or quiet_sentence(summary, len(matches)),
        "shares": shares_of(summary),
        "suppliers": record["suppliers"],
        "credits": record["credits"],
        "first": None if summary.earliest is None else _who(report, summary.earliest),
        "article": record,
    }
    return answered if level == "scores" else answered | {"matches": matches}


def quiet_sentence(summary: ArticleSummary, matches: int) -> str:
    """Return the sentence for an article about which there is almost nothing to say."""
    if not matches:
        return "Nothing of this text was found in other articles."
    if summary.quoted and not summary.copied:
        return "It shares quotations with other articles, and no other text."
    return "It shares only a few words with other articles."


def shares_of(summary: ArticleSummary) -> dict[str, float]:
    """Return an article's parts: agency, others, quotes and own sum to 1; furniture is a share of all."""
    agency = agency_share(summary)
    return {
        "agency": rounded(agency),
        "others": rounded(max(0.0, summary.copied - agency)),
        "quotes": rounded(summary.quoted),
        "own": rounded(max(0.0, 1.0 - summary.copied - summary.quoted)),
        "furniture": rounded(summary.furniture),
    }


def _match(
    report: Report,
    overlap: Overlap,
    id: str,  # noqa: A002
    unit: Unit,
    level: Level,
    min_words: int,
    settings: Settings | None,
) -> dict[str, Any] | None:
    own = "a" if overlap.a == id else "b"
    passages = [each for each in overlap.passages if each.words >= min_words]
    if not passages:
        return None
    other = overlap.b if own == "a" else overlap.a
    direction = None if overlap.earlier is None else "later" if overlap.earlier == own else "earlier"
    match = _who(report, other) | {
        "direction": direction or "unknown",
        "gap_seconds": overlap.gap_seconds,
        "relation": overlap.relation,
        "syndicated": overlap.syndicated,
        "agencies": list(overlap.agencies),
        "words": sum(each.words for each in passages),
        "quoted_words": sum(each.quoted_words for each in passages),
        "share_of_this": rounded(overlap.coverage_a if own == "a" else overlap.coverage_b),
        "share_of_other": rounded(overlap.coverage_b if own == "a" else overlap.coverage_a),
        "similarity": rounded(overlap.similarity),
    }
    if level in ("detail", "full"):
        here, there = _places(report.article(id), unit), _places(report.article(other), unit)
        if own == "b":
            here, there = there, here
        marked = agreeing_words(overlap, settings) if level == "full" else None
        match["passages"] = [
            _passage(each, own, here, there, None if marked is None else marked[number])
            for number, each in enumerate(overlap.passages)
            if each.words >= min_words
        ]
    return match


def _passage(
    passage: Any, own: str, a: Places, b: Places, marked: tuple[Sequence[Span], Sequence[Span]] | None
) -> dict[str, Any]:
    """Return one passage; `a` and `b` are the places of the pair's two texts."""
    spans = [(a(passage.a_start), a(passage.a_end)), (b(passage.b_start), b(passage.b_end))]
    texts = [passage.a_text, passage.b_text]
    if own == "b":
        spans.reverse()
        texts.reverse()
    record = {
        "start": spans[0][0],
        "end": spans[0][1],
        "other_start": spans[1][0],
        "other_end": spans[1][1],
        "relation": passage.relation,
        "similarity": rounded(passage.similarity),
        "words": passage.words,
        "quoted_words": passage.quoted_words,
    }
    if marked is not None:
        runs = [
            ((a(one.start), a(one.end)), (b(other.start), b(other.end)))
            for one, other in zip(*marked, strict=True)
        ]
        if own == "b":
            runs = [(other, one) for one, other in runs]
        record |= {"text": texts[0], "other_text": texts[1], "ops": _operations(runs, spans[0], spans[1])}
    return record


def _operations(
    runs: Sequence[tuple[tuple[int, int], tuple[int, int]]], here: tuple[int, int], there: tuple[int, int]
) -> list[list[Any]]:
    """Return ``["=", start, end, other_start, other_end]``, ``["-", start, end]`` or ``["+", …]`` items."""
    made: list[list[Any]] = []
    at, beside = here[0], there[0]
    for (start, end), (other_start, other_end) in [*runs, ((here[1],) * 2, (there[1],) * 2)]:
        if start > at:
            made.append(["-", at, start])
        if other_start > beside:
            made.append(["+", beside, other_start])
        if end > start:
            made.append(["=", start, end, other_start, other_end])
        at, beside = end, other_end
    return made


def _who(report: Report, id: str) -> dict[str, Any]:  # noqa: A002
    article = report.article(id)
    record = {
        "id": article.id,
        "source": article.source,
        "title": headline(article),
        "url": article.url if is_web_address(article.url) else None,
    }
    published = None if article.published is None else article.published.isoformat().replace("+00:00", "Z")
    return record | {
        "published": published,
        "published_precision": article.published_precision,
        "published_zone": article.published_zone,
    }


def _credit(credit: dict[str, Any], places: Places) -> dict[str, Any]:
    return credit | {
        name: None if credit[name] is None else places(credit[name]) for name in ("start", "end")
    }


def _places(article: Article, unit: Unit) -> Places:
    return utf16_places(article.text) if unit == "utf16" else int
