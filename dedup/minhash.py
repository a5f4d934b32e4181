"""MinHash signatures and their conversion to datasketch; the stage itself is `dedup.lsh.minhash`."""

from dedup.lsh.interchange import from_datasketch
from dedup.lsh.minhash import estimate_jaccard, permutations, shingle_hashes, sign_texts, to_datasketch

__all__ = [
    "estimate_jaccard",
    "from_datasketch",
    "permutations",
    "shingle_hashes",
    "sign_texts",
    "to_datasketch",
]
