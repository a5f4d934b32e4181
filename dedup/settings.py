"""Every knob that changes what a run finds: its default, unit and range, and how the default was measured.

The figures are those of `benchmarks/quality/sweep.py` on its training data (benchmarks/quality/sweep.md):
recall is that of pairs that share less than 15 % and 15 to 30 % of an article, with up to 30 % of the words
changed on either side.

What does not change the result (threads, memory, output) is no setting: it is an argument of the run.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from dedup.errors import SettingsError


def _knob(default: Any, low: float, high: float, unit: str, help: str) -> Any:  # noqa: A002 - shown by --help
    return field(default=default, metadata={"low": low, "high": high, "unit": unit, "help": help})


def _choice(default: Any, choices: tuple[Any, ...], help: str) -> Any:  # noqa: A002 - shown by --help
    return field(default=default, metadata={"choices": choices, "help": help})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a run.

    Every field carries ``metadata`` with its range and unit; a value outside raises `SettingsError`.

    Examples
    --------
    >>> Settings(bands=0)
    Traceback (most recent call last):
    dedup.errors.SettingsError: bands is 0; it must lie between 1 and 256
    >>> Settings().fingerprint() == Settings(scope="cross").fingerprint()
    True
    """

    scope: Literal["cross", "all"] = _choice(
        "cross", ("cross", "all"), "compare articles of different sources only, or all of them"
    )
    furniture: bool = _choice(False, (False, True), "report site furniture too")

    # Shingles and passages: the unit that is sketched.
    # 2 / 3 / 4 / 5 words: recall .970 .991 / .950 .961 / .881 .911 / .809 .874; 2 costs precision and
    # twice the
    # candidates of 3.
    shingle_words: int = _knob(3, 1, 16, "words", "words in a shingle")
    # 16 / 24 / 32 / 48 / 96: recall .955 .980 / .950 .961 / .919 .935 / .841 .905 / .598 .732, for 3.6
    # / 2.5 / 2.0 /
    # 1.7 / 1.3 candidates an article.
    passage_words: int = _knob(24, 8, 512, "words", "words in a passage; passages start every half of this")

    # MinHash and LSH.
    # 8 / 12 / 20 / 28 / 40: recall .877 .925 / .907 .950 / .950 .961 / .960 .975 / .959 .980; 40 costs
    # precision.
    bands: int = _knob(20, 1, 256, "bands", "bands of a signature")
    # 1 recalls .990 .998 for 33 candidates an article; 3 recalls .818 .872.
    rows: int = _knob(2, 1, 16, "rows", "rows in a band")
    seed: int = _knob(1, 0, 2**32 - 1, "", "seed of the MinHash permutations, as in datasketch")
    # 16 to 256 find the same on the training data: it bounds the cost.
    max_bucket: int = _knob(
        64, 2, 10_000, "passages", "a bucket with more passages is compared with its first articles only"
    )

    # The background.
    # 10 / 25 / 50 / 200: 1.8 / 2.4 / 2.5 / 3.0 candidates an article; recall stays within .005.
    common_articles: int = _knob(
        50, 1, 65_000, "articles", "a shingle that stands so often proposes no candidates..."
    )
    # Of a million generated articles, .0001 / .0002 / .0005: 2.8 / 1.7 / 6.6 candidates an article; recall of
    # what makes up less than 15 % of an article, edited up to 10 %, .9941 / .9989 / .9991.
    common_share: float = _knob(
        0.0002, 0, 1, "share", "...if it stands more often, too, than in this share of the articles"
    )
    # 3 and 5 find the same, 10 loses .004 of recall; a standing_share of .1 to .5 finds the same.
    standing_articles: int = _knob(
        5, 2, 65_000, "articles", "a sentence that a source repeats in so many articles is furniture..."
    )
    standing_share: float = _knob(
        0.25, 0, 1, "share", "...if that is this share of its articles too, or 50 of them"
    )

    # Alignment.
    # 3 / 4 / 5 / 6: plagdet with 30 % of the words changed .976 / .965 / .925 / .836, on PAN .966 /
    # .966 / .973 / .973.
    seed_words: int = _knob(4, 2, 16, "words", "words in a seed")
    # PAN is level from 12 on.
    max_gap: int = _knob(24, 0, 1_000, "words", "words that a gap may skip on either side")
    # 6 / 8 / 10 / 12 / 15: plagdet on PAN .959 / .966 / .966 / .968 / .968; 15 loses .005 at 30 % edits.
    min_words: int = _knob(10, 1, 10_000, "words", "words that must agree in a passage")
    # 10 / 15 / 20 / 25 / 30: precision .852 / .935 / .994 / .994 / .994; 30 recalls .869 below 15 %.
    min_overlap_words: int = _knob(20, 1, 10_000, "words", "words that must agree in all passages of a pair")
    # .2 to .5 find the same, .6 loses .006 at 15 to 30 %.
    min_similarity: float = _knob(0.4, 0, 1, "share", "similarity that a passage must have")

    # Relations.
    # .55 / .65 / .75: mean F1 of copy, excerpt and partial .898 / .970 / .872 (the labels themselves
    # use .65).
    most_share: float = _knob(
        0.65, 0.5, 1, "share", "of an article's words that an overlap covers to be called most of it"
    )
    # 6 / 8 / 10 / 12 / 15: F1 of quotations .984 / .978 / .980 / .978 / .966.
    min_unquoted_words: int = _knob(
        10, 0, 10_000, "words", "words that must agree outside quotation marks, or it is a quotation"
    )

    def __post_init__(self) -> None:
        for knob in fields(self):
            value, meta = getattr(self, knob.name), knob.metadata
            if "choices" in meta:
                if value not in meta["choices"]:
                    wanted = ", ".join(str(choice) for choice in meta["choices"])
                    raise SettingsError(f"{knob.name} is {value!r}; it must be one of {wanted}")
            elif isinstance(value, bool) or not isinstance(value, int | float):
                raise SettingsError(f"{knob.name} is {value!r}; it must be a number")
            elif isinstance(knob.default, int) and not isinstance(value, int):
                raise SettingsError(f"{knob.name} is {value!r}; it must be a whole number")
            elif not meta["low"] <= value <= meta["high"]:
                raise SettingsError(
                    f"{knob.name} is {value!r}; it must lie between {meta['low']} and {meta['high']}"
                )

    def fingerprint(self) -> str:
        """Name the settings by 16 hex digits: equal settings, equal name (BLAKE2b of the sorted JSON)."""
        canonical = json.dumps(asdict(self), sort_keys=True).encode()
        return hashlib.blake2b(canonical, digest_size=8).hexdigest()
