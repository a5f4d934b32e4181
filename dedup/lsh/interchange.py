"""Signatures taken over from datasketch; `dedup.lsh.minhash.to_datasketch` is the opposite direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.errors import SettingsError
from dedup.lsh.minhash import permutations

if TYPE_CHECKING:
    from datasketch import MinHash


def from_datasketch(minhash: MinHash) -> NDArray[np.uint32]:
    """Convert a `datasketch.MinHash` to a signature.

    The signature can be compared with ours (`estimate_jaccard`) if it was made by the same scheme from the
    same shingles: from hashes returned by `shingle_hashes`, or by `to_datasketch`. A MinHash that was updated
    with words or bytes has hashed them in another way, which cannot be detected.

    Returns
    -------
    ndarray of shape (permutations,), dtype uint32

    Raises
    ------
    SettingsError
        The MinHash was made by another scheme, or with other permutations.

    Examples
    --------
    >>> from dedup.minhash import sign_texts, to_datasketch
    >>> (signature,) = sign_texts(["Putin met Khan in the Kremlin."])
    >>> bool((from_datasketch(to_datasketch(signature)) == signature).all())
    True
    """
    scheme = getattr(minhash, "scheme", "legacy")
    if scheme != "affine32":
        raise SettingsError(
            f"the MinHash was made by the scheme {scheme!r}, whose values cannot be compared with ours; make "
            'it with scheme="affine32"'
        )
    a, b, _ = permutations(len(minhash.hashvalues), int(minhash.seed))
    if not np.array_equal(np.array(minhash.permutations), np.array([a, b])):
        raise SettingsError(
            f"the MinHash has other permutations than datasketch makes of the seed {minhash.seed}; make it "
            "with that seed alone"
        )
    return np.asarray(minhash.hashvalues, np.uint32)
