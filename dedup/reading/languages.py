"""The language of a text whose record names none: only displayed, and irrelevant to comparisons."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

#: Number of articles of a run that are examined; one takes about a millisecond.
LOOKED_AT = 400
_LOOKED_AT_CHARACTERS = 800
# A headline full of names may be taken for any language; texts with fewer letters than this are not evidence.
_LEAST_LETTERS = 40
_LEAST_PROBABILITY = 0.6
# What the model returns for texts without words, Hindi in Latin letters and lists of foreign names.
_NOT_BELIEVED = {"zxx", "jv", "pcm"}


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language; None if it is unclear, or without py3langid.

    Examples
    --------
    >>> language_of("A1, B2.") is None
    True
    """
    head = " ".join(text[:_LOOKED_AT_CHARACTERS].split())
    identifier = _identifier()
    if identifier is None or sum(map(str.isalpha, head)) < _LEAST_LETTERS * _weight(head):
        return None
    language, probability = identifier.classify(head)
    return None if language in _NOT_BELIEVED or probability < _LEAST_PROBABILITY else str(language)


def languages_of(texts: Iterable[str]) -> Counter[str]:
    """Count the texts in each language; unclear ones count as ``unclear``."""
    if _identifier() is None:
        return Counter()
    return Counter(language_of(text) or "unclear" for text in texts)


def _weight(text: str) -> float:
    """Return the factor for the minimum number of letters: a Han character says as much as a word."""
    return (
        0.2 if any("\u3040" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af" for letter in text) else 1
    )


@cache
def _identifier() -> Any:
    try:
        module: Any = importlib.import_module("py3langid.langid")
    except ImportError:
        return None
    return module.LanguageIdentifier.from_model_file(module.MODEL_FILE, norm_probs=True)
