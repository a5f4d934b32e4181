"""The language of a text whose record names none: for display alone, never for whether texts are compared."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

#: Articles of a run that are looked at; one takes about a millisecond.
LOOKED_AT = 400
_LOOKED_AT_CHARACTERS = 800
# A headline full of names is taken for any language; fewer letters than this tell nothing.
_LEAST_LETTERS = 40
_LEAST_PROBABILITY = 0.6
# What the model says of texts without words, of Hindi in Latin letters and of lists of foreign names.
_NOT_BELIEVED = {"zxx", "jv", "pcm"}


def language_of(text: str) -> str | None:
    """The ISO 639-1 code of a text's language; None where it is not clear, or py3langid is not installed.

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
    """How many texts are in each language; those that are not clear count as ``unclear``."""
    if _identifier() is None:
        return Counter()
    return Counter(language_of(text) or "unclear" for text in texts)


def _weight(text: str) -> float:
    """What the least number of letters is worth in the script: a Han character says as much as a word."""
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
