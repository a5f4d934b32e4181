"""The input: articles, and places in their text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

#: How exact a publication time is: the unit in which it was given.
Precision = Literal["second", "minute", "hour", "day", "month", "year"]
#: Whether a time was given with its zone, or one was assumed.
Zone = Literal["given", "assumed"]


class Span(NamedTuple):
    """A half-open run ``[start, end)`` of characters (`str` positions) of an article's text.

    Examples
    --------
    >>> Span(4, 9).of("the quick fox")
    'quick'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of `text` that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Article:
    """One text with its metadata.

    Parameters
    ----------
    id : str
        Unique within a run.
    text : str
        The text as it was given, which every span refers to.
    source : str, optional
        The outlet that ran the article. Without one the article is a source of its own: `source` becomes
        `id`.
    title, url, language : str, optional
    published : datetime, optional
        Publication time: the start of the second, day, month … that was given. A time without a zone counts
        as UTC.
    published_precision : {"second", "minute", "hour", "day", "month", "year"}, optional
        Which of these units was given; "second" by default.
    published_zone : {"given", "assumed"}, optional
        Whether the zone is known; by default it is known if `published` has one.
    credit_lines : str, optional
        Statements of credit, copyright and terms of use in fields beside the text, one per line. Agencies
        that they name count as credited.

    Examples
    --------
    >>> Article(id="a1", text="Putin met Khan.").source
    'a1'
    """

    id: str
    text: str
    source: str = ""
    title: str | None = None
    url: str | None = None
    published: datetime | None = None
    language: str | None = None
    published_precision: Precision | None = None
    published_zone: Zone | None = None
    credit_lines: str | None = None

    def __post_init__(self) -> None:
        if not self.source:
            object.__setattr__(self, "source", self.id)
        if self.published is None:
            object.__setattr__(self, "published_precision", None)
            object.__setattr__(self, "published_zone", None)
            return
        if self.published_precision is None:
            object.__setattr__(self, "published_precision", "second")
        if self.published_zone is None:
            zone = "assumed" if self.published.tzinfo is None else "given"
            object.__setattr__(self, "published_zone", zone)
