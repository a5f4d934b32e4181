"""What a reader may choose of the HTML page."""

from __future__ import annotations

from dataclasses import dataclass

from dedup.reporting.times import Times


@dataclass(frozen=True, slots=True)
class PageOptions:
    """What a page shows.

    Attributes
    ----------
    limit : int
        The most articles, stories and pairs, each.
    excerpts_only : bool
        Whether the page holds the shared passages only, and not the whole texts.
    mine : tuple of str
        The outlets that are the reader's own.
    known : frozenset of (str, str) or None
        Pairs of ids of a former result; those not among them are marked as new.
    times : Times
        The zone in which times are shown.
    """

    limit: int
    excerpts_only: bool = False
    mine: tuple[str, ...] = ()
    known: frozenset[tuple[str, str]] | None = None
    times: Times = Times()  # noqa: RUF009 - frozen
