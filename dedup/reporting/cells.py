"""Cells of CSV that a spreadsheet takes for text."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would take it for a formula.

    Examples
    --------
    >>> guarded("=1+1"), guarded("Harbour Post")
    ("'=1+1", 'Harbour Post')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text
