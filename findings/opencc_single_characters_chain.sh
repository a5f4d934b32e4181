#!/usr/bin/env bash
# Expected: turning one traditional Chinese character into the simplified one gives a character that stays as it is.
# Happens (OpenCC 1.4.2, t2s): U+85B4 becomes U+82E7, and U+82E7 by itself becomes U+82CE: a second pass goes on.
# Why it matters here: two spellings of a word must fold to the same token whichever of them an outlet typed, so
# a fold made from this table follows each chain to its end (dedup/text/simplified.txt).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check opencc==1.4.2
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version
from opencc import OpenCC

convert = OpenCC("t2s").convert
once = convert("\u85b4")
twice = convert(once)
print("OpenCC", version("opencc"), *(f"U+{ord(each):04X}" for each in ("\u85b4", once, twice)))
assert (once, twice) == ("\u82e7", "\u82ce")
PY
