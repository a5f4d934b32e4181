"""Document frequencies of shingles and words in a corpus, and the sentences that each source repeats.

The tables of counters have a fixed size, whatever the size of the corpus. A slot is chosen by the hash, so a
count can be too high because of others in its slot, but never too low (a count-min sketch of depth one;
Cormode and Muthukrishnan, 2005). In a corpus of n articles of 400 words, about n / 10,000 shingles meet in a
slot, half of the n / 5,000 from which a shingle is called common. Counts add up, so parts of a corpus can be
learned separately, in any order, and merged.

Words are counted once per article (their document frequency weights the cosine). Shingles are counted each
time they occur: few occur twice in an article, and checking would cost more than everything else.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.background.contexts import ROW_WORDS, article_counts, merged, tells_apart
from dedup.background.counters import among, count_batch, mark_repeated, word_slot
from dedup.errors import BackgroundError
from dedup.outlets import same_source
from dedup.runtime.outputs import written_beside
from dedup.settings import Settings
from dedup.text.tokens import Tokens
from dedup.thresholds import CONTEXT_LOAD

_SHINGLE_SLOTS = 1 << 22
_WORD_SLOTS = 1 << 20
_SENTENCE_SLOTS = 1 << 22
_SOURCE_SLOTS = 1 << 16
_CONTEXT_ROWS = 1 << 19
_FORMAT = 5
#: The tables of counts, by the names under which they are stored.
_TABLES = ("shingles", "words", "sentences", "sources", "contexts")


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """Frequencies of shingles, words, and the sentences of each source.

    Attributes
    ----------
    shingle_words : int
        The width in words of the shingles that were counted.
    shingles : ndarray of shape (2**22,), dtype uint16
    words : ndarray of shape (2**20,), dtype uint32
    sentences : ndarray of shape (2**22,), dtype uint16
        Number of articles of one source that contain one sentence.
    sources : ndarray of shape (2**16,), dtype uint32
        Number of articles of a source.
    contexts : ndarray of shape (2**19, 4), dtype uint64
        What the articles with one sentence have in common; see `dedup.background.contexts`.
    articles : int
    sentence_count : int
        Number of sentences that were counted, each once per article.

    Examples
    --------
    >>> import dedup
    >>> background = dedup.learn_background(["Snow fell in the hills.", "Rain fell on the coast."])
    >>> background.articles, background.sentence_count
    (2, 2)
    """

    shingle_words: int
    shingles: NDArray[np.uint16]
    words: NDArray[np.uint32]
    sentences: NDArray[np.uint16]
    sources: NDArray[np.uint32]
    contexts: NDArray[np.uint64]
    articles: int
    sentence_count: int
    #: For each limit asked for, one bit per slot: half a megabyte stays in a core's cache, a table does not.
    _told: list[NDArray[np.uint8]] = field(default_factory=list, init=False, repr=False)
    _above: dict[tuple[str, int], NDArray[np.uint32]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def empty(cls, shingle_words: int) -> Background:
        """Return a background that has counted nothing; `learn` and `merge` add to it."""
        return cls(
            shingle_words,
            np.zeros(_SHINGLE_SLOTS, np.uint16),
            np.zeros(_WORD_SLOTS, np.uint32),
            np.zeros(_SENTENCE_SLOTS, np.uint16),
            np.zeros(_SOURCE_SLOTS, np.uint32),
            np.zeros((_CONTEXT_ROWS, ROW_WORDS), np.uint64),
            0,
            0,
        )

    def learn(self, tokens: Tokens, shingles: NDArray[np.uint32], sources: NDArray[np.uint32]) -> Background:
        """Count a batch into the tables, which change in place, and return the background with the new total.

        Parameters
        ----------
        tokens : Tokens
            The tokens of whole articles, each article once.
        shingles : ndarray of shape (n_tokens,), dtype uint32
            From `dedup.lsh.minhash.shingle_hashes`, with `shingle_words`.
        sources : ndarray of shape (n_articles,), dtype uint32
            From `source_hashes`.
        """
        counted = count_batch(
            tokens.hashes,
            tokens.flags,
            tokens.offsets,
            shingles,
            self.shingle_words,
            sources,
            self.shingles,
            self.words,
            self.sentences,
            self.sources,
            self.contexts,
        )
        total = self.sentence_count + counted
        return replace(self, articles=self.articles + len(tokens), sentence_count=total)

    def merge(self, other: Background) -> Background:
        """Return the sum of both backgrounds; counts that reach the end of their range stay there."""
        if self.shingle_words != other.shingle_words:
            raise BackgroundError(
                f"a background of {other.shingle_words}-word shingles cannot be merged into one of "
                f"{self.shingle_words}-word shingles; learn both with the same shingle_words"
            )
        return Background(
            self.shingle_words,
            _sum(self.shingles, other.shingles),
            _sum(self.words, other.words),
            _sum(self.sentences, other.sentences),
            _sum(self.sources, other.sources),
            merged(self.contexts, other.contexts),
            self.articles + other.articles,
            self.sentence_count + other.sentence_count,
        )

    @property
    def fingerprint(self) -> str:
        """16 hex digits that identify the contents (BLAKE2b)."""
        numbers = f"{_FORMAT} {self.shingle_words} {self.articles} {self.sentence_count}"
        digest = hashlib.blake2b(numbers.encode(), digest_size=8)
        for name in _TABLES:
            digest.update(getattr(self, name))
        return digest.hexdigest()

    def common(self, shingles: NDArray[np.uint32], settings: Settings) -> NDArray[np.bool_]:
        """Return which of the shingles are common phrases, in the shape of `shingles`."""
        limit = max(settings.common_articles, int(settings.common_share * self.articles))
        return np.asarray(among(shingles, self._slots_above("shingles", limit)))

    def standing(self, tokens: Tokens, sources: NDArray[np.uint32], settings: Settings) -> NDArray[np.bool_]:
        """Return which tokens are in sentences that their source repeats, shape (n_tokens,).

        An article stays whole if its counts would remove more than half of it: then the article itself is
        repeated. The limit is raised by the count that a sentence gets from others in its slot, two
        deviations above the mean (collisions are Poisson distributed): 0 up to 40,000 articles of 17
        sentences, 8 at a million.
        """
        by_chance = self.sentence_count / _SENTENCE_SLOTS
        others = int(by_chance + 2 * by_chance**0.5)
        mask = np.zeros(len(tokens.hashes), np.uint8)
        mark_repeated(
            tokens.hashes,
            tokens.flags,
            tokens.offsets,
            sources,
            self._slots_above("sentences", settings.standing_articles + others - 1),
            (self.sentences, self.sources, self._apart()),
            settings.standing_articles,
            settings.standing_share,
            others,
            mask,
        )
        return np.asarray(mask, np.bool_)

    def _apart(self) -> NDArray[np.uint8]:
        """Return the result of `tells_apart` for each row; none if too many sentences meet in a row."""
        if not self._told:
            load = int(article_counts(self.contexts).sum(dtype=np.int64)) / _CONTEXT_ROWS
            tells = load <= CONTEXT_LOAD
            others = int(load + 2 * load**0.5)
            self._told.append(
                tells_apart(self.contexts, others) if tells else np.zeros(_CONTEXT_ROWS, np.uint8)
            )
        return self._told[0]

    def _slots_above(self, table: str, limit: int) -> NDArray[np.uint32]:
        """Return the slots of a table that count more than the limit, one bit each."""
        if (table, limit) not in self._above:
            above = np.packbits(getattr(self, table) > limit, bitorder="little")
            self._above[table, limit] = above.view(np.uint32)
        return self._above[table, limit]

    def rarity(self, hashes: NDArray[np.uint32]) -> NDArray[np.float32]:
        """Return the inverse document frequency of words, ``ln((1 + n) / (1 + df)) + 1``."""
        frequency = np.minimum(self.words[word_slot(hashes, np.uint32(_WORD_SLOTS - 1))], self.articles)
        rarity = np.log((1 + self.articles) / (1 + frequency.astype(np.float64))) + 1
        return np.asarray(rarity, np.float32)

    def save(self, path: Path) -> None:
        """Write to a file, via a temporary one renamed into place; a small corpus gives a small file."""
        head = {
            "format": _FORMAT,
            "shingle_words": self.shingle_words,
            "articles": self.articles,
            "sentence_count": self.sentence_count,
            "fingerprint": self.fingerprint,
        }
        # Like `numpy.savez_compressed`, but at the lowest level: the default takes many times as long for a
        # file that is hardly smaller.
        with (
            written_beside([path]) as (beside,),
            zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        ):
            tables = [(name, getattr(self, name)) for name in _TABLES]
            for name, table in [("head", np.array(json.dumps(head))), *tables]:
                with archive.open(f"{name}.npy", "w", force_zip64=True) as stream:
                    np.lib.format.write_array(stream, table)

    @classmethod
    def load(cls, path: Path) -> Background:
        """Read a file that `save` wrote.

        Raises
        ------
        BackgroundError
            The file is not a background, has another version, or has changed since it was written.
        """
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
                head = json.loads(str(stored["head"]))
                if head["format"] != _FORMAT:
                    raise BackgroundError(
                        f"{path} is a background of format {head['format']}; this version reads {_FORMAT}: "
                        "learn it anew with `dedup background`"
                    )
                loaded = cls.empty(int(head["shingle_words"]))
                for name in _TABLES:
                    getattr(loaded, name)[:] = stored[name]
        except (
            OSError,
            ValueError,
            TypeError,
            LookupError,
            EOFError,
            zipfile.BadZipFile,
            zlib.error,
        ) as error:
            raise BackgroundError(
                f"{path} is not a background file ({error}); `dedup background PATHS -o FILE` makes one"
            ) from error
        whole = replace(loaded, articles=int(head["articles"]), sentence_count=int(head["sentence_count"]))
        if whole.fingerprint != head["fingerprint"]:
            raise BackgroundError(f"{path} has changed since it was written; learn it anew")
        return whole


def one_each(numbers: NDArray[np.uint32], names: list[str]) -> tuple[NDArray[np.uint32], list[str]]:
    """Give all spellings of one source the same number; the first spelling names it.

    Examples
    --------
    >>> numbers, names = one_each(np.array([0, 1, 2], np.uint32), ["Herald", "Gate", "herald "])
    >>> numbers.tolist(), names
    ([0, 1, 0], ['Herald', 'Gate'])
    """
    first: dict[str, int] = {}
    kept: list[str] = []
    place = np.zeros(len(names), np.uint32)
    for number, name in enumerate(names):
        key = same_source(name)
        if key not in first:
            first[key] = len(kept)
            kept.append(name)
        place[number] = first[key]
    return (place[numbers] if len(names) else numbers), kept


def source_hashes(sources: Sequence[str] | pa.StringArray) -> NDArray[np.uint32]:
    """Hash each source's name, equally on every machine; shape (n,), names without nulls.

    Names that `same_source` treats as one have one hash.
    """
    coded = (sources if isinstance(sources, pa.Array) else pa.array(sources, pa.string())).dictionary_encode()
    digests = [
        int.from_bytes(hashlib.blake2b(same_source(name).encode(), digest_size=4).digest(), "little")
        for name in coded.dictionary.to_pylist()
    ]
    return np.asarray(np.array(digests, np.uint32)[np.asarray(coded.indices)])


def _sum(one: NDArray[Any], two: NDArray[Any]) -> NDArray[Any]:
    limit = np.iinfo(one.dtype).max
    return np.where(one > limit - two, limit, one + two).astype(one.dtype)
