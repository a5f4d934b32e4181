"""What a filter has done so far, in counts."""

from __future__ import annotations

from collections import Counter
from typing import Any

from dedup.verdicts.judging import Judged


class Tally:
    """Counts articles as they are judged.

    Attributes
    ----------
    kept, dropped, cut, skipped : int
        Number of articles that passed, were stopped, lost some text, and could not be read.
    characters_cut : int

    Examples
    --------
    >>> from dedup.results import Verdict
    >>> tally = Tally()
    >>> tally.add(Judged(Verdict(verdict="copy", kept=False), kept=False))
    >>> tally.kept, tally.dropped, tally.as_dict()["verdicts"]
    (0, 1, {'copy': 1})
    """

    def __init__(self) -> None:
        self.kept = self.dropped = self.cut = self.skipped = self.characters_cut = 0
        self._verdicts: Counter[str] = Counter()

    def add(self, judged: Judged) -> None:
        """Count one judged article."""
        self.kept += judged.kept
        self.dropped += not judged.kept
        self.cut += bool(judged.verdict.cut)
        self.characters_cut += sum(end - start for start, end in judged.verdict.cut)
        self._verdicts[judged.verdict.verdict] += 1

    def as_dict(self) -> dict[str, Any]:
        """Return the counts by name."""
        return {
            "articles": self.kept + self.dropped,
            "kept": self.kept,
            "dropped": self.dropped,
            "cut": self.cut,
            "characters_cut": self.characters_cut,
            "skipped": self.skipped,
            "verdicts": dict(sorted(self._verdicts.items())),
        }

    def __str__(self) -> str:
        said = f"{_articles(self.kept)} passed, {self.dropped:,} stopped, {self.skipped:,} left out"
        return f"{said}; {_articles(self.cut)} cut" if self.cut else said


def _articles(count: int) -> str:
    return f"{count:,} article" + ("" if count == 1 else "s")
