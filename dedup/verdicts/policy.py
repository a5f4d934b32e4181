"""What happens to an article that repeats others."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from dedup.errors import SettingsError

Action = Literal["annotate", "drop", "cut"]
Keep = Literal["first", "longest", "origin", "none"]
CutUnit = Literal["passage", "sentence", "paragraph"]
Against = Literal["all", "inputs", "index"]

#: Former names of policies.
ALIASES: dict[str, tuple[Action, Keep]] = {
    "keep-first": ("drop", "first"),
    "keep-longest": ("drop", "longest"),
    "keep-origin": ("drop", "origin"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What happens to an article that repeats others.

    Parameters
    ----------
    action : {"annotate", "drop", "cut"}
        All articles pass ("annotate"); those that repeat another are stopped ("drop"); seen text is cut out
        of each ("cut").
    keep : {"first", "longest", "origin", "none"}
        Which of several articles that repeat each other stays whole: the first to arrive, the longest, the
        likely origin, or none of them.
    min_coverage : float, optional
        "drop" stops an article if others together hold this share of it, in [0, 1]. By default it stops
        copies, and excerpts of which 95 % are in one other article or which cover half of that article.
    cut_unit : {"passage", "sentence", "paragraph"}
        What is cut out: the passage itself, or each sentence or paragraph of which at least half of the words
        were seen. Of HTML whole blocks are cut.
    min_words_left : int
        "cut" stops an article if fewer words than this are left.
    against : {"all", "inputs", "index"}
        Which articles count as seen: all, those of this run, or those that an index held before the run.

    Raises
    ------
    SettingsError
        A value is not among those above.

    Examples
    --------
    >>> Policy.of("drop", keep="longest").keep
    'longest'
    """

    action: Action = "annotate"
    keep: Keep = "first"
    min_coverage: float | None = None
    cut_unit: CutUnit = "sentence"
    min_words_left: int = 1
    against: Against = "all"

    def __post_init__(self) -> None:
        choices = {"action": Action, "keep": Keep, "cut_unit": CutUnit, "against": Against}
        for name, kind in choices.items():
            if getattr(self, name) not in get_args(kind):
                shown = "policy" if name == "action" else name
                raise SettingsError(
                    f"{shown} is {getattr(self, name)!r}; it must be one of {', '.join(get_args(kind))}"
                )
        if self.min_coverage is not None and not 0 <= self.min_coverage <= 1:
            raise SettingsError(f"min_coverage is {self.min_coverage!r}; it must lie between 0 and 1")
        if self.min_words_left < 0:
            raise SettingsError(f"min_words_left is {self.min_words_left!r}; it must be 0 or more")

    @classmethod
    def of(cls, action: str | Policy, **others: Any) -> Policy:
        """Return a policy by the name of its action; former names give a `DeprecationWarning`."""
        if isinstance(action, Policy):
            return replace(action, **others) if others else action
        if action in ALIASES:
            new, keep = ALIASES[action]
            warnings.warn(
                f'policy="{action}" is now policy="{new}", keep="{keep}"', DeprecationWarning, stacklevel=3
            )
            return cls(action=new, **{**others, "keep": keep})
        return cls(action=action, **others)  # type: ignore[arg-type]

    @property
    def key(self) -> str:
        """The key under which decisions by this policy are stored."""
        values = (self.action, self.keep, self.min_coverage, self.cut_unit, self.min_words_left, self.against)
        return " ".join(map(str, values))
