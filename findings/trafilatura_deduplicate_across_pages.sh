#!/usr/bin/env bash
# Expected: trafilatura.extract(page, deduplicate=True) drops what a page says twice; the same page gives the same text.
# Happens (trafilatura 2.3.1): texts are counted for the whole process. From the fourth time on a page, or another
# outlet's page with the same text, gives None, as a page without an article does.
# Why it matters here: just the copies that are looked for would be missing, from the fourth outlet on, and which ones
# would depend on the order and the number of processes; it is switched off (dedup/reading/page_text.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pip==26.3
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check trafilatura==2.3.1
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

import trafilatura

WIRE = "".join(
    f"<p>The council of Norhaven voted on Tuesday evening to close {which} of the northern pier for nine months, after "
    "divers had found deep cracks in its oldest pillars, said the harbour master.</p>"
    for which in ("all", "half", "the end")
)
PAGE = "<html><head><title>{}</title></head><body><article><h1>Pier closes</h1>{}</article></body></html>"
pages = [PAGE.format(outlet, WIRE) for outlet in ("Post", "Courier", "Herald", "Mirror", "Post")]
seen = {
    setting: [len(trafilatura.extract(page, deduplicate=setting) or "") for page in pages] for setting in (False, True)
}
print("trafilatura", version("trafilatura"), "characters by page:", seen)
assert all(seen[False]) and [bool(length) for length in seen[True]] == [True, True, True, False, False]
PY
