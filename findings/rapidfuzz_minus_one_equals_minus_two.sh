#!/usr/bin/env bash
# Expected: rapidfuzz compares items of two arrays of whole numbers by value, as it does those of two lists.
# Happens (RapidFuzz 3.14.6, numpy 2.4.6): items of a NumPy array are compared by hash(), and in Python hash(-1) and
# hash(-2) are equal, as are those of 0 and 2**61 - 1: arrays that differ there have distance 0. Lists of Python's own
# numbers are told apart for the first two, not for the others.
# Why it matters here: articles are arrays of numbers of words, and one takes just -1 and -2 for "unknown" and "end of
# sentence"; the aligner compares the numbers themselves (dedup/alignment/).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rapidfuzz==3.14.6 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

import numpy as np
from rapidfuzz.distance import Levenshtein

seen = {
    (a, b): (Levenshtein.distance([7, a, 9], [7, b, 9]), Levenshtein.distance(np.array([7, a, 9]), np.array([7, b, 9])))
    for a, b in ((-1, -3), (-1, -2), (0, 2**61 - 1))
}
print("RapidFuzz", version("rapidfuzz"), "numpy", np.__version__, "distance of lists, of arrays:", seen)
assert list(seen.values()) == [(1, 1), (1, 0), (0, 0)]
PY
