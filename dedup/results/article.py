"""What a run says of one article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from dedup.article import Precision, Zone
from dedup.results.columns import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSummary:
    """What a run says of one article."""

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
        Column("Whether the zone of that was given; a time counts as UTC where it was not."),
    ]
    words: Annotated[int, Column("How many of its words were compared: all but site furniture.")]
    copied: Annotated[
        float,
        Column(
            "Share of its words that other articles have too.",
            "Words of passages that are verbatim or edited, in overlaps that are more than a quotation; site "
            "furniture aside.",
        ),
    ]
    quoted: Annotated[float, Column("Share of its words in passages whose relation is quotation.")]
    furniture: Annotated[float, Column("Share of all its words that is site furniture.")]
    agency: Annotated[
        str | None,
        Column(
            "The agency that supplied it.",
            "The one that its own credit names, or else the credit of the article that shares most with it.",
        ),
    ]
    credited: Annotated[bool, Column("Whether its own text carries a credit.")]
    passages: Annotated[
        int, Column("How many passages of it were found elsewhere.", "Those that overlap count as one.")
    ]
    others: Annotated[int, Column("At how many other sources.")]
    earliest: Annotated[
        str | None,
        Column(
            "Id of the article that ran the shared text first.",
            "By `published`, among it and the articles that it overlaps with; null if no time is known.",
        ),
    ]
    story: Annotated[str | None, Column("Id of its story.", "Null if it shares nothing.")]
