"""Results in words: shares, times, headlines, and the sentence that leads every report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from dedup.article import Article, Span
from dedup.report.sentence import counts
from dedup.reporting.records import utc
from dedup.results import ArticleSummary, Report, Summary

#: What the displayed scores mean, in the words of `dedup.results`.
FORMULAS = (
    ("similarity", "2 × agreeing words ÷ words of both passages; of an overlap, the mean weighted by words"),
    ("Jaccard", "shingles that both have ÷ shingles that either has"),
    ("cosine", "cosine of the two passages' TF-IDF word vectors"),
    ("coverage", "words of the article in its aligned passages ÷ its words, site furniture aside"),
    ("longest run", "words that agree without a break"),
)

#: The forms of `dedup.results.Credit` as an editor reads them.
FORM_WORDS = {
    "dateline": "dateline",
    "byline": "byline",
    "sign_off": "sign-off",
    "contribution": "contribution line",
    "copyright": "copyright line",
    "feed": "line of a feed or another outlet",
    "metadata": "field beside the text",
    "mention": "named in the text",
}

CREDIT_THERE = "it is credited"
CREDIT_MISSING = "no credit was found"

_HEADLINE_WORDS = 5
_HEADLINE_LINES = 60
_BYLINE = re.compile(r"(?:by|von|por|par)\s+\w", re.IGNORECASE)
_NO_HEADLINE = re.compile(
    r"\((?:[^()]*\bphoto\b|[^()]*\bvia\b|file)[^()]*\)|\b\d{1,2}[:.]\d{2}\b.*\b(?:[ap]\.?m|utc|gmt|est|edt)\b"
    r"|^(?:share|follow|updated|published|posted|photo|image|skip|subscribe|sign)\b",
    re.IGNORECASE,
)
_HEADLINE_CHARACTERS = 110


def verdict(report: Report, summary: ArticleSummary) -> str:
    """Say how much of an article others have, whose copy it is, where else it ran, and who was first.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> lonely = ArticleSummary(
    ...     id="a", source="A", title=None, url=None, published=None, published_precision=None,
    ...     published_zone=None, words=100, copied=0, quoted=0, furniture=0, agency=None,
    ...     credited=False, passages=0, others=0, earliest=None, story=None
    ... )
    >>> verdict(SimpleNamespace(), lonely)
    'Nothing of this article was found elsewhere.'
    """
    if summary.sentence:
        return summary.sentence
    if not summary.passages:
        return "Nothing of this article was found elsewhere."
    parts = [_what(summary), count(summary.passages, "passage"), _where(summary), _first(report, summary)]
    sentence = ", ".join(parts)
    if summary.agency and summary.copied:
        sentence += f"; {CREDIT_THERE if summary.credited else CREDIT_MISSING}"
    return sentence + "."


def credit_state(summary: ArticleSummary) -> str | None:
    """Return whether an article credits its sources: credited, named, not_found; None without a source."""
    suppliers = [each for each in summary.suppliers if counts(each)]
    if summary.suppliers:
        states = {each.state for each in suppliers if each.state}
        return next((state for state in ("not_found", "named", "credited") if state in states), None)
    if not summary.agency or not summary.copied:
        return None
    return "credited" if summary.credited else "not_found"


def agency_share(summary: ArticleSummary) -> float:
    """Return the share of an article's words from agencies and feeds, at most its copied share."""
    suppliers = summary.suppliers
    if suppliers:
        share = sum(each.share for each in suppliers if each.kind in ("agency", "feed"))
        return float(min(share, summary.copied))
    return summary.copied if summary.agency else 0.0


def percent(share: float) -> str:
    """Write a share as a whole percentage that never claims all or nothing falsely.

    Examples
    --------
    >>> percent(0.6249), percent(0.002), percent(0.998), percent(1)
    ('62 %', 'under 1 %', '99 %', '100 %')
    """
    if 0 < share < 0.01:
        return "under 1 %"
    return f"{round(share * 100) if share >= 1 else min(round(share * 100), 99)} %"


def count(number: int, noun: str, many: str | None = None) -> str:
    """Write a number and its noun.

    Examples
    --------
    >>> count(1, "passage"), count(1200, "story", "stories")
    ('1 passage', '1,200 stories')
    """
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def more(number: int, noun: str, many: str | None = None) -> str | None:
    """Say how many were left out, or return None if none were.

    Examples
    --------
    >>> more(2, "story", "stories"), more(0, "story")
    ('2 more stories, not shown.', None)
    """
    return (
        f"{number:,} more {noun if number == 1 else many or noun + 's'}, not shown." if number > 0 else None
    )


def moment(when: datetime, *, beside: datetime | None = None) -> str:
    """Write a time in UTC: day and time of day; without the day if it is that of `beside`.

    Midnight to the second is taken as a date without a time of day.

    Examples
    --------
    >>> morning = datetime(2022, 2, 24, 10, 2)
    >>> moment(morning), moment(morning, beside=datetime(2022, 2, 24)), moment(datetime(2022, 2, 24))
    ('2022-02-24 10:02', '10:02', '2022-02-24')
    """
    at = utc(when) or when
    if not (at.hour or at.minute or at.second):
        return f"{at:%Y-%m-%d}"
    other = utc(beside)
    return f"{at:%H:%M}" if other and other.date() == at.date() else f"{at:%Y-%m-%d %H:%M}"


def gap(seconds: int | None) -> str:
    """Write a time span.

    Examples
    --------
    >>> gap(20), gap(95 * 60), gap(3 * 86_400), gap(None)
    ('within a minute', '1 h 35 min', '3 days', 'later')
    """
    if seconds is None:
        return "later"
    minutes = round(seconds / 60)
    if minutes < 1:
        return "within a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return count(round(hours / 24), "day")


def headline(article: Article, furniture: Sequence[Span] = ()) -> str:
    """Return the title, or else the first line of the text that looks like one, or else the id.

    A line of at least five words looks like a title unless it is mostly site furniture, a date, a byline or a
    photo credit. Among the first lines, the one just before a byline is preferred.
    """
    if article.title and article.title.strip():
        return " ".join(article.title.split())
    candidates: list[str] = []
    for line, start in _first_lines(article.text):
        if _BYLINE.match(line):
            if candidates:
                return _shortened(candidates[-1])
        elif len(line.split()) >= _HEADLINE_WORDS and not _NO_HEADLINE.search(line):
            inside = sum(
                max(0, min(span.end, start + len(line)) - max(span.start, start)) for span in furniture
            )
            if 2 * inside < len(line):
                candidates.append(line)
    if candidates:
        return _shortened(candidates[0])
    return _shortened(" ".join(article.text.split())) or article.id


def _first_lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield the first lines that contain words, with their places; menus above a headline can be long."""
    start = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        if number == _HEADLINE_LINES:
            return
        stripped = " ".join(line.split())
        if stripped:
            yield stripped, start
        start += len(line)


def numbers(summary: Summary) -> str:
    """Summarise the run in one line.

    Examples
    --------
    >>> numbers(Summary(schema=2, articles=5, skipped=0, undated=0, overlaps=3, stories=1, cut_short=0,
    ...                 settings="0f", algorithm=1, background="1f", version="0.1.0"))
    '5 articles, 3 overlaps, 1 story.'
    """
    parts = [
        count(summary.articles, "article"),
        count(summary.overlaps, "overlap"),
        count(summary.stories, "story", "stories"),
    ]
    if summary.skipped:
        parts.append(f"{summary.skipped:,} skipped")
    if summary.cut_short:
        parts.append(f"{count(summary.cut_short, 'pair')} of popular buckets not aligned")
    return ", ".join(parts) + "."


def _what(summary: ArticleSummary) -> str:
    if not summary.copied:
        return (
            f"No copy: {percent(summary.quoted)} of this article is quotations that others give too"
            if summary.quoted
            else "No copy: this article shares site furniture only"
        )
    if summary.agency:
        return f"{percent(summary.copied)} of this article is {summary.agency} copy"
    return f"{percent(summary.copied)} of this article runs elsewhere too"


def _where(summary: ArticleSummary) -> str:
    return f"also at {count(summary.others, 'outlet')}" if summary.others else "all at its own outlet"


def _first(report: Report, summary: ArticleSummary) -> str:
    if summary.earliest is None:
        return "earliest unknown"
    first = report.article(summary.earliest)
    own = report.article(summary.id)
    when = f" {moment(first.published, beside=own.published)}" if first.published else ""
    return f"earliest{when} here" if first.id == summary.id else f"earliest{when} at {first.source}"


def _shortened(text: str) -> str:
    if len(text) <= _HEADLINE_CHARACTERS:
        return text
    return text[:_HEADLINE_CHARACTERS].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + " …"
