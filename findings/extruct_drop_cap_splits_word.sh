#!/usr/bin/env bash
# Expected: extruct gives an articleBody that is marked up in the page (microdata) with the words that a reader sees.
# Happens (extruct 0.18.0, html-text 0.7.1): a space is put at the edges of elements within a line, so a drop cap or an
# emphasised part splits its word: "T he council", "har bour".
# Why it matters here: the first words of an article, from which copies are often told, would differ between two outlets
# by their style sheets; text is taken from JSON-LD or from the page itself (dedup/reading/page_text.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pip==26.3
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check extruct==0.18.0 html-text==0.7.1
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

import extruct

PAGE = """<html><body><article itemscope itemtype="https://schema.org/NewsArticle"><div itemprop="articleBody">
<p><span class="drop-cap">T</span>he council closes the <em>har</em>bour.</p></div></article></body></html>"""
(item,) = extruct.extract(PAGE, syntaxes=["microdata"])["microdata"]
seen = item["properties"]["articleBody"]
print("extruct", version("extruct"), "html-text", version("html-text"), repr(seen))
assert seen == "T he council closes the har bour."
PY
