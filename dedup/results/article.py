"""What a run says about one article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from dedup.article import Precision, Zone
from dedup.results.columns import Column
from dedup.results.supply import Credit, Part, Supplier


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSummary:
    """What a run says about one article."""

    id: Annotated[str, Column("Id of the article.")]
    source: Annotated[str, Column("The outlet that ran it.")]
    title: Annotated[str | None, Column("Its title.")]
    url: Annotated[str | None, Column("Its address.")]
    published: Annotated[
        datetime | None,
        Column("When it was published.", "The start of the unit that published_precision names."),
    ]
    published_precision: Annotated[
        Precision | None,
        Column("How exactly that is known: to the second, minute, hour, day, month or year."),
    ]
    published_zone: Annotated[
        Zone | None,
        Column("Whether its time zone was given; otherwise the time counts as UTC."),
    ]
    words: Annotated[int, Column("How many of its words were compared: all but site furniture.")]
    copied: Annotated[
        float,
        Column(
            "Share of its words that other articles have too.",
            "Words of passages that are verbatim or edited, in overlaps that are more than a quotation; and "
            "of quotations in an overlap that is a copy or an excerpt. copied + quoted + own = 1.",
        ),
    ]
    quoted: Annotated[
        float, Column("Share of its words in quotations that other articles have too.", "Copied words aside.")
    ]
    own: Annotated[float, Column("Share of its words that are neither copied nor quoted.")] = 0.0
    furniture: Annotated[float, Column("Share of all its words that is site furniture.")]
    agency: Annotated[
        str | None,
        Column(
            "The agency or feed that supplied it.",
            "The first of `suppliers` that is one; else the one that its own credits name.",
        ),
    ]
    credited: Annotated[
        bool, Column("Whether its own text credits `agency`.", "Any supplier, where that is null.")
    ]
    suppliers: Annotated[
        tuple[Supplier, ...],
        Column("The suppliers whose copy it is, most words first.", "Through its copied passages."),
    ] = ()
    credits: Annotated[
        tuple[Credit, ...], Column("Its own credits and mentions, in the order of the text.")
    ] = ()
    sentence: Annotated[
        str | None,
        Column(
            "The sentence about it, in words.",
            "Null where fewer than 25 of its words are copied. It speaks of a credit where at least 60 "
            "words, or 25 words and a tenth of the article, are a supplier's.",
        ),
    ] = None
    passages: Annotated[
        int, Column("How many passages of it were found elsewhere.", "Those that overlap count as one.")
    ]
    others: Annotated[int, Column("Number of other sources that ran any of it.")]
    earliest: Annotated[
        str | None,
        Column(
            "Id of the article that ran the shared text first.",
            "By `published`, among all that have its largest part; null if that is not certain.",
        ),
    ]
    parts: Annotated[
        tuple[Part, ...], Column("Its copied words by supplier and earliest article, most words first.")
    ] = ()
    story: Annotated[
        str | None, Column("Id of its story.", "Null if it has none, or several: it is a digest.")
    ]
    stories: Annotated[tuple[str, ...], Column("Ids of all its stories.", "Several for a digest.")] = ()
    role: Annotated[
        Literal["origin", "version", "digest"] | None,
        Column("What it is in its story.", "Null without a story; a digest may have none."),
    ] = None
