#!/usr/bin/env bash
# Expected: the places that rapidfuzz's partial_ratio_alignment returns are places in the strings that were passed.
# Happens (RapidFuzz 3.14.6): with a processor they are places in the processed strings, which the caller never sees;
# default_process trims both ends, so the slice of the given text is shifted.
# Why it matters here: a passage is told by its characters in the text as given; the fold that is used for comparing
# keeps a place for each token, and results never speak of the folded text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check rapidfuzz==3.14.6
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from rapidfuzz import fuzz, utils

text = '   "The council voted on Tuesday," she said.'
found = fuzz.partial_ratio_alignment("council voted", text, processor=utils.default_process)
there = text[found.dest_start : found.dest_end]
processed = utils.default_process(text)[found.dest_start : found.dest_end]
print("RapidFuzz", version("rapidfuzz"), found, repr(there), repr(processed))
assert found.score == 100 and processed == "council voted" and there == 'The council v'
PY
