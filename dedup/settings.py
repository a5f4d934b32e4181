"""The settings of a run: default, unit and range of each, and how the default was measured.

The figures are those of `benchmarks/quality/sweep.py` on its training data (benchmarks/quality/sweep.md).
Recall is given for pairs that share less than 15 % of an article, and for pairs that share 15 to 30 %, with
up to 30 % of the words changed on either side.

Parameters that do not change the result (threads, memory, output) are arguments of the run, not settings.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal

from dedup.errors import SettingsError
from dedup.thresholds import thresholds

#: The version of the rules that the settings govern. Raise it when equal settings and thresholds give another
#: result for the same articles (other passages, relations, furniture or credits). Like both, it is part of
#: `Settings.fingerprint`.
ALGORITHM = 4


def _knob(default: Any, low: float, high: float, unit: str, help: str) -> Any:  # noqa: A002 - shown by --help
    return field(default=default, metadata={"low": low, "high": high, "unit": unit, "help": help})


def _choice(default: Any, choices: tuple[Any, ...], help: str) -> Any:  # noqa: A002 - shown by --help
    return field(default=default, metadata={"choices": choices, "help": help})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a run.

    Every field has ``metadata`` with its range and unit; a value outside the range raises `SettingsError`.

    Examples
    --------
    >>> Settings(bands=0)
    Traceback (most recent call last):
    dedup.errors.SettingsError: bands is 0; it must lie between 1 and 256
    >>> Settings().fingerprint() == Settings(scope="cross").fingerprint()
    True
    """

    scope: Literal["cross", "all"] = _choice(
        "cross",
        ("cross", "all"),
        "Compare only articles of different sources (cross), or all articles (all).",
    )
    furniture: bool = _choice(
        False, (False, True), "Report shared site furniture (menus, captions, share lines) too."
    )

    # What a word is. Neither is tuned: one decides what counts as equal, the other how a text is read.
    fold: Literal["standard", "accents"] = _choice(
        "standard",
        ("standard", "accents"),
        "Treat words as equal however they are typed (standard), or without their accents too (accents).",
    )
    text_as: Literal["auto", "plain", "html"] = _choice(
        "auto",
        ("auto", "plain", "html"),
        "Read texts as they are (plain), pass over known tags of HTML (auto), or anything like a tag (html).",
    )

    # Shingles and passages: the unit that is sketched.
    # 2 / 3 / 4 / 5 words: recall .970 .991 / .950 .961 / .881 .911 / .809 .874. With 2 there are twice the
    # candidates of 3, and precision falls.
    shingle_words: int = _knob(3, 1, 16, "words", "Number of words in a shingle.")
    # 16 / 24 / 32 / 48 / 96: recall .955 .980 / .950 .961 / .919 .935 / .841 .905 / .598 .732,
    # for 3.6 / 2.5 / 2.0 / 1.7 / 1.3 candidates per article.
    passage_words: int = _knob(
        24, 8, 512, "shingles", "Number of shingles in a window; a new window starts every half of this."
    )

    # MinHash and LSH.
    # 8 / 12 / 20 / 28 / 40: recall .877 .925 / .907 .950 / .950 .961 / .960 .975 / .959 .980; with 40,
    # precision falls.
    bands: int = _knob(20, 1, 256, "bands", "Number of bands in a signature.")
    # 1: recall .990 .998 for 33 candidates per article; 3: .818 .872.
    rows: int = _knob(2, 1, 16, "rows", "Number of rows in a band.")
    seed: int = _knob(1, 0, 2**32 - 1, "", "Seed of the MinHash permutations, as in datasketch.")
    # 16 to 256 find the same on the training data: it bounds the cost.
    max_bucket: int = _knob(
        64,
        2,
        10_000,
        "windows",
        "Compare articles only with a few representatives of a bucket that holds more windows than this.",
    )

    # The background.
    # 10 / 25 / 50 / 200: 1.8 / 2.4 / 2.5 / 3.0 candidates per article; recall stays within .005.
    common_articles: int = _knob(
        50,
        1,
        65_000,
        "articles",
        "Ignore shingles found in at least this many articles (together with --common-share).",
    )
    # A million generated articles, .0001 / .0002 / .0005: 2.8 / 1.7 / 6.6 candidates per article; recall of
    # pairs that share less than 15 % of an article, edited up to 10 %, .9941 / .9989 / .9991.
    common_share: float = _knob(
        0.0002,
        0,
        1,
        "share",
        "Ignore shingles found in more than this share of the articles (together with --common-articles).",
    )
    # 3 and 5 find the same, 10 loses .004 of recall; a standing_share of .1 to .5 finds the same.
    standing_articles: int = _knob(
        5,
        2,
        65_000,
        "articles",
        "Treat a sentence as furniture when its source repeats it in at least this many articles "
        "(together with --standing-share).",
    )
    standing_share: float = _knob(
        0.25,
        0,
        1,
        "share",
        "Treat a sentence as furniture when its source repeats it in at least this share of its articles, "
        "or in 50 (together with --standing-articles).",
    )

    # Alignment.
    # 3 / 4 / 5 / 6: plagdet with 30 % of the words changed .976 / .965 / .925 / .836;
    # on PAN .966 / .966 / .973 / .973.
    seed_words: int = _knob(4, 2, 16, "words", "Number of equal words in a row that start an alignment.")
    # PAN is level from 12 on.
    max_gap: int = _knob(
        24, 0, 1_000, "words", "Maximum number of words that a gap may skip in either article."
    )
    # 6 / 8 / 10 / 12 / 15: plagdet on PAN .959 / .966 / .966 / .968 / .968; 15 loses .005 at 30 % edits.
    min_words: int = _knob(10, 1, 10_000, "words", "Minimum number of words that must agree in a passage.")
    # 10 / 15 / 20 / 25 / 30: precision .852 / .935 / .994 / .994 / .994; 30 recalls .869 below 15 %.
    min_overlap_words: int = _knob(
        20, 1, 10_000, "words", "Minimum number of words that must agree in all passages of a pair together."
    )
    # .2 to .5 find the same, .6 loses .006 at 15 to 30 %.
    min_similarity: float = _knob(0.4, 0, 1, "share", "Minimum similarity of a passage.")
    # Not tuned: it is for users who want only near-duplicates of whole articles, as other programs return
    # them.
    min_jaccard: float = _knob(
        0.0,
        0,
        1,
        "share",
        "Minimum Jaccard similarity of the two whole articles' sets of shingles, which is computed exactly.",
    )

    # Relations.
    # .55 / .65 / .75: mean F1 of copy, excerpt and partial .898 / .970 / .872 (the labels use .65).
    most_share: float = _knob(
        0.65,
        0.5,
        1,
        "share",
        "Minimum share of an article that an overlap must cover to count as a copy or an excerpt.",
    )
    # 6 / 8 / 10 / 12 / 15: F1 of quotations .984 / .978 / .980 / .978 / .966.
    min_unquoted_words: int = _knob(
        10,
        0,
        10_000,
        "words",
        "Minimum number of words that must agree outside quotation marks; with fewer, the overlap is a "
        "quotation.",
    )

    def __post_init__(self) -> None:
        for knob in fields(self):
            value, meta = getattr(self, knob.name), knob.metadata
            if "choices" in meta:
                if value not in meta["choices"]:
                    choices = ", ".join(str(choice) for choice in meta["choices"])
                    raise SettingsError(f"{knob.name} is {value!r}; it must be one of {choices}")
            elif isinstance(value, bool) or not isinstance(value, int | float):
                raise SettingsError(f"{knob.name} is {value!r}; it must be a number")
            elif isinstance(knob.default, int) and not isinstance(value, int):
                raise SettingsError(f"{knob.name} is {value!r}; it must be a whole number")
            elif not meta["low"] <= value <= meta["high"]:
                raise SettingsError(
                    f"{knob.name} is {value!r}; it must lie between {meta['low']} and {meta['high']}"
                )

    def fingerprint(self) -> str:
        """Return 16 hex digits for the settings, the `ALGORITHM` and `dedup.thresholds`.

        They are the BLAKE2b digest of all three as sorted JSON.
        """
        rules = {"algorithm": ALGORITHM, "thresholds": thresholds(), **asdict(self)}
        canonical = json.dumps(rules, sort_keys=True).encode()
        return hashlib.blake2b(canonical, digest_size=8).hexdigest()
