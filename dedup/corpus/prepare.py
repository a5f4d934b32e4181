"""Tokens to what is compared: site furniture and repeated sentences out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.background.tables import Background
from dedup.settings import Settings
from dedup.text.flags import FURNITURE
from dedup.text.tokens import Tokens


def compared_tokens(
    tokens: Tokens, sources: NDArray[np.uint32], background: Background, settings: Settings
) -> Tokens:
    """Site furniture out of the tokens; or left in and marked, where the settings ask to see it.

    Parameters
    ----------
    tokens : Tokens
        Of whole articles, marked by `dedup.cleaning.mark_furniture`.
    sources : ndarray of shape (n_articles,), dtype uint32
        From `dedup.background.tables.source_hashes`.
    """
    furniture = background.standing(tokens, sources, settings)
    furniture |= tokens.flags & FURNITURE != 0
    if settings.furniture:
        marked = tokens.flags | np.where(furniture, FURNITURE, np.uint8(0))
        return Tokens(tokens.hashes, marked, tokens.offsets, tokens.starts, tokens.ends)
    return tokens.select(~furniture)
