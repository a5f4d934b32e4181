#!/usr/bin/env bash
# Expected: extract_plain_text(page, main_content=True) leaves out lists that are menus, and keeps a list of sentences
# between two paragraphs of the article, whichever way its items are marked.
# Happens (Resiliparse 2.0.1): each <ul> within the article is gone, however long and without a single link; the same
# items in an <ol> are kept.
# Why it matters here: key points and lists of facts are copied like paragraphs, and would be missing from one of two
# copies; by default pages are read by trafilatura, which keeps both (dedup/reading/page_text.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check resiliparse==2.0.1
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from resiliparse.extract.html2text import extract_plain_text

PARAGRAPH = (
    "<p>The council of Norhaven voted on Tuesday evening to close the northern pier for nine months, after divers had "
    "found deep cracks in its oldest pillars, said the harbour master.</p>"
)
POINTS = "".join(
    f"<li>{point}, the engineers told the meeting, where several residents asked what would become of the ferries.</li>"
    for point in ("Three pillars are cracked", "Nine months are needed", "The works cost four million")
)
seen = {}
for tag in ("ul", "ol"):
    body = f"<h1>Pier closes</h1>{PARAGRAPH}<{tag}>{POINTS}</{tag}>{PARAGRAPH}"
    page = f"<html><head><title>Pier closes</title></head><body><article>{body}</article></body></html>"
    seen[tag] = [extract_plain_text(page, main_content=main).count("engineers told") for main in (True, False)]
print("Resiliparse", version("resiliparse"), "points kept with and without main_content:", seen)
assert seen == {"ul": [0, 3], "ol": [3, 3]}
PY
