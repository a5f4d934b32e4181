#!/usr/bin/env bash
# Expected: when a page's <meta name="author"> names an agency, trafilatura gives that name as the author.
# Happens (trafilatura 2.3.1): names of one word (PTI, AFP, dpa, Reuters) are dropped there, yet kept from a byline in
# the page, where dpa becomes Dpa; "Press Trust of India" loses its last two words in both places.
# Why it matters here: whether copy is credited turns on just these names, so credits are looked for in the text of an
# article and not in what an extractor calls its author (dedup/cleaning/).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pip==26.3
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check trafilatura==2.3.1
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

import trafilatura

PAGE = (
    "<html><head><title>Pier closes</title>{}</head><body><article><h1>Pier closes</h1>{}"
    "<p>The council voted on Tuesday.</p></article></body></html>"
)
seen = {}
for name in ("PTI", "AFP", "dpa", "Reuters", "Press Trust of India", "Reuters Staff"):
    pages = (
        PAGE.format(f'<meta name="author" content="{name}">', ""),
        PAGE.format("", f'<span class="byline">{name}</span>'),
    )
    seen[name] = tuple(trafilatura.extract_metadata(page).author for page in pages)
print("trafilatura", version("trafilatura"), seen)
assert seen == {
    "PTI": (None, "PTI"),
    "AFP": (None, "AFP"),
    "dpa": (None, "Dpa"),
    "Reuters": (None, "Reuters"),
    "Press Trust of India": ("Press Trust", "Press Trust"),
    "Reuters Staff": ("Reuters Staff", "Reuters Staff"),
}
PY
