"""MinHash signatures and their hand-over to datasketch; the stage is `dedup.lsh.minhash`."""

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
