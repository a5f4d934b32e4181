#!/usr/bin/env bash
# Expected: a grouping that equals the right one has the best value of every measure: 1.
# Happens (scikit-learn 1.9.1): if no two articles belong together and none were put together, fowlkes_mallows_score is
# 0.0, the worst value, while adjusted_rand_score, v_measure_score and adjusted_mutual_info_score are 1.0.
# Why it matters here: days without shared copy are common in the data of one outlet, and the mean over days would fall
# where all is right; stories are judged by the adjusted Rand index and V-measure (dedup/evaluation/clusters.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check scikit-learn==1.9.1
"$folder/venv/bin/python" - <<'PY'
import sklearn
from sklearn.metrics import (
    adjusted_mutual_info_score,
    adjusted_rand_score,
    fowlkes_mallows_score,
    v_measure_score,
)

MEASURES = (fowlkes_mallows_score, adjusted_rand_score, v_measure_score, adjusted_mutual_info_score)
seen = {
    name: [float(measure(stories, stories)) for measure in MEASURES]
    for name, stories in (("no copies", [0, 1, 2, 3]), ("two copies", [0, 0, 1, 2]))
}
print("scikit-learn", sklearn.__version__, [measure.__name__ for measure in MEASURES], seen)
assert seen == {"no copies": [0.0, 1.0, 1.0, 1.0], "two copies": [1.0, 1.0, 1.0, 1.0]}
PY
