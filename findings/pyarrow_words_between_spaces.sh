#!/usr/bin/env bash
# Expected: pyarrow's utf8_split_whitespace gives the words of a text as str.split() does.
# Happens (pyarrow 26.0.1): runs of spaces count as one, as there, but a space at the start or end leaves an empty word,
# and an empty text has one word.
# Why it matters here: two copies, one of them with a line break behind it, differ in a word and in each n-gram with it,
# and all empty texts share one; so words are cut by the project's own kernel (dedup/text/tokens.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyarrow==26.0.1
"$folder/venv/bin/python" - <<'PY'
import pyarrow as pa
import pyarrow.compute as pc

texts = ["The pier  closes.", "The pier  closes.\n", " The pier  closes.", ""]
seen = pc.utf8_split_whitespace(pa.array(texts)).to_pylist()
print("pyarrow", pa.__version__, seen, "str.split:", [text.split() for text in texts])
words = ["The", "pier", "closes."]
assert seen == [words, [*words, ""], ["", *words], [""]]
PY
