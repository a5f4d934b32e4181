"""What the corpus as a whole says: how often a shingle or a word stands in it, and what a source repeats.

Three tables of counters of fixed size, whatever the size of the corpus: a slot is chosen by the hash, so a
count can be too high by those that share its slot (a count-min sketch of depth one; Cormode and
Muthukrishnan, 2005), never too low. Of n articles of 400 words some n / 10,000 shingles meet in a slot, a
half of the n / 5,000 from which a shingle is called common. Counts add up, so parts of a corpus can be
learned apart, in any order, and merged.

Words are counted once an article (their document frequency weighs the cosine). Shingles are counted each
time they stand: few stand twice in an article, and to ask would cost more than all the rest.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.borrowing import borrowed
from dedup.errors import BackgroundError
from dedup.hash_tables import is_new, table_size
from dedup.outputs import written_beside
from dedup.settings import Settings
from dedup.tokens import LINE, SENTENCE, Tokens
from dedup.word_hashes import mix

_SHINGLE_SLOTS = 1 << 22
_WORD_SLOTS = 1 << 20
_SENTENCE_SLOTS = 1 << 22
_SOURCE_SLOTS = 1 << 16
#: A sentence that a source repeats in so many articles is furniture whatever the share: of a source with a
#: million articles no menu line need stand in a quarter.
_STANDING_AT_MOST = 50
#: A sentence within a paragraph must have so many words to be called standing; a whole line may have one.
_STANDING_WORDS = 4
_FORMAT = 3
_FULL = np.uint16(0xFFFF)  # a counter that reaches the end of its range stays there


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """Frequencies of shingles, words, and the sentences of each source.

    Attributes
    ----------
    shingle_words : int
        The width of the shingles that were counted.
    shingles : ndarray of shape (2**22,), dtype uint16
    words : ndarray of shape (2**20,), dtype uint32
    sentences : ndarray of shape (2**22,), dtype uint16
        Articles of one source with one sentence.
    sources : ndarray of shape (2**16,), dtype uint32
        Articles of a source.
    articles : int
    sentence_count : int
        Sentences that were counted, each once an article.
    """

    shingle_words: int
    shingles: NDArray[np.uint16]
    words: NDArray[np.uint32]
    sentences: NDArray[np.uint16]
    sources: NDArray[np.uint32]
    articles: int
    sentence_count: int
    #: For each limit asked for, a bit a slot: half a megabyte stays in a core's cache, a table does not.
    _above: dict[tuple[str, int], NDArray[np.uint32]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def empty(cls, shingle_words: int) -> Background:
        """A background that has seen nothing; `learn` and `merge` add to it."""
        return cls(
            shingle_words,
            np.zeros(_SHINGLE_SLOTS, np.uint16),
            np.zeros(_WORD_SLOTS, np.uint32),
            np.zeros(_SENTENCE_SLOTS, np.uint16),
            np.zeros(_SOURCE_SLOTS, np.uint32),
            0,
            0,
        )

    def learn(self, tokens: Tokens, shingles: NDArray[np.uint32], sources: NDArray[np.uint32]) -> Background:
        """Count a batch into the tables, which change in place; the one that comes back has the new total.

        Parameters
        ----------
        tokens : Tokens
            Of whole articles, each once.
        shingles : ndarray of shape (n_tokens,), dtype uint32
            From `dedup.minhash.shingle_hashes`, with `shingle_words`.
        sources : ndarray of shape (n_articles,), dtype uint32
            From `source_hashes`.
        """
        counted = _learn(
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
        )
        return Background(
            self.shingle_words,
            self.shingles,
            self.words,
            self.sentences,
            self.sources,
            self.articles + len(tokens),
            self.sentence_count + counted,
        )

    def merge(self, other: Background) -> Background:
        """Both together; counts that reach the end of their range stay there."""
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
            self.articles + other.articles,
            self.sentence_count + other.sentence_count,
        )

    @property
    def fingerprint(self) -> str:
        """16 hex digits that name the contents (BLAKE2b)."""
        numbers = f"{_FORMAT} {self.shingle_words} {self.articles} {self.sentence_count}"
        digest = hashlib.blake2b(numbers.encode(), digest_size=8)
        for table in (self.shingles, self.words, self.sentences, self.sources):
            digest.update(table.tobytes())
        return digest.hexdigest()

    def common(self, shingles: NDArray[np.uint32], settings: Settings) -> NDArray[np.bool_]:
        """Which of the shingles are phrases that everybody uses, shape as `shingles`."""
        limit = max(settings.common_articles, int(settings.common_share * self.articles))
        return np.asarray(_among(shingles, self._slots_above("shingles", limit)))

    def standing(self, tokens: Tokens, sources: NDArray[np.uint32], settings: Settings) -> NDArray[np.bool_]:
        """Which tokens stand in sentences that their source repeats, shape (n_tokens,).

        An article more than half of which would go is left whole: then it is the article that is repeated.
        To the limit is added what a sentence gets from others in its slot, two deviations above the mean
        (counts that meet by chance are of Poisson's kind): 0 up to 40,000 articles of 17 sentences, 8 at a
        million.
        """
        by_chance = self.sentence_count / _SENTENCE_SLOTS
        others = int(by_chance + 2 * by_chance**0.5)
        mask = np.zeros(len(tokens.hashes), np.bool_)
        _standing(
            tokens.hashes,
            tokens.flags,
            tokens.offsets,
            sources,
            self._slots_above("sentences", settings.standing_articles + others - 1),
            self.sentences,
            self.sources,
            settings.standing_articles,
            settings.standing_share,
            others,
            mask,
        )
        return mask

    def _slots_above(self, table: str, limit: int) -> NDArray[np.uint32]:
        """The slots of a table that count more than the limit, a bit each."""
        if (table, limit) not in self._above:
            above = np.packbits(getattr(self, table) > limit, bitorder="little")
            self._above[table, limit] = above.view(np.uint32)
        return self._above[table, limit]

    def rarity(self, hashes: NDArray[np.uint32]) -> NDArray[np.float32]:
        """Inverse document frequency of words, ``ln((1 + n) / (1 + df)) + 1`` as in scikit-learn."""
        frequency = np.minimum(self.words[word_slot(hashes, np.uint32(_WORD_SLOTS - 1))], self.articles)
        rarity = np.log((1 + self.articles) / (1 + frequency.astype(np.float64))) + 1
        return np.asarray(rarity, np.float32)

    def save(self, path: Path) -> None:
        """Write to a file of its own, beside and renamed into place.

        Only slots that count something are written, so a small corpus gives a small file.
        """
        tables: dict[str, NDArray[Any]] = {}
        for name in ("shingles", "words", "sentences", "sources"):
            table = getattr(self, name)
            places = np.flatnonzero(table)
            tables |= {f"{name}_at": places.astype(np.uint32), name: table[places]}
        head = {
            "format": _FORMAT,
            "shingle_words": self.shingle_words,
            "articles": self.articles,
            "sentence_count": self.sentence_count,
            "fingerprint": self.fingerprint,
        }
        with written_beside([path]) as (beside,), beside.open("wb") as stream:
            np.savez_compressed(stream, head=np.array(json.dumps(head)), **tables)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> Background:
        """Read what `save` wrote.

        Raises
        ------
        BackgroundError
            The file is no background, of another version, or changed since it was written.
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
                for name in ("shingles", "words", "sentences", "sources"):
                    getattr(loaded, name)[stored[f"{name}_at"]] = stored[name]
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
                f"{path} is no background file ({error}); `dedup background PATHS -o FILE` makes one"
            ) from error
        whole = cls(
            loaded.shingle_words,
            loaded.shingles,
            loaded.words,
            loaded.sentences,
            loaded.sources,
            int(head["articles"]),
            int(head["sentence_count"]),
        )
        if whole.fingerprint != head["fingerprint"]:
            raise BackgroundError(f"{path} has changed since it was written; learn it anew")
        return whole


def source_hashes(sources: Sequence[str]) -> NDArray[np.uint32]:
    """One hash a source's name, the same on every machine."""
    digests = {
        name: int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "little")
        for name in set(sources)
    }
    return np.array([digests[name] for name in sources], np.uint32)


def _sum(one: NDArray[Any], two: NDArray[Any]) -> NDArray[Any]:
    limit = np.iinfo(one.dtype).max
    return np.where(one > limit - two, limit, one + two).astype(one.dtype)


@nb.njit(nogil=True, cache=True, inline="always")
def _is_among(slot, bits):  # type: ignore[no-untyped-def]
    return (bits[slot >> np.uint32(5)] >> (slot & np.uint32(31))) & np.uint32(1) != 0


@nb.njit(nogil=True, cache=True)
def _among(shingles, bits):  # type: ignore[no-untyped-def]
    out = np.empty(len(shingles), np.bool_)
    slots = np.uint32(32 * len(bits) - 1)
    for i in range(len(shingles)):
        out[i] = _is_among(mix(shingles[i]) & slots, bits)
    return out


@nb.njit(nogil=True, cache=True)
def _learn(  # type: ignore[no-untyped-def]
    hashes,
    flags,
    offsets,
    shingles,
    width,
    sources,
    shingle_counts,
    word_counts,
    sentence_counts,
    source_counts,
):
    """One table after the other, so that each has the caches to itself."""
    _count_shingles(shingles, offsets, width, shingle_counts)
    _count_words(hashes, offsets, word_counts)
    for source in sources:
        source_counts[source & np.uint32(len(source_counts) - 1)] += np.uint32(1)
    return _count_sentences(hashes, flags, offsets, sources, sentence_counts)


@nb.njit(nogil=True, cache=True)
def _count_shingles(shingles, offsets, width, counts):  # type: ignore[no-untyped-def]
    shingles = borrowed(shingles)
    slots = np.uint32(len(counts) - 1)
    for article in range(len(offsets) - 1):
        for shingle in shingles[offsets[article] : max(offsets[article], offsets[article + 1] - width + 1)]:
            slot = mix(shingle) & slots
            counts[slot] += np.uint16(counts[slot] != _FULL)


@nb.njit(nogil=True, cache=True)
def _count_words(hashes, offsets, counts):  # type: ignore[no-untyped-def]
    """Each slot once an article: beside it stands the stamp of the article in which it was last met."""
    slots = np.uint32(len(counts) - 1)
    met = np.zeros(len(counts), np.uint8)
    for article in range(len(offsets) - 1):
        stamp = np.uint8(article % 255 + 1)
        if stamp == 1:
            met[:] = 0
        for word in hashes[offsets[article] : offsets[article + 1]]:
            slot = word_slot(word, slots)
            counts[slot] += np.uint32(met[slot] != stamp)
            met[slot] = stamp


@nb.njit(nogil=True, cache=True)
def _count_sentences(hashes, flags, offsets, sources, counts):  # type: ignore[no-untyped-def]
    """Each slot once an article, `is_new` there; how many were counted."""
    hashes, flags, offsets, counts = borrowed((hashes, flags, offsets, counts))
    slots = np.uint32(len(counts) - 1)
    longest = 0
    for article in range(len(offsets) - 1):
        longest = max(longest, offsets[article + 1] - offsets[article])
    met, names = np.empty(table_size(longest), np.uint32), np.empty(longest, np.uint32)
    counted = 0
    for article in range(len(offsets) - 1):
        start, last = offsets[article], offsets[article + 1]
        here = met[: table_size(last - start)]
        here[:] = 0
        # Gathered first, so that the far reads of the table overlap.
        new = 0
        while start < last:
            start, name = _sentence(hashes, flags, start, last, sources[article])
            names[new] = name & slots
            if name != 0:
                new += is_new(names[new], here)
        for slot in names[:new]:
            counts[slot] += np.uint16(counts[slot] != _FULL)
        counted += new
    return counted


@nb.njit(nogil=True, cache=True, inline="always")
def word_slot(hashes, slots):  # type: ignore[no-untyped-def]
    """Where a table of ``slots + 1`` counts a word; the last two bits of a hash are nearly always 0."""
    return (hashes >> np.uint32(2)) & slots


@nb.njit(nogil=True, cache=True)
def _sentence(hashes, flags, start, last, source):  # type: ignore[no-untyped-def]
    """Where the sentence that starts here ends, and its name within the source; 0 if it is too short."""
    name = np.uint32(source)
    end = start
    while end < last and (end == start or flags[end] & SENTENCE == 0):
        name = np.uint32(np.uint32(name * np.uint32(0x01000193)) + hashes[end])
        end += 1
    whole_line = flags[start] & LINE != 0 and (end == last or flags[end] & LINE != 0)
    if end - start < _STANDING_WORDS and not whole_line:
        return end, np.uint32(0)
    return end, max(mix(name), np.uint32(1))


@nb.njit(nogil=True, cache=True)
def _standing(  # type: ignore[no-untyped-def]
    hashes, flags, offsets, sources, perhaps, sentence_counts, source_counts, least, share, others, mask
):
    hashes, flags, perhaps = borrowed((hashes, flags, perhaps))
    slots = np.uint32(len(sentence_counts) - 1)
    for article in range(len(offsets) - 1):
        first, last = offsets[article], offsets[article + 1]
        of_source = source_counts[sources[article] & np.uint32(len(source_counts) - 1)]
        limit = max(least, min(share * of_source, _STANDING_AT_MOST)) + others
        start, marked = first, 0
        while start < last:
            end, name = _sentence(hashes, flags, start, last, sources[article])
            slot = name & slots
            if name != 0 and _is_among(slot, perhaps) and sentence_counts[slot] >= limit:
                mask[start:end] = True
                marked += end - start
            start = end
        if 2 * marked > last - first:
            mask[first:last] = False
