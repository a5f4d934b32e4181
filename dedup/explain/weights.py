"""What a token counts for by its script, so that ten words are about as much text in every script."""

from __future__ import annotations

from dataclasses import dataclass

from dedup.alignment.seeding import SIXTHS, WEIGHTS
from dedup.settings import Settings


@dataclass(frozen=True, slots=True)
class TokenWeight:
    """What a kind of token counts for.

    Attributes
    ----------
    token : str
        The kind, in words.
    weight : float
        The worth of its agreement in alignment.
    words : float
        The share of a word that it counts for where a setting counts words.
    min_words, min_overlap_words : int
        How many such tokens the two settings require.
    """

    token: str
    weight: float
    words: float
    min_words: int
    min_overlap_words: int


#: The kinds of tokens, in the order of `dedup.text.word_hashes.KIND`.
_KINDS = (
    "word of four letters or more",
    "word of one to three letters",
    "Han character",
    "syllable of Kana, Thai, Lao, Khmer or Burmese",
)


def token_weights(settings: Settings) -> tuple[TokenWeight, ...]:
    """Return the weights of all kinds of tokens, and what the settings require of each.

    Examples
    --------
    >>> [(each.words, each.min_words) for each in token_weights(Settings(min_words=10))]
    [(1.0, 10), (1.0, 10), (0.5, 20), (0.3333, 30)]
    """
    return tuple(
        TokenWeight(
            token,
            round(float(weight), 4),
            round(sixths / 6, 4),
            -(-6 * settings.min_words // sixths),
            -(-6 * settings.min_overlap_words // sixths),
        )
        for token, weight, sixths in zip(_KINDS, WEIGHTS, SIXTHS.tolist(), strict=True)
    )
