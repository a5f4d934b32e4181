"""The parts of articles, all kept: tokens, shingles, windows, signatures, band keys.

A scan keeps only the band keys (`dedup.corpus.second_pass`); this module shows and stores everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.article import Article, Span
from dedup.background.tables import Background, source_hashes
from dedup.corpus.prepare import ComparedTokens, compared_tokens, whole_tokens
from dedup.corpus.protocols import Terms
from dedup.corpus.second_pass import sign
from dedup.lsh.bands import band_keys
from dedup.lsh.minhash import permutations
from dedup.lsh.windows import Windows, cut_windows
from dedup.settings import Settings
from dedup.text.flags import FURNITURE


@dataclass(frozen=True, slots=True)
class SignedArticles:
    """The parts of a batch of articles.

    Attributes
    ----------
    words : int
        Number of tokens in the batch, including furniture.
    tokens : ComparedTokens
        The tokens compared, with places in the whole text. Furniture is left out, or marked if the settings
        keep it.
    starting : ndarray of shape (n_tokens,), dtype bool
        Where a shingle starts. The last ``shingle_words - 1`` tokens of an article do not start one.
    shingles : ndarray of shape (n_tokens,), dtype uint32
        The shingle that starts at each token, or 0.
    common : ndarray of shape (n_tokens,), dtype bool
        Which of the shingles are common phrases.
    windows : Windows
    signatures : ndarray of shape (n_windows, bands * rows), dtype uint32
    keys : ndarray of shape (bands, n_windows), dtype uint32
    """

    words: int
    tokens: ComparedTokens
    starting: NDArray[np.bool_]
    shingles: NDArray[np.uint32]
    common: NDArray[np.bool_]
    windows: Windows
    signatures: NDArray[np.uint32]
    keys: NDArray[np.uint32]

    def spans(self) -> list[Span]:
        """Return the place of each window in the text of its article."""
        starts = self.tokens.starts[self.windows.starts].tolist()
        ends = self.tokens.ends[self.windows.ends - 1].tolist()
        return [Span(start, end) for start, end in zip(starts, ends, strict=True)]

    def vocabulary(self) -> NDArray[np.uint32]:
        """Return the distinct shingles of the batch, ascending."""
        return np.unique(self.shingles[self.starting])

    def furniture_words(self) -> int:
        """Return how many tokens of the batch are site furniture."""
        marked = int(np.count_nonzero(self.tokens.flags & FURNITURE))
        return self.words - len(self.tokens.hashes) + marked


def sign_articles(
    articles: Sequence[Article], settings: Settings, *, background: Background | None = None
) -> SignedArticles:
    """Cut and sign articles as a scan with these settings and this background does.

    Parameters
    ----------
    articles : sequence of Article
    settings : Settings
    background : Background, optional
        Without one, no phrase is common, and only the rules decide what is furniture.

    Examples
    --------
    >>> signed = sign_articles([Article(id="a", text="Putin met Khan in the Kremlin.")], Settings())
    >>> signed.words, signed.spans(), signed.signatures.shape
    (6, [Span(start=0, end=29)], (1, 40))
    """
    background = background or Background.empty(settings.shingle_words)
    whole = whole_tokens([article.text for article in articles], settings, places=True)
    sources = source_hashes([article.source for article in articles])
    terms = Terms(background, settings)
    tokens = compared_tokens(whole, sources, terms)
    width = settings.shingle_words
    signed = sign(tokens, terms)
    functions = permutations(settings.bands * settings.rows, settings.seed)
    return SignedArticles(
        len(whole.hashes),
        tokens,
        _starting(tokens.offsets, width),
        signed.shingles,
        signed.common,
        cut_windows(tokens.offsets, passage_words=settings.passage_words, shingle_words=width),
        signed.signatures,
        band_keys(signed.signatures, functions, bands=settings.bands, rows=settings.rows),
    )


def signature_schema(settings: Settings, background: Background | None = None) -> pa.Schema:
    """Return the columns of `signature_table`; the metadata says when signatures are comparable."""
    count = settings.bands * settings.rows
    about: dict[bytes | str, bytes | str] = {
        "settings": settings.fingerprint(),
        "seed": str(settings.seed),
        "permutations": str(count),
        "shingle_words": str(settings.shingle_words),
        "passage_words": str(settings.passage_words),
        "background": background.fingerprint if background is not None else "",
    }
    columns: list[pa.Field[Any]] = [
        pa.field("id", pa.string(), nullable=False),
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("signature", pa.list_(pa.uint32(), count), nullable=False),
    ]
    return pa.schema(columns, metadata=about)


def signature_table(
    articles: Sequence[Article], settings: Settings, *, background: Background | None = None
) -> pa.Table:
    """Return the signatures of the articles' windows, one row per window, in the order of the articles.

    Examples
    --------
    >>> table = signature_table([Article(id="a", text="Putin met Khan in the Kremlin.")], Settings())
    >>> table.num_rows, table["end"].to_pylist(), len(table["signature"][0])
    (1, [29], 40)
    """
    signed = sign_articles(articles, settings, background=background)
    ids = pa.array([article.id for article in articles], pa.string())
    places = np.array(signed.spans(), np.int64).reshape(-1, 2)
    values = pa.array(signed.signatures.ravel(), pa.uint32())
    columns: list[pa.Array[Any]] = [
        ids.take(pa.array(signed.windows.articles, pa.int64())),
        pa.array(places[:, 0]),
        pa.array(places[:, 1]),
        pa.FixedSizeListArray.from_arrays(values, signed.signatures.shape[1]),
    ]
    return pa.Table.from_arrays(columns, schema=signature_schema(settings, background))


def _starting(offsets: NDArray[np.int64], width: int) -> NDArray[np.bool_]:
    left = np.repeat(offsets[1:], np.diff(offsets)) - np.arange(offsets[-1])
    return np.asarray(left >= width)
