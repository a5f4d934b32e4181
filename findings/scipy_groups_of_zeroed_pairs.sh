#!/usr/bin/env bash
# Expected: where the similarity of a pair is set to 0, connected_components sees no edge, in sparse and dense matrices.
# Happens (scipy 1.17.1): a stored 0 is an edge of weight 0. After `pairs.data[pairs.data < 0.5] = 0` all articles are
# one group; the same matrix made dense gives two, and so does the sparse one after eliminate_zeros().
# Why it matters here: raising the threshold in this way changes nothing, and everything becomes one story; pairs below
# a threshold are dropped from the columns here, not zeroed (dedup/stories/groups.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check scipy==1.17.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import numpy as np
import scipy
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components


def groups(matrix):
    return connected_components(matrix, directed=False)[1].tolist()


pairs = csr_array(np.array([[0.0, 0.9, 0.2], [0.9, 0.0, 0.3], [0.2, 0.3, 0.0]]))
pairs.data[pairs.data < 0.5] = 0
seen = {"sparse": groups(pairs), "dense": groups(pairs.toarray())}
pairs.eliminate_zeros()
seen["sparse without zeros"] = groups(pairs)
print("scipy", scipy.__version__, seen)
assert seen == {"sparse": [0, 0, 0], "dense": [0, 0, 1], "sparse without zeros": [0, 0, 1]}
PY
