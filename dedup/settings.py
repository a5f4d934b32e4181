"""Every knob that changes what a run finds: its default, unit and range, and how the default was measured.

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
    shingle_words: int = _knob(3, 1, 16, "words", "words in a shingle")
    passage_words: int = _knob(24, 8, 512, "words", "words in a passage; passages start every half of this")

    # MinHash and LSH.
    bands: int = _knob(20, 1, 256, "bands", "bands of a signature")
    rows: int = _knob(2, 1, 16, "rows", "rows in a band")
    seed: int = _knob(1, 0, 2**32 - 1, "", "seed of the MinHash permutations, as in datasketch")
    max_bucket: int = _knob(
        64, 2, 10_000, "passages", "a bucket with more passages is compared with its first articles only"
    )

    # The background.
    common_articles: int = _knob(
        50, 1, 65_000, "articles", "a shingle that stands so often proposes no candidates..."
    )
    common_share: float = _knob(
        0.0005, 0, 1, "share", "...if it stands more often, too, than in this share of the articles"
    )
    standing_articles: int = _knob(
        5, 2, 65_000, "articles", "a sentence that a source repeats in so many articles is furniture..."
    )
    standing_share: float = _knob(
        0.25, 0, 1, "share", "...if that is this share of its articles too, or 50 of them"
    )

    # Alignment.
    seed_words: int = _knob(4, 2, 16, "words", "words in a seed")
    max_gap: int = _knob(24, 0, 1_000, "words", "words that a gap may skip on either side")
    min_words: int = _knob(10, 1, 10_000, "words", "words that must agree in a passage")
    min_overlap_words: int = _knob(20, 1, 10_000, "words", "words that must agree in all passages of a pair")
    min_similarity: float = _knob(0.4, 0, 1, "share", "similarity that a passage must have")

    # Relations.
    most_share: float = _knob(
        0.65, 0.5, 1, "share", "of an article's words that an overlap covers to be called most of it"
    )
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
