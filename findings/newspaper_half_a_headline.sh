#!/usr/bin/env bash
# Expected: of the title "Pier closes - divers find deep cracks - The Post" newspaper4k takes off the outlet's name, as
# the page's <h1> has the rest word for word.
# Happens (newspaper4k 0.9.6): the longest part is taken: "divers find deep cracks". A dash within a headline costs its
# other half; a colon does not.
# Why it matters here: a title is what a reader finds a copy by, and which half of it is left depends on lengths alone;
# here it is what the page declares, or its <h1>, whole (dedup/reading/page_metadata.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check newspaper4k==0.9.6
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

import newspaper

PAGE = """<html lang="en"><head><title>{0} - The Post</title></head><body><article><h1>{0}</h1>
<p>The council of Norhaven voted on Tuesday evening to close the northern pier.</p></article></body></html>"""
headlines = ("Pier closes - divers find deep cracks", "Pier closes: divers find deep cracks")
seen = [
    newspaper.article("https://post.example/pier", input_html=PAGE.format(each), language="en").title
    for each in headlines
]
print("newspaper4k", version("newspaper4k"), seen)
assert seen == ["divers find deep cracks", "Pier closes: divers find deep cracks"]
PY
