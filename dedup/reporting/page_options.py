"""The reader's options of the HTML page."""

from __future__ import annotations

from dataclasses import dataclass

from dedup.reporting.times import Times


@dataclass(frozen=True, slots=True)
class PageOptions:
    """What a page shows.

    Attributes
    ----------
    limit : int
        Maximum number of articles, of stories and of pairs.
    excerpts_only : bool
        Whether the page contains only the shared passages, and not the whole texts.
    mine : tuple of str
        The reader's own outlets.
    known : frozenset of (str, str) or None
        Pairs of ids of an earlier result; all other pairs are marked as new.
    times : Times
        The time zone for display.
    """

    limit: int
    excerpts_only: bool = False
    mine: tuple[str, ...] = ()
    known: frozenset[tuple[str, str]] | None = None
    times: Times = Times()  # noqa: RUF009 - frozen
