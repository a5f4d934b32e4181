#!/usr/bin/env bash
# Expected: MinHashLSHEnsemble, made to find sets that contain the query though their sizes differ much, finds most
# articles that contain all words of the query when asked for a containment of 0.8.
# Happens (datasketch 2.0.0): of those of 100 words most are found for a query of 30, of those of 300 few, of 1000 none.
# False alarms and misses weigh alike, so long ones get hardly a band; with weights=(0.1, 0.9) nearly all are found.
# Why it matters here: a brief within a long report is what is looked for; windows of equal length are sketched, not
# whole articles, so that length does not count (dedup/lsh/windows.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check datasketch==2.0.0
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from datasketch import MinHash, MinHashLSHEnsemble

LENGTHS, EACH, QUERY = (40, 100, 300, 1000), 20, 30


def sign(words):
    signature = MinHash(num_perm=128)
    signature.update_batch([word.encode() for word in words])
    return signature


articles = {(size, n): [f"{size}-{n}-{k}" for k in range(size)] for size in LENGTHS for n in range(EACH)}
entries = [(key, sign(words), len(words)) for key, words in articles.items()]
seen = {}
for weights in ((0.5, 0.5), (0.1, 0.9)):
    ensemble = MinHashLSHEnsemble(threshold=0.8, num_perm=128, weights=weights)
    ensemble.index(entries)
    found = dict.fromkeys(LENGTHS, 0)
    for key, words in articles.items():
        found[key[0]] += key in set(ensemble.query(sign(words[:QUERY]), QUERY))
    seen[weights] = list(found.values())
print("datasketch", version("datasketch"), f"found of {EACH}, by words of the article {LENGTHS}:", seen)
usual, careful = seen.values()
assert usual[0] == EACH and usual[2] < EACH / 4 and usual[3] == 0 and min(careful) > 0.8 * EACH
PY
