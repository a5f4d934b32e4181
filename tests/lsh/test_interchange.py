"""Signatures taken over from datasketch."""

from __future__ import annotations

import numpy as np
import pytest
from datasketch import MinHash

from dedup.errors import SettingsError
from dedup.minhash import estimate_jaccard, from_datasketch, shingle_hashes, sign_texts, to_datasketch
from dedup.text.tokens import tokenise

TEXT = "A crane lifted the bell of the old ferry out of the dock on Friday while its last captain looked on."


def test_there_and_back() -> None:
    for permutations, seed in ((128, 1), (40, 7)):
        (signature,) = sign_texts([TEXT], permutations=permutations, seed=seed)
        assert np.array_equal(from_datasketch(to_datasketch(signature, seed=seed)), signature)


def test_a_minhash_of_the_same_shingles_is_ours() -> None:
    tokens = tokenise([TEXT])
    shingles = shingle_hashes(tokens.hashes, tokens.offsets, 5)[: len(tokens.hashes) - 4]
    made = MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=int)
    made.update_batch([int(each) for each in shingles])
    (signature,) = sign_texts([TEXT], shingle_words=5)
    assert estimate_jaccard(from_datasketch(made), signature) == 1.0


def test_another_scheme_is_refused() -> None:
    with pytest.raises(SettingsError, match="scheme 'legacy'"):
        from_datasketch(MinHash(num_perm=16, scheme="legacy"))
    permutations = to_datasketch(np.zeros(16, np.uint32), seed=2).permutations
    other = MinHash(num_perm=16, seed=1, scheme="affine32", permutations=permutations)
    with pytest.raises(SettingsError, match="other permutations"):
        from_datasketch(other)
