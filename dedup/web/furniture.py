"""The lines that count as a site's furniture: its articles have them in common, and they are not compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from dedup.article import Article, Span
from dedup.web.view import View

#: Number of the newest articles that are searched, and maximum number of lines that are listed.
_MOST_ARTICLES, _MOST_LINES = 2_000, 200
#: Minimum number of an outlet's articles that must have a line.
_FEWEST = 2
_LETTERS = 300
_AT_ONCE = 200


class Line(NamedTuple):
    """A line of an outlet's pages.

    Attributes
    ----------
    source, text : str
    articles : int
        Number of the searched articles that have it.
    example : str
        The id of one of these articles.
    """

    source: str
    text: str
    articles: int
    example: str


def furniture_lines(view: View) -> list[Line]:
    """Return the lines that are left out as furniture, the most frequent of each outlet first."""
    ids = [each.id for each in view.report.articles][-_MOST_ARTICLES:]
    counts: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    for start in range(0, len(ids), _AT_ONCE):
        articles = [view.report.article(each) for each in ids[start : start + _AT_ONCE]]
        for article, spans in zip(articles, view.report.furniture(articles), strict=True):
            for text in _texts(article, spans):
                counts[article.source, text] += 1
                example.setdefault((article.source, text), article.id)
    by_source: dict[str, list[Line]] = defaultdict(list)
    for (source, text), count in counts.most_common():
        if count >= _FEWEST:
            by_source[source].append(Line(source, text, count, example[source, text]))
    lines = [line for source in sorted(by_source, key=str.casefold) for line in by_source[source]]
    return lines[:_MOST_LINES]


def _texts(article: Article, spans: Sequence[Span]) -> set[str]:
    """Return the lines of the spans, each once, without surrounding space."""
    found = {
        " ".join(line.split())[:_LETTERS]
        for span in spans
        for line in article.text[span.start : span.end].splitlines()
    }
    return found - {""}
